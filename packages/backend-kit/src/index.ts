/**
 * The conformance kit that every backend runs.
 *
 * @packageDocumentation
 */
export { collectCases } from './collect.ts'
export type { CollectOptions, KernelCase, Tolerance, Tolerances } from './case.ts'
export { referenceBackend } from './reference/backend.ts'
export { formatDTypes, formatSupport, supportTable } from './support/table.ts'
export type { Support } from './support/table.ts'
export { testBackend } from './test-backend.ts'
export type { BackendTestOptions, Skip } from './test-backend.ts'
