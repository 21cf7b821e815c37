// Programs that the tests run on a stand-in, on headless GL, and in a browser: so no vitest in here, and plain data as results.
import { gpujs } from '@ashlar/backend-gpujs'
import type { GpujsOptions } from '@ashlar/backend-gpujs'
import { Context, array, autograd, isAshlarError, log, matmul, memory, mul, registerBackend, relu, scope, setWarningHandler, softmax, unregisterBackend } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'

/** Numbers that look random and are the same everywhere. */
function numbers(rows: number, columns: number, scale: number, seed: number): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => scale * Math.sin(seed + 12.9898 * (i * columns + j + 1))))
}

/** A small network of two dense layers, on core's operations alone. */
export interface Network {
  /** One step of training: its loss. */
  step(): NDArray
  dispose(): void
}

/** Two dense layers and cross entropy. */
export function network(ctx: Context): Network {
  const on = (values: number[] | number[][]): NDArray => array(values, { ctx })
  const inputs = numbers(24, 6, 1, 1)
  const labels = inputs.map(row => row.indexOf(Math.max(...row.slice(0, 3))))
  const x = on(inputs)
  const wanted = on(labels.map(label => [0, 1, 2].map(k => Number(k === label))))
  const parameters = [on(numbers(6, 16, 0.5, 2)), on(new Array<number>(16).fill(0)), on(numbers(16, 3, 0.5, 3)), on([0, 0, 0])]
  for (const parameter of parameters) parameter.attachGrad()
  const [w1, b1, w2, b2] = parameters as [NDArray, NDArray, NDArray, NDArray]
  return {
    step() {
      const loss = autograd.record(() => {
        const hidden = relu(matmul(x, w1).add(b1))
        const chances = softmax(matmul(hidden, w2).add(b2))
        return mul(log(chances), wanted).sum().div(-24)
      })
      loss.backward()
      for (const parameter of parameters) parameter.isub(parameter.grad!.mul(0.5))
      return loss
    },
    dispose() {
      for (const each of [x, wanted, ...parameters]) each.dispose()
    },
  }
}

/** The losses of so many steps of training. */
export async function losses(ctx: Context, steps: number): Promise<number[]> {
  const net = network(ctx)
  const found: NDArray[] = []
  for (let i = 0; i < steps; i++) found.push(net.step())
  const result: number[] = []
  for (const loss of found) result.push(await loss.itemAsync())
  return result
}

/** Registers gpu.js for the time of a program. */
async function during<T>(options: GpujsOptions & { readonly budgetBytes?: number }, run: (ctx: Context) => T | Promise<T>): Promise<T> {
  const { budgetBytes, ...others } = options
  const backend = await gpujs(others)
  await registerBackend(Promise.resolve(backend), budgetBytes === undefined ? {} : { budgetBytes })
  try {
    return await run(new Context(backend.type, 0))
  } finally {
    unregisterBackend(backend.name)
  }
}

/** After each step of training in a scope: the textures that a watcher counts, and what the device holds. */
export function trainInScopes(options: GpujsOptions, textures: () => number, steps: number): Promise<{ textures: number; buffers: number }[]> {
  return during(options, ctx => {
    const net = network(ctx)
    const counts = Array.from({ length: steps }, () => {
      scope(() => void net.step())
      return { textures: textures(), buffers: memory().devices[String(ctx)]!.live.buffers }
    })
    net.dispose()
    return counts
  })
}

/** A loop that drops its results without freeing them: what it comes to, the most bytes that were counted, and how often a warning was given. */
export function dropResults(options: GpujsOptions, budgetBytes: number, size: number, bytes: () => number): Promise<{ sum: number; most: number; counted: number; warnings: number }> {
  let warnings = 0
  const before = setWarningHandler(() => void warnings++)
  return during({ ...options, budgetBytes }, ctx => {
    let most = 0
    let x = array(new Float32Array(size), { ctx })
    for (let i = 0; i < 6; i++) {
      // Each is a kernel of its own, and all would keep their latest result.
      for (const next of [x => x.add(1), x => x.mul(1), x => x.sub(0), x => x.abs(), x => x.neg(), x => x.div(-1)] satisfies ((x: NDArray) => NDArray)[]) {
        x = next(x)
        most = Math.max(most, bytes())
      }
      x = x.add(i)
    }
    const sum = x.get(0).item()
    return { sum: sum as number, most, counted: memory().devices[String(ctx)]!.peak, warnings }
  }).finally(() => setWarningHandler(before))
}

function failure(run: () => unknown): string {
  try {
    run()
    return 'nothing was thrown'
  } catch (error) {
    return isAshlarError(error) ? `${error.name} ${error.code}: ${error.message}` : `not ours: ${String(error)}`
  }
}

/** A context is lost under arrays, and gpu.js is registered anew. */
export async function loseContext(options: GpujsOptions, lose: () => void | Promise<void>): Promise<{ computing: string; reading: string; uploading: string; after: number[] }> {
  const first = await during(options, async ctx => {
    const x = array([1, 2, 3], { ctx })
    const y = x.add(1)
    await lose()
    const found = { computing: failure(() => x.add(y)), reading: failure(() => y.tolist()), uploading: failure(() => array([1], { ctx })) }
    // What is freed now was lost before, and says nothing.
    x.dispose()
    y.dispose()
    return found
  })
  const after = await during(options, ctx => array([1, 2, 3], { ctx }).add(1).tolist() as number[])
  return { ...first, after }
}

/** Two devices of one backend: what mixing them throws, and what a copy gives. */
export function twoDevices(options: GpujsOptions): Promise<{ mixing: string; copied: number[]; there: string; buffers: number[] }> {
  return during({ ...options, devices: 2 }, ctx => {
    const other = new Context(ctx.deviceType, 1)
    const x = array([1, 2], { ctx })
    const y = array([10, 20], { ctx: other })
    const z = x.copyto(other).add(y)
    const buffers = [ctx, other].map(context => memory().devices[String(context)]!.live.buffers)
    return { mixing: failure(() => x.add(y)), copied: z.tolist() as number[], there: String(z.context), buffers }
  })
}
