import { Context, deviceCount } from '@ashlar/core'

/** Host memory. Every `cpu(i)` is the same memory, and their arrays mix. */
export function cpu(index = 0): Context {
  return new Context('cpu', index)
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
