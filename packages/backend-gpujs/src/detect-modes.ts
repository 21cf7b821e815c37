import { loadGpujs, loadPackage } from './engine/gpujs.ts'
import type { GpujsModule, LoadGpujs } from './engine/gpujs.ts'

/** The modes of gpu.js that run on a GPU. */
export type GpujsMode = 'headlessgl' | 'webgl2' | 'webgl' | 'webgpu'
/** The modes of gpu.js that run on the processor. */
export type GpujsEngineMode = 'webasm' | 'cpu'

/** Which modes were found, and how to get one where there is none. */
export interface ModesReport {
  readonly installed: boolean
  /** GPU modes that this machine has, the preferred one first. */
  readonly modes: readonly GpujsMode[]
  /** Modes that are no GPU; `cpu` always works where gpu.js is installed. */
  readonly engines: readonly GpujsEngineMode[]
  /** How to get a GPU mode, in a line; empty where there is one. */
  readonly hint: string
}

/**
 * Asks gpu.js, where it is installed, which modes it has. (`isGPUSupported` is not asked: it is true for its
 * WebAssembly mode too, which is no GPU.)
 *
 * @param load loads gpu.js; give `() => import('gpu.js')` where a bundler has to see the import
 * @returns a report; a missing package is one too, and never thrown
 */
export async function detectModes(load: LoadGpujs = loadPackage): Promise<ModesReport> {
  let support: Partial<GpujsModule['GPU']>
  try {
    support = (await loadGpujs(load)).GPU ?? {}
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { installed: false, modes: [], engines: [], hint: `npm install gpu.js@2.24.1 (${reason})` }
  }
  const modes: GpujsMode[] = []
  if (support.isWebGL2Supported === true) modes.push('webgl2')
  if (support.isHeadlessGLSupported === true) modes.push('headlessgl')
  if (support.isWebGLSupported === true) modes.push('webgl')
  if (support.isWebGPUSupported === true && (await support.isWebGPUAvailable?.()) === true) modes.push('webgpu')
  const engines: GpujsEngineMode[] = support.isWebAssemblySupported === true ? ['webasm', 'cpu'] : ['cpu']
  const hint = modes.length > 0 ? '' : `in Node, build the optional package 'gl' and run under a display (xvfb-run -a); in a browser, allow WebGL`
  return { installed: true, modes, engines, hint }
}
