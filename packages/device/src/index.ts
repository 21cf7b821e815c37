/**
 * Contexts and copies: `cpu()`, `gpu(i)`, how many there are, data split over several, and gradients clipped together.
 *
 * @packageDocumentation
 */
export { Context, currentContext, withContext as using } from '@ashlar/core'
export { clipGlobalNorm, clipGlobalNormAsync } from './clip.ts'
export type { ClipOptions } from './clip.ts'
export { cpu, cpuPinned, gpu, gpuMemoryInfo, numGpus, tryAllGpus, tryGpu } from './contexts.ts'
export { simulatedGpus } from './simulated.ts'
export type { SimulatedOptions } from './simulated.ts'
export { splitAndLoad, splitData } from './split.ts'
export type { SplitOptions } from './split.ts'
export { waitall } from './wait.ts'
