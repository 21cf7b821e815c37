import { cpuBackend, cpuReport } from '@ashlar/backend-cpu'
import { gpujs } from '@ashlar/backend-gpujs'
import type { GpujsOptions } from '@ashlar/backend-gpujs'
import { collectCases } from '@ashlar/backend-kit'
import { Context, np, registerBackend, unregisterBackend } from '@ashlar/core'
import type { Backend } from '@ashlar/core'
import { loseContext, losses, trainInScopes, twoDevices } from '../../support/scenarios.ts'

/** What one case of the kit came to. */
export interface Outcome {
  readonly name: string
  /** Why it failed, or null. */
  readonly error: string | null
}

type GpuMode = 'webgl2' | 'webgpu'

/** gpu.js with its contexts noted, so that they can be lost. */
const contexts = new Set<WebGL2RenderingContext>()
async function load(): Promise<unknown> {
  const { default: loaded } = (await import('gpu.js')) as unknown as { default: { GPU: new (settings: object) => { context: WebGL2RenderingContext | null; createKernel(...args: unknown[]): unknown }; input: unknown } }
  class GPU extends loaded.GPU {
    override createKernel(...args: unknown[]): unknown {
      const kernel = super.createKernel(...args)
      if (this.context !== null) contexts.add(this.context)
      return kernel
    }
  }
  return { GPU, input: loaded.input }
}

const options = (mode: GpuMode): GpujsOptions => ({ mode, load })

const backendOf = async (mode: GpuMode | 'cpu'): Promise<Backend> => (mode === 'cpu' ? cpuBackend() : gpujs(options(mode)))

const page = {
  /** Runs the cases of the kit that apply to a mode and whose names match. */
  async kit(mode: GpuMode | 'cpu', seed: number, matching = ''): Promise<Outcome[]> {
    const device = (await backendOf(mode)).open(0)
    const outcomes: Outcome[] = []
    for (const { name, appliesTo, run } of collectCases({ seed, overrides: Object.keys(device.overrides ?? {}) })) {
      if (!appliesTo(device.capabilities) || name.search(matching) < 0) continue
      const error = await run(device).then(() => null, (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)))
      outcomes.push({ name, error })
    }
    return outcomes
  },

  /** The losses of training a small network there and on the CPU backend. */
  async losses(mode: GpuMode, steps: number): Promise<{ gpu: number[]; cpu: number[] }> {
    registerBackend(cpuBackend())
    await registerBackend(gpujs(options(mode)))
    const result = { gpu: await losses(new Context('gpu', 0), steps), cpu: await losses(new Context('cpu', 0), steps) }
    unregisterBackend('gpujs')
    return result
  },

  trainInScopes: () => trainInScopes(options('webgl2'), () => 0, 10),
  twoDevices: () => twoDevices(options('webgl2')),

  loseContext() {
    contexts.clear()
    return loseContext(options('webgl2'), async () => {
      for (const gl of contexts) gl.getExtension('WEBGL_lose_context')!.loseContext()
      await new Promise(resolve => setTimeout(resolve))
    })
  },

  /** A product large enough for WebAssembly and threads, and what the backend says of them. */
  async product(): Promise<{ isolated: boolean; cores: number; threads: number; sum: number }> {
    registerBackend(cpuBackend())
    const ctx = new Context('cpu', 0)
    const ones = np.ones([300, 300], { ctx })
    let sum = 0
    // Workers come up when the page yields.
    for (let i = 0; i < 5; i++) {
      sum = np.dot(ones, ones).sum().item() as number
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    return { isolated: crossOriginIsolated, cores: navigator.hardwareConcurrency, threads: cpuReport().threads, sum }
  },
}

/** What the tests call in the page. */
export type Page = typeof page

Object.assign(globalThis, { page })
