import { checkArray } from '../array-core.ts'
import type { TypedArray } from '../dtype.ts'
import { AshlarError, IndexError, ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { describe, formatShape } from '../shape.ts'
import { cast } from './cast.ts'
import { nearData } from './host-data.ts'
import { maximum, minimum, mod } from './power.ts'

/** What happens to indices out of range: cut to the nearest end, or counted round. */
export type IndexMode = 'clip' | 'wrap'

/** The axis of an array that an index is for, and who asks. */
export interface IndexedAxis {
  readonly axis: number
  readonly shape: Shape
  readonly op: string
}

/** The error for a position that is not there. */
function beyond(value: number, { axis, shape, op }: IndexedAxis, hint?: string): IndexError {
  return new IndexError(`index ${value} is out of bounds for axis ${axis} with size ${shape[axis]}`, { op, shapes: [shape], ...(hint === undefined ? {} : { hint }) })
}

/** Checks that there is something to take. */
export function checkNotEmpty(count: number, { axis, shape, op }: IndexedAxis): void {
  if (shape[axis] === 0 && count > 0) throw new IndexError(`cannot take from axis ${axis} of ${formatShape(shape)}, which is empty`, { op, shapes: [shape] })
}

/** Checks that an array is on the device of `x`. @throws AshlarError that names the copy call */
export function checkBeside(x: NDArray, other: NDArray, op: string): void {
  if (checkArray(other, op).device === x.device) return
  throw new AshlarError(`Operator ${op} require all inputs live on the same context. But one argument is on ${x.context} while another is on ${other.context}`, {
    op, shapes: [x.shape, other.shape], hint: `copy one over: x.copyto(${x.context})`,
  })
}

/** A position that counts from the end where it is negative, as one from the start. @throws IndexError out of range */
export function position(value: number, where: IndexedAxis): number {
  const extent = where.shape[where.axis]!
  if (!(value >= -extent && value < extent)) throw beyond(value, where)
  return value < 0 ? value + extent : value
}

/** All elements of an index array as positions from the start. @throws IndexError, TypeError for fractions */
export function hostPositions(data: TypedArray, where: IndexedAxis): Int32Array {
  const positions = new Int32Array(data.length)
  for (let i = 0; i < positions.length; i++) {
    const value = Number(data[i])
    if (!Number.isInteger(value)) throw typeError(`positions are whole numbers, got ${value}`, { op: where.op })
    positions[i] = position(value, where)
  }
  return positions
}

/**
 * Indices of any numeric dtype as int32 in range. Without a mode, those out of range raise where they lie in host memory, and are
 * clipped where looking would cost a copy.
 *
 * @throws IndexError, ValueError for an unknown mode
 */
export function inRange(indices: NDArray, mode: IndexMode | undefined, where: IndexedAxis): NDArray {
  const index = cast(checkArray(indices, where.op), 'int32')
  if (mode !== undefined && mode !== 'clip' && mode !== 'wrap') throw new ValueError(`mode is 'clip' or 'wrap', got ${describe(mode)}`, { op: where.op })
  checkNotEmpty(index.size, where)
  const extent = where.shape[where.axis]!
  if (mode === 'wrap') return mod(index, extent)
  const near = mode === undefined ? nearData(indices) : null
  if (near === null) return minimum(maximum(index, 0), extent - 1)
  for (let i = 0; i < near.length; i++) {
    const value = Number(near[i])
    if (!(value > -1 && value < extent)) throw beyond(value, where, 'indices count from 0')
  }
  return index
}
