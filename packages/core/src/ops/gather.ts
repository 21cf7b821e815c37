import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, checkShape, formatShape, sameShape, sizeOf, specOf } from '../shape.ts'
import { add, mul } from './arithmetic.ts'
import { cast } from './cast.ts'
import { hostIndices, nearData } from './host-data.ts'
import { checkBeside, checkNotEmpty, hostPositions, inRange } from './index-range.ts'
import { scatterOp, takeAt } from './indexing.ts'
import { mod } from './power.ts'
import { reshape } from './reshape.ts'
import { strided } from './slicing.ts'
import { within } from './within.ts'

/** Positions in range. */
export const takeAlongOp: OpFunction<[NDArray, NDArray], { axis: number }> = /* #__PURE__ */ defineOp<[NDArray, NDArray], { axis: number }>('takeAlongAxis', {
  arity: 2,
  movesOnly: true,
  infer: ([x, positions]) => specOf(positions.shape, x.dtype),
  compose: ([x, positions], { axis }) => {
    const [extent, inner, count] = [x.shape[axis]!, sizeOf(x.shape.slice(axis + 1)), positions.shape[axis]!]
    // Flat position: (outer * extent + index) * inner + inner position; all but the index is known here.
    const base = new Int32Array(positions.size)
    for (let at = 0; at < base.length; at++) base[at] = Math.floor(at / (count * inner)) * extent * inner + (at % inner)
    return takeAt(reshape(x, [x.size]), add(mul(positions, inner), hostIndices(x, base, positions.shape)), 0, 'takeAlongAxis')
  },
})

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
  const extent = x.shape[axis]!
  const where = { axis, shape: x.shape, op }
  checkNotEmpty(index.size, where)
  const near = nearData(index)
  const positions = near === null ? mod(cast(index, 'int32'), extent) : hostIndices(x, hostPositions(near, where), index.shape)
  return takeAlongOp(x, positions, { axis })
}

type Rows = readonly [NDArray, ...NDArray[]]

/** Flat positions from those along each axis, the first axis first. */
function flatten([first, ...rest]: Rows, shape: Shape): NDArray {
  return rest.reduce((flat, row, i) => add(mul(flat, shape[i + 1]!), row), first)
}

/** An array, and for each of its first axes the positions, in range. */
const gatherOp = /* #__PURE__ */ defineOp<readonly NDArray[]>('gatherNd', {
  arity: 'list',
  movesOnly: true,
  infer: ([x, ...rows]) => specOf([...rows[0]!.shape, ...x!.shape.slice(rows.length)], x!.dtype),
  compose: ([x, ...rows]) => {
    const rest = x!.shape.slice(rows.length)
    return takeAt(reshape(x!, [sizeOf(x!.shape.slice(0, rows.length)), ...rest]), flatten(rows as unknown as Rows, x!.shape), 0, 'gatherNd')
  },
})

/**
 * Elements or rows at positions that are given axis by axis: `out[…] = x[indices[0, …], indices[1, …], …]`.
 *
 * @param indices of shape (m, …), m from 1 to the rank of `x`
 * @throws ValueError for another m; IndexError for indices out of range that lie in host memory, elsewhere they are clipped
 */
export function gatherNd(x: NDArray, indices: NDArray): NDArray {
  return within('gatherNd', () => {
    const rows = rowsOf(checkArray(x, 'gatherNd').shape, indices, 'gatherNd')
    checkBeside(x, rows[0], 'gatherNd')
    return gatherOp([x, ...rows], {})
  })
}

/** Updates, and for each of the first axes of a shape the positions, in range. */
const scatterNdOp = /* #__PURE__ */ defineOp<readonly NDArray[], { shape: Shape }>('scatterNd', {
  arity: 'list',
  infer: ([updates], { shape }) => specOf(shape, updates!.dtype),
  compose: ([updates, ...rows], { shape }) => {
    const source = [sizeOf(shape.slice(0, rows.length)), ...shape.slice(rows.length)]
    return reshape(scatterOp(updates!, flatten(rows as unknown as Rows, shape), { axis: 0, source }), shape)
  },
})

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
  const rows = rowsOf(target, indices, op)
  checkBeside(rows[0], updates, op)
  const expected = [...rows[0].shape, ...target.slice(rows.length)]
  if (!sameShape(updates.shape, expected)) {
    throw new ValueError(`updates have shape ${formatShape(updates.shape)}, indices and target ask for ${formatShape(expected)}`, { op, shapes: [updates.shape, indices.shape, target] })
  }
  return scatterNdOp([updates, ...rows], { shape: target })
}

/** Indices (axes, …) as positions in range, an array for each axis. */
function rowsOf(shape: Shape, indices: NDArray, op: string): Rows {
  const [m, ...rest] = checkArray(indices, op).shape
  if (m === undefined || m < 1 || m > shape.length) {
    throw new ValueError(`indices of shape ${formatShape(indices.shape)} name ${m ?? 'no'} axes of ${formatShape(shape)}`, { op, shapes: [shape, indices.shape], hint: 'indices are (axes, …)' })
  }
  return Array.from({ length: m }, (_, axis) => {
    const one = strided(indices, { starts: [axis, ...rest.map(() => 0)], steps: indices.shape.map(() => 1), shape: [1, ...rest] })
    return inRange(reshape(one, rest), undefined, { axis, shape, op })
  }) as unknown as Rows
}
