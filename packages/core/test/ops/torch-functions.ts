/** Core's tests run the golden cases that the conformance kit carries, which core cannot depend on, so they reach over by path. */
export { FUNCTIONS } from '../../../backend-kit/src/operations/torch-functions.ts'
export type { Options, Run } from '../../../backend-kit/src/operations/torch-functions.ts'

/**
 * The other names of the golden file, which are not in core yet, and the export that each waits for. Once that exists the
 * test fails: its cases then belong into FUNCTIONS.
 */
export const MISSING: Readonly<Record<string, string>> = { ctcLoss: 'ctcLoss', attention: 'attention', rnnTanh: 'rnnTanh', lstm: 'lstm' }
