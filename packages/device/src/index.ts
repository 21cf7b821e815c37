/**
 * Contexts and copies: `cpu()`, `gpu(i)`, how many there are, and data split over several.
 *
 * @packageDocumentation
 */
export { Context, currentContext, withContext as using } from '@ashlar/core'
export { cpu, gpu, numGpus, tryAllGpus, tryGpu } from './contexts.ts'
export { simulatedGpus } from './simulated.ts'
export { splitAndLoad, splitData } from './split.ts'
export type { SplitOptions } from './split.ts'
