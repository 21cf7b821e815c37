import { isNDArray } from '../array-core.ts'
import { allocate } from '../dtype.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { checkShape, stridesOf } from '../shape.ts'
import { hostData } from './host-data.ts'
import { hostPositions } from './index-range.ts'
import type { Index, Plan } from './index-plan.ts'
import { combine, plan } from './index-plan.ts'

/** The elements that an index selects: the shape of the selection, and in C order each one's flat position in the array. */
export interface Selection {
  readonly shape: Shape
  readonly positions: Int32Array
}

/** `start`, `start + step`, …: `count` numbers. */
export function ramp(start: number, step: number, count: number): Int32Array {
  const values = allocate('int32', count) as Int32Array
  for (let i = 0; i < count; i++) values[i] = start + i * step
  return values
}

/** All sums of one number of each list, the last list's changing fastest. */
export function outerSum(lists: readonly Int32Array[]): Int32Array {
  let sums: Int32Array = Int32Array.of(0)
  for (const list of lists) {
    const next = allocate('int32', sums.length * list.length) as Int32Array
    let at = 0
    for (const sum of sums) for (const value of list) next[at++] = sum + value
    sums = next
  }
  return sums
}

/** What `get` selects, as positions; worked out on the host. */
export function selection(x: NDArray, index: readonly Index[]): Selection {
  const chosen = plan(x, index, 'set')
  const strides = stridesOf(x.shape)
  let axis = 0
  let base = 0
  const multipliers: number[] = []
  // One list of offsets for each axis of the selection; the block of lists is one, under its own shape.
  const offsets: { shape: Shape; list: Int32Array | null }[] = []
  for (const part of chosen.parts) {
    if (part.kind === 'new') offsets.push({ shape: [1], list: Int32Array.of(0) })
    else if (part.kind === 'point') base += part.start * strides[axis++]!
    else if (part.kind === 'range') {
      const stride = strides[axis++]!
      offsets.push({ shape: [part.count], list: ramp(part.start * stride, part.step * stride, part.count) })
    } else {
      axis += part.covers.length
      if (multipliers.length === 0) offsets.push({ shape: chosen.block, list: null })
      multipliers.push(part.covers.length === 0 ? 0 : strides[axis - 1]!)
    }
  }
  if (chosen.front) offsets.sort((a, b) => Number(a.list !== null) - Number(b.list !== null))
  const shape = checkShape(offsets.flatMap(each => each.shape), 'set')
  return { shape, positions: outerSum([Int32Array.of(base), ...offsets.map(({ list }) => list ?? block(chosen, multipliers))]) }
}

function block({ picks, block: shape }: Plan, multipliers: readonly number[]): Int32Array {
  return combine(picks, multipliers, shape, ({ positions, covers }) =>
    isNDArray(positions) ? hostPositions(hostData(positions, 'set'), { axis: 0, shape: covers, op: 'set' }) : positions)
}
