import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TfjsCudaOptions } from '@ashlar/backend-tfjs-cuda'

/** Why tests of TensorFlow itself are left out. */
export const NO_NATIVE = 'no addon of tfjs-node-gpu or tfjs-node is built here; ASHLAR_TFJS_NODE names another place to require it from'

/**
 * TensorFlow's binding, where there is one. `ASHLAR_TFJS_NODE` names a file that it can be required from, so that a build outside of
 * the workspace can be tested.
 */
export async function nativeBinding(): Promise<Pick<TfjsCudaOptions, 'binding' | 'load'> | undefined> {
  // What TensorFlow says of its build is no news.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  const require = createRequire(process.env['ASHLAR_TFJS_NODE'] ?? import.meta.url)
  for (const binding of ['tfjs-node-gpu', 'tfjs-node'] as const) {
    const load = (): Promise<unknown> => Promise.resolve(quietly(() => require(`@tensorflow/${binding}`) as unknown))
    try {
      // Installed without its addon, as in this workspace, it would register its kernels and then not load.
      const folder = dirname(require.resolve(`@tensorflow/${binding}/package.json`))
      if (existsSync(join(folder, 'lib/napi-v8/tfjs_binding.node'))) return { binding, load }
    } catch {
      continue
    }
  }
  return undefined
}

/** tfjs-node brings tfjs's portable backends along, and tells of every kernel that is there already. */
function quietly<T>(run: () => T): T {
  const { warn } = console
  console.warn = () => {}
  try {
    return run()
  } finally {
    console.warn = warn
  }
}
