import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, checkShape, formatShape, sameShape, sizeOf } from '../shape.ts'
import { add, mul } from './arithmetic.ts'
import { cast } from './cast.ts'
import { hostIndices, nearData } from './host-data.ts'
import { checkBeside, checkNotEmpty, hostPositions, inRange } from './index-range.ts'
import { scatterAdd, takeAt } from './indexing.ts'
import { mod } from './power.ts'
import { reshape } from './reshape.ts'
import { strided } from './slicing.ts'
import { within } from './within.ts'

/**
 * One element for each index: `out[i, j] = x[i, indices[i, j]]` along `axis`. The index array has the shape of `x` but along that axis;
 * negative indices count from the end.
 *
 * @throws ValueError where the shapes do not agree; IndexError for indices out of range that lie in host memory, elsewhere they are counted round
 */
export function takeAlongAxis(x: NDArray, indices: NDArray, options: { readonly axis?: number } = {}): NDArray {
  return within('takeAlongAxis', () => along(x, indices, options, 'takeAlongAxis'))
}

function along(x: NDArray, indices: NDArray, options: { readonly axis?: number }, op: string): NDArray {
  const axis = checkAxis(checkOptions(options, op).axis ?? -1, checkArray(x, op).ndim, op)
  const index = checkArray(indices, op)
  checkBeside(x, index, op)
  if (index.ndim !== x.ndim || index.shape.some((n, i) => i !== axis && n !== x.shape[i])) {
    throw new ValueError(`indices ${formatShape(index.shape)} do not fit ${formatShape(x.shape)} along axis ${axis}`, { op, shapes: [x.shape, index.shape] })
  }
  const [extent, inner, count] = [x.shape[axis]!, sizeOf(x.shape.slice(axis + 1)), index.shape[axis]!]
  const where = { axis, shape: x.shape, op }
  checkNotEmpty(index.size, where)
  // Flat position: (outer * extent + index) * inner + inner position; all but the index is known here.
  const base = new Int32Array(index.size)
  for (let at = 0; at < base.length; at++) base[at] = Math.floor(at / (count * inner)) * extent * inner + (at % inner)
  const near = nearData(index)
  const flat = near === null
    ? add(mul(mod(cast(index, 'int32'), extent), inner), hostIndices(x, base, index.shape))
    : hostIndices(x, hostPositions(near, where).map((at, i) => at * inner + base[i]!), index.shape)
  return takeAt(reshape(x, [x.size]), flat, 0, op)
}

/**
 * Elements or rows at positions that are given axis by axis: `out[…] = x[indices[0, …], indices[1, …], …]`.
 *
 * @param indices of shape (m, …), m from 1 to the rank of `x`
 * @throws ValueError for another m; IndexError for indices out of range that lie in host memory, elsewhere they are clipped
 */
export function gatherNd(x: NDArray, indices: NDArray): NDArray {
  return within('gatherNd', () => {
    const [m, flat, rest] = flatten(checkArray(x, 'gatherNd').shape, indices, 'gatherNd')
    return takeAt(reshape(x, [sizeOf(x.shape.slice(0, m)), ...rest]), flat, 0, 'gatherNd')
  })
}

/**
 * Zeros of `shape` with `updates` added at positions that are given axis by axis: the opposite of {@link gatherNd}.
 *
 * @throws ValueError where the shapes do not agree, IndexError as {@link gatherNd} does
 */
export function scatterNd(updates: NDArray, indices: NDArray, shape: number | readonly number[]): NDArray {
  const op = 'scatterNd'
  return within(op, () => scatter(updates, indices, shape, op))
}

function scatter(updates: NDArray, indices: NDArray, shape: number | readonly number[], op: string): NDArray {
  const target = checkShape(shape, op)
  const [m, flat, rest] = flatten(target, indices, op)
  checkBeside(flat, updates, op)
  const expected = [...flat.shape, ...rest]
  if (!sameShape(updates.shape, expected)) {
    throw new ValueError(`updates have shape ${formatShape(updates.shape)}, indices and target ask for ${formatShape(expected)}`, { op, shapes: [updates.shape, indices.shape, target] })
  }
  return reshape(scatterAdd(updates, flat, [sizeOf(target.slice(0, m)), ...rest]), target)
}

/** Indices axis by axis as positions in the flat order of these axes. */
function flatten(shape: Shape, indices: NDArray, op: string): [number, NDArray, Shape] {
  const [m, ...rest] = checkArray(indices, op).shape
  if (m === undefined || m < 1 || m > shape.length) {
    throw new ValueError(`indices of shape ${formatShape(indices.shape)} name ${m ?? 'no'} axes of ${formatShape(shape)}`, { op, shapes: [shape, indices.shape], hint: 'indices are (axes, …)' })
  }
  const row = (axis: number): NDArray => {
    const one = strided(indices, { starts: [axis, ...rest.map(() => 0)], steps: indices.shape.map(() => 1), shape: [1, ...rest] })
    return inRange(reshape(one, rest), undefined, { axis, shape, op })
  }
  let flat = row(0)
  for (let axis = 1; axis < m; axis++) flat = add(mul(flat, shape[axis]!), row(axis))
  return [m, flat, shape.slice(m)]
}
