import { cpuReport } from '@ashlar/backend-cpu'
import { gpujs } from '@ashlar/backend-gpujs'
import { device, isAshlarError, np, registerBackend, unregisterBackend } from 'ashlar'
import type { BackendName } from '../settings.ts'

/** A device that has been tried. */
export interface Opened {
  readonly ctx: device.Context
  /** What computes, in a few words. */
  readonly about: string
  /** What one might want to know of it; empty for nothing. */
  readonly note: string
}

/**
 * Opens a device of a backend.
 *
 * @param anew whether one that is open already is not to be trusted any more
 * @throws with what is missing and the way out
 */
export type OpenDevice = (name: BackendName, anew: boolean) => Promise<Opened>

/** The devices of a browser: the CPU backend that comes with `ashlar`, and the GPU through gpu.js. */
export function browserDevices(): OpenDevice {
  return async (name, anew) => {
    if (name === 'cpu') return describeCpu()
    // The import is written here, so that the bundler sees it.
    const backend = await gpujs({ mode: 'webgl2', load: () => import('gpu.js') })
    if (anew) unregisterBackend(backend.name)
    // Registering it again changes nothing: gpu(0) stays the device that it was.
    registerBackend(backend)
    const ctx = device.gpu(0)
    try {
      np.zeros([1], { ctx }).dispose()
    } catch (error) {
      unregisterBackend(backend.name)
      throw error
    }
    return { ctx, ...describeGpu() }
  }
}

function describeCpu(): Opened {
  const { simd, threads } = cpuReport()
  const engine = simd ? 'WebAssembly with vectors' : 'plain JavaScript'
  const crew = threads === 1 ? 'one thread' : `up to ${threads} threads`
  const note = globalThis.crossOriginIsolated ? '' : 'One thread, as this page is not cross-origin isolated: the README says which two headers its server has to send.'
  return { ctx: device.cpu(), about: `${engine}, ${crew}`, note }
}

function describeGpu(): Pick<Opened, 'about' | 'note'> {
  const renderer = rendererName()
  const software = /swiftshader|llvmpipe|software|basic render/i.test(renderer)
  const note = software ? 'This browser has no GPU to draw with and computes WebGL on the processor: slower than WebAssembly.' : 'Networks of this size are too small for a GPU to be faster.'
  return { about: `WebGL 2 through gpu.js${renderer === '' ? '' : `, ${renderer}`}`, note }
}

/** What the browser says it draws with; empty where it keeps that to itself. */
function rendererName(): string {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (gl === null) return ''
  const extension = gl.getExtension('WEBGL_debug_renderer_info')
  const name = String(gl.getParameter(extension === null ? gl.RENDERER : extension.UNMASKED_RENDERER_WEBGL))
  // Contexts are few.
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return /swiftshader/i.test(name) ? 'SwiftShader' : name.replace(/^ANGLE \((.*)\)$/, '$1')
}

/** An error as a sentence, and what to do about it where it says so. */
export function explain(error: unknown): { readonly text: string; readonly mend: string } {
  if (!isAshlarError(error)) return { text: error instanceof Error ? error.message : String(error), mend: '' }
  let text = error.message
  const [op, hint] = [`[${error.op}] `, `; ${error.hint}`]
  if (text.startsWith(op)) text = text.slice(op.length)
  if (text.endsWith(hint)) text = text.slice(0, -hint.length)
  return { text, mend: error.hint ?? '' }
}
