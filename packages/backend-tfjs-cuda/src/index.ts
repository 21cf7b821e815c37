/**
 * CUDA through TensorFlow.js, and the same kernels on its WebAssembly and plain JavaScript backends.
 *
 * @packageDocumentation
 */
export { tfjsCuda } from './backend.ts'
export type { TfjsCudaOptions } from './backend.ts'
export { BindingError } from './binding-error.ts'
export { detectBinding } from './detect-binding.ts'
export type { BindingReport, BindingState, LoadBinding, NativeBinding } from './detect-binding.ts'
export type { PortableBinding } from './open-engine.ts'
