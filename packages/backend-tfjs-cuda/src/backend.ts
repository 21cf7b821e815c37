import { typeError } from '@ashlar/core'
import type { Backend } from '@ashlar/core'
import { BindingError } from './binding-error.ts'
import { importOf, loadBinding } from './detect-binding.ts'
import type { LoadBinding, NativeBinding } from './detect-binding.ts'
import { openDevice } from './device.ts'
import { Engine } from './engine.ts'
import { openEngine } from './open-engine.ts'
import type { PortableBinding } from './open-engine.ts'
import { setThreads } from './threads.ts'
import type { Tfjs, TfjsBackend } from './tfjs.ts'

/** What {@link tfjsCuda} takes. */
export interface TfjsCudaOptions {
  /**
   * The package to compute with: `tfjs-node-gpu` (the default) or `tfjs-node`, TensorFlow itself; `wasm` or `cpu`,
   * tfjs's WebAssembly and plain JavaScript, which compute on the CPU wherever JavaScript runs.
   */
  readonly binding?: NativeBinding | PortableBinding
  /** Whether `tfjs-node-gpu` may compute on the CPU where it finds no GPU; it is `tfjs-cpu(0)` then. By default that is an error. */
  readonly allowCpu?: boolean
  /**
   * How many threads of the CPU one kernel of TensorFlow may use, by default all: one makes small networks up to twice as fast, and large ones slower.
   * TensorFlow reads it once a process, when it loads; it goes before `TF_NUM_INTRAOP_THREADS` of the environment.
   */
  readonly threads?: number
  /** Imports the native package, where it is not to be found by its name from here: `() => import('@tensorflow/tfjs-node-gpu')`. */
  readonly load?: LoadBinding
}

/** Before WebGL, so that `gpu(0)` is CUDA's where both are registered. */
const PRIORITY = 100

const ONE_GPU = 'TensorFlow for Node computes on one GPU a process: start another process with CUDA_VISIBLE_DEVICES=1, where that GPU is gpu(0)'

const BINDINGS: readonly string[] = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']

/**
 * A backend that computes with the kernels of TensorFlow.js, for `registerBackend`: `gpu(i)` on a GPU, else a type of its
 * own, `tfjs-cpu(0)` or `tfjs-wasm(0)`. It holds float32, int32 and bool.
 *
 * @throws BindingError where the package is not installed, does not load, or computes on the CPU without leave to; TypeError
 *   for another binding, or threads where there are none; ValueError for threads that are no number from 1, or come too late
 *
 * @example
 * ```ts
 * import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
 * import { Context, array, registerBackend } from '@ashlar/core'
 * await registerBackend(tfjsCuda({ binding: 'wasm' }))
 * const x = array([1, 2, 3], { ctx: new Context('tfjs-wasm') })
 * console.log(String(x.mul(2).sum().item()))
 * // 12
 * ```
 */
export async function tfjsCuda(options: TfjsCudaOptions = {}): Promise<Backend> {
  const { binding = 'tfjs-node-gpu', allowCpu = false } = options
  if (!BINDINGS.includes(binding)) throw typeError(`unknown binding ${String(binding)}`, { op: 'tfjsCuda', hint: `use one of ${BINDINGS.join(', ')}` })
  if (binding === 'cpu' || binding === 'wasm') {
    if (options.threads !== undefined) throw typeError(`binding ${binding} has no threads to set`, { op: 'tfjsCuda', hint: 'threads is for tfjs-node and tfjs-node-gpu' })
    return backendOf(`tfjs-${binding}`, await openEngine(binding))
  }
  if (options.threads !== undefined) setThreads(options.threads)
  const { report, module, error } = await loadBinding(binding, options.load ?? importOf(binding))
  if (report.state !== 'gpu' && report.state !== 'cpu') throw new BindingError(report, error)
  const onGpu = report.state === 'gpu'
  if (!onGpu && binding === 'tfjs-node-gpu' && !allowCpu) {
    throw new BindingError({ ...report, hint: `${report.hint}; or take the CPU: tfjsCuda({ allowCpu: true })` })
  }
  const tfjs = module as Tfjs & { backend(): TfjsBackend }
  const engine = new Engine(tfjs, 'tensorflow', tfjs.backend())
  return onGpu ? { ...backendOf('gpu', engine), name: 'tfjs-cuda', priority: PRIORITY, more: ONE_GPU } : backendOf('tfjs-cpu', engine)
}

function backendOf(type: string, engine: Engine): Backend {
  return { name: type, type, count: 1, open: () => openDevice(engine) }
}
