import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkOptions, describe, formatShape } from '../shape.ts'
import { broadcastTo } from './broadcast.ts'
import { checkBeside } from './index-range.ts'
import { reshape } from './reshape.ts'
import { within } from './within.ts'

/** How a grid lies. */
export interface MeshgridOptions {
  /** `xy` (default): the first array runs along the second axis, as in a plot; `ij`: along the first. */
  readonly indexing?: 'xy' | 'ij'
  /** Leaves every array at extent 1 along the others' axes, to be broadcast later. */
  readonly sparse?: boolean
}

/**
 * A grid's coordinates: one array for each vector, all of the grid's shape. Options, where there are some, come last.
 *
 * @throws ValueError for arrays of more than one axis
 * @example
 * ```ts
 * import { array, meshgrid, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const [x, y] = meshgrid(array([1, 2, 3]), array([4, 5]))
 * console.log(x!.tolist(), y!.tolist())
 * // [ [ 1, 2, 3 ], [ 1, 2, 3 ] ] [ [ 4, 4, 4 ], [ 5, 5, 5 ] ]
 * ```
 */
export function meshgrid(...args: readonly NDArray[] | readonly [...NDArray[], MeshgridOptions]): NDArray[] {
  return within('meshgrid', () => grid(args))
}

function grid(args: readonly unknown[]): NDArray[] {
  const last = args.at(-1)
  const plain = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype
  const { indexing = 'xy', sparse = false } = checkOptions((plain ? last : {}) as MeshgridOptions, 'meshgrid')
  if (indexing !== 'xy' && indexing !== 'ij') throw new ValueError(`indexing is 'xy' or 'ij', got ${describe(indexing)}`, { op: 'meshgrid' })
  const vectors = (plain ? args.slice(0, -1) : args).map(each => checkArray(each, 'meshgrid'))
  for (const each of vectors) {
    if (each.ndim > 1) throw new ValueError(`needs vectors, got ${formatShape(each.shape)}`, { op: 'meshgrid', shapes: [each.shape] })
    checkBeside(vectors[0]!, each, 'meshgrid')
  }
  // The axis along which each vector runs.
  const axes = vectors.map((_, i) => (indexing === 'xy' && i < 2 && vectors.length > 1 ? 1 - i : i))
  const shape = axes.map((_, axis) => vectors[axes.indexOf(axis)]!.size)
  return vectors.map((each, i) => {
    const thin = reshape(each, shape.map((n, axis) => (axis === axes[i] ? n : 1)))
    return sparse ? thin : broadcastTo(thin, shape)
  })
}
