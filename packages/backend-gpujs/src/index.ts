/**
 * The GPU through gpu.js, and gpu.js's WebAssembly and cpu modes.
 *
 * @packageDocumentation
 */
export { gpujs } from './backend.ts'
export type { GpujsOptions } from './backend.ts'
export { detectModes } from './detect-modes.ts'
export type { GpujsEngineMode, GpujsMode, ModesReport } from './detect-modes.ts'
export type { LoadGpujs } from './engine/gpujs.ts'
