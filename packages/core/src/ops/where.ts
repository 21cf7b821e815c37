import type { NDArray } from '../ndarray.ts'
import { where as choose } from './compare.ts'
import { truePositions } from './host.ts'
import type { Operand } from './operands.ts'

/**
 * Elements of `a` where `condition` holds, of `b` elsewhere; all three broadcast, `a` and `b` are promoted to one dtype.
 * Two numbers give float32. With the condition alone, the positions where it holds, as `nonzero` gives them.
 */
export function where(condition: NDArray): NDArray[]
export function where(condition: NDArray, a: Operand, b: Operand): NDArray
export function where(condition: NDArray, ...candidates: [] | [a: Operand, b: Operand]): NDArray | NDArray[] {
  if (candidates.length === 0) return truePositions(condition, 'where')
  return choose(condition, candidates[0], candidates[1])
}
