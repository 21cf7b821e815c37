import { NotImplementedError, ValueError } from '@ashlar/core'
import type { Backend } from '@ashlar/core'
import { detectModes } from './detect-modes.ts'
import type { GpujsEngineMode, GpujsMode, ModesReport } from './detect-modes.ts'
import { openDevice } from './device.ts'
import { loadGpujs, loadPackage } from './engine/gpujs.ts'
import type { GpujsModule, LoadGpujs } from './engine/gpujs.ts'

/** What {@link gpujs} takes. */
export interface GpujsOptions {
  /** `auto`, the default, takes a GPU and nothing less. `webasm` and `cpu` are no GPU, and register under types of their own. */
  readonly mode?: 'auto' | 'headlessgl' | 'webgl2' | 'webasm' | 'cpu'
  /** Loads gpu.js; give `() => import('gpu.js')` where a bundler has to see the import. */
  readonly load?: LoadGpujs
}

type Chosen = Exclude<GpujsMode, 'webgl'> | GpujsEngineMode

const MODES: readonly Chosen[] = ['webgl2', 'headlessgl', 'webasm', 'cpu']

function isGpuMode(mode: string): boolean {
  return mode !== 'webasm' && mode !== 'cpu'
}

function choose(asked: string, { installed, modes, engines, hint }: ModesReport): Chosen {
  if (!installed) throw new NotImplementedError('gpu.js is not installed', { op: 'gpujs', hint })
  const found = MODES.filter(entry => ([...modes, ...engines] as readonly string[]).includes(entry))
  const mode = found.find(entry => (asked === 'auto' ? isGpuMode(entry) : entry === asked))
  if (mode !== undefined) return mode
  const what = asked === 'auto' ? 'gpu.js has no GPU mode here' : `gpu.js has no ${asked} mode here`
  const wayOut = hint !== '' && isGpuMode(asked) ? `${hint}, or ask` : 'ask'
  throw new NotImplementedError(`${what}, only ${found.join(', ')}`, { op: 'gpujs', hint: `${wayOut} for { mode: '${found[0]}' }` })
}

/**
 * The backend of gpu.js: one device, with every required kernel in float32, int32 (exact to 2^24) and bool.
 *
 * In modes `webgl2` and `headlessgl` it is of type `gpu` and becomes some `gpu(i)`; `webasm` and `cpu`, which compute on
 * the processor, are `gpujs-webasm(0)` and `gpujs-cpu(0)`. A kernel that gpu.js would run in another mode throws.
 *
 * @returns a promise of the backend, for `registerBackend`
 * @throws NotImplementedError where gpu.js is not installed or this machine has no such mode, with how to get one
 * @throws ValueError for an unknown mode
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
  const { mode: asked = 'auto', load = loadPackage } = options
  if (asked !== 'auto' && !MODES.includes(asked)) {
    throw new ValueError(`unknown mode '${String(asked)}'`, { op: 'gpujs', hint: `use one of auto, ${MODES.join(', ')}` })
  }
  const mode = choose(asked, await detectModes(load))
  const loaded = (await loadGpujs(load)) as GpujsModule
  const gpu = isGpuMode(mode)
  return {
    name: gpu ? 'gpujs' : `gpujs-${mode}`,
    type: gpu ? 'gpu' : `gpujs-${mode}`,
    count: 1,
    open: () => openDevice(loaded, mode, gpu),
  }
}
