import { BindingError } from './binding-error.ts'
import { describeFailure, moduleOf } from './detect-binding.ts'
import { Engine } from './engine.ts'
import type { Tfjs } from './tfjs.ts'

/** The bindings that are plain JavaScript and WebAssembly. */
export type PortableBinding = 'cpu' | 'wasm'

/** Imports tfjs's core and a backend of it; the latter registers its kernels with the former. */
export type LoadPortable = () => Promise<readonly [core: unknown, backend: unknown]>

// Literal names, so that bundlers find them where they are installed.
const IMPORTS: Readonly<Record<PortableBinding, LoadPortable>> = {
  cpu: () => Promise.all([import('@tensorflow/tfjs-core'), import('@tensorflow/tfjs-backend-cpu')]),
  wasm: () => Promise.all([import('@tensorflow/tfjs-core'), import('@tensorflow/tfjs-backend-wasm')]),
}

/**
 * Loads a portable backend of tfjs and starts it.
 *
 * @throws BindingError where a package is missing or does not start
 */
export async function openEngine(binding: PortableBinding, load: LoadPortable = IMPORTS[binding]): Promise<Engine> {
  const name = `@tensorflow/tfjs-backend-${binding}`
  const fail = (error: unknown): BindingError => new BindingError(describeFailure(name, error, `@tensorflow/tfjs-core ${name}`), error)
  let tfjs: Tfjs
  try {
    tfjs = moduleOf<Tfjs>((await load())[0], 'getKernel')
  } catch (error) {
    throw fail(error)
  }
  // Where a program has chosen no backend yet, tfjs would start a second instance later, and wasm's kernels serve the last one only.
  if (tfjs.engine().backendName === undefined) await tfjs.setBackend(binding)
  if (tfjs.findBackend(binding) === null) await tfjs.ready()
  const backend = tfjs.findBackend(binding)
  if (backend === null) throw fail(new Error(`tfjs did not start its backend ${binding}`))
  // Else tfjs's cpu prints advice to install tfjs-node.
  if (binding === 'cpu') backend.firstUse = false
  for (const { setupFunc } of tfjs.getKernelsForBackend(binding)) setupFunc?.(backend)
  return new Engine(tfjs, binding, backend)
}
