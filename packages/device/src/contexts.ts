import { Context, NotImplementedError, budgetOf, deviceCount, deviceOf, memory } from '@ashlar/core'

/** Host memory. Every `cpu(i)` is the same memory, and their arrays mix. */
export function cpu(index = 0): Context {
  return new Context('cpu', index)
}

/** Host memory that GPUs copy from at once, in Gluon's files and programs. Backends that have such memory bring its type. */
export function cpuPinned(index = 0): Context {
  return new Context('cpu_pinned', index)
}

/**
 * The `index`-th GPU of the registered backends. Naming it touches no hardware; making an array on it does.
 *
 * @example
 * ```ts
 * import { cpu, gpu } from '@ashlar/device'
 * console.log(cpu(), gpu(), gpu(1))
 * // cpu(0) gpu(0) gpu(1)
 * ```
 */
export function gpu(index = 0): Context {
  return new Context('gpu', index)
}

/** How many GPUs the registered backends bring; 0 without any, and never an error. */
export function numGpus(): number {
  return deviceCount('gpu')
}

/** `gpu(index)` where it is there, else `cpu()`. */
export function tryGpu(index = 0): Context {
  return numGpus() >= index + 1 ? gpu(index) : cpu()
}

/** All GPUs, or `[cpu()]` where there is none. */
export function tryAllGpus(): Context[] {
  const gpus = Array.from({ length: numGpus() }, (_, index) => gpu(index))
  return gpus.length > 0 ? gpus : [cpu()]
}

/**
 * How much memory a program may use on a GPU, in bytes: `[free, total]` of the budget that its backend was registered with.
 *
 * @throws AshlarError where there is no such GPU, NotImplementedError where it does not count
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { gpu, gpuMemoryInfo, simulatedGpus } from '@ashlar/device'
 *
 * registerBackend(simulatedGpus(1, { backend: cpuBackend(), budgetBytes: 1e6 }))
 * const x = np.ones([1000], { ctx: gpu(0) })
 * const [free, total] = gpuMemoryInfo(0)
 * console.log(total, free < total - 4000, x.size)
 * // 1000000 true 1000
 * ```
 */
export function gpuMemoryInfo(index = 0): [free: number, total: number] {
  const context = gpu(index)
  const total = budgetOf(deviceOf(context, 'gpuMemoryInfo'))
  const counts = memory().devices[context.toString()]
  if (counts === undefined) throw new NotImplementedError(`${context} does not count its memory`, { op: 'gpuMemoryInfo' })
  return [Math.max(total - counts.live.bytes, 0), total]
}
