import { NotImplementedError, ValueError } from '@ashlar/core'
import type { Backend } from '@ashlar/core'
import { detectModes } from './detect-modes.ts'
import type { GpujsEngineMode, GpujsMode, ModesReport } from './detect-modes.ts'
import { openDevice } from './device.ts'
import { loadGpujs, loadPackage } from './engine/gpujs.ts'
import type { GpujsModule, LoadGpujs } from './engine/gpujs.ts'

/** What {@link gpujs} takes. */
export interface GpujsOptions {
  /**
   * `auto`, the default, takes a GPU through WebGL and nothing less. `webgpu` has to be asked for, as arrays there are read asynchronously only.
   * `webasm` and `cpu` are no GPU, and register under types of their own.
   */
  readonly mode?: 'auto' | 'headlessgl' | 'webgl2' | 'webgpu' | 'webasm' | 'cpu'
  /** How many devices, each with a context and memory of its own; default 1. */
  readonly devices?: number
  /** Loads gpu.js; give `() => import('gpu.js')` where a bundler has to see the import. */
  readonly load?: LoadGpujs
}

type Chosen = Exclude<GpujsMode, 'webgl'> | GpujsEngineMode

const MODES: readonly Chosen[] = ['webgl2', 'headlessgl', 'webgpu', 'webasm', 'cpu']
/** Browsers take the oldest context away from a page that has more. */
const MOST_DEVICES = 16

function isGpuMode(mode: string): boolean {
  return mode !== 'webasm' && mode !== 'cpu'
}

/** What is missing for a mode. */
function wayTo(asked: string, hint: string): string {
  if (asked === 'webgpu') return 'mode webgpu needs navigator.gpu with an adapter: a browser with WebGPU, on a page from https or localhost'
  return isGpuMode(asked) ? hint : ''
}

function choose(asked: string, { installed, modes, engines, hint }: ModesReport): Chosen {
  if (!installed) throw new NotImplementedError('gpu.js is not installed', { op: 'gpujs', hint })
  const found = MODES.filter(entry => ([...modes, ...engines] as readonly string[]).includes(entry))
  const mode = found.find(entry => (asked === 'auto' ? isGpuMode(entry) && entry !== 'webgpu' : entry === asked))
  if (mode !== undefined) return mode
  const what = asked === 'auto' ? 'gpu.js has no GPU mode here' : `gpu.js has no ${asked} mode here`
  const way = wayTo(asked, hint)
  const wayOut = way === '' ? 'ask' : `${way}, or ask`
  throw new NotImplementedError(`${what}, only ${found.join(', ')}`, { op: 'gpujs', hint: `${wayOut} for { mode: '${found[0]}' }` })
}

/**
 * The backend of gpu.js: one device, with every required kernel in float32, int32 (exact to 2^24) and bool.
 *
 * In modes `webgl2`, `headlessgl` and `webgpu` it is of type `gpu` and becomes some `gpu(i)`; `webasm` and `cpu`, which compute on
 * the processor, are `gpujs-webasm(0)` and `gpujs-cpu(0)`. A kernel that gpu.js would run in another mode throws.
 * In mode `webgpu` kernels answer with promises, so arrays are read by `toTypedArrayAsync()` alone.
 *
 * @returns a promise of the backend, for `registerBackend`
 * @throws NotImplementedError where gpu.js is not installed or this machine has no such mode, with how to get one
 * @throws ValueError for an unknown mode, and for a number of devices that is not from 1 to 16
 *
 * @example
 * ```ts
 * import { Context, array, registerBackend } from '@ashlar/core'
 * import { gpujs } from '@ashlar/backend-gpujs'
 * await registerBackend(gpujs({ mode: 'cpu' }))
 * const x = array([1, 2, 3], { ctx: new Context('gpujs-cpu', 0) })
 * console.log(x.mul(2).tolist())
 * // [ 2, 4, 6 ]
 * ```
 */
export async function gpujs(options: GpujsOptions = {}): Promise<Backend> {
  const { mode: asked = 'auto', devices = 1, load = loadPackage } = options
  if (asked !== 'auto' && !MODES.includes(asked)) {
    throw new ValueError(`unknown mode '${String(asked)}'`, { op: 'gpujs', hint: `use one of auto, ${MODES.join(', ')}` })
  }
  if (!Number.isInteger(devices) || devices < 1 || devices > MOST_DEVICES) {
    throw new ValueError(`the number of devices is a whole number from 1 to ${MOST_DEVICES}, got ${String(devices)}`, { op: 'gpujs' })
  }
  const mode = choose(asked, await detectModes(load))
  const loaded = (await loadGpujs(load)) as GpujsModule
  const gpu = isGpuMode(mode)
  return {
    name: gpu ? 'gpujs' : `gpujs-${mode}`,
    type: gpu ? 'gpu' : `gpujs-${mode}`,
    count: devices,
    open: index => openDevice(loaded, mode, index),
  }
}
