// Loaded with `--import` by a process that wants headless GL: the package `gl` finds the addon that ASHLAR_GL_ADDON names, which
// was built outside of node_modules.
import { registerHooks } from 'node:module'

const addon = process.env['ASHLAR_GL_ADDON']
if (addon) {
  registerHooks({
    resolve: (specifier, context, next) => next(specifier.endsWith('/gl/build/Release/webgl.node') ? addon : specifier, context),
  })
}
