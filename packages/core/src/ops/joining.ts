import { checkArray } from '../array-core.ts'
import { promoteTypes } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkAxis, checkOptions, formatShape, specOf } from '../shape.ts'
import { cast } from './cast.ts'
import { expandDims } from './reshape.ts'
import { strided } from './slicing.ts'
import { within } from './within.ts'

const concatOp = /* #__PURE__ */ defineOp<readonly NDArray[], { axis: number }>('concatenate', {
  arity: 'list',
  movesOnly: true,
  infer: (inputs, { axis }) => {
    const [first] = inputs as [NDArray]
    for (const { shape } of inputs) {
      if (shape.length !== first.ndim || shape.some((n, i) => i !== axis && n !== first.shape[i])) {
        throw new ValueError(`all shapes must agree but along axis ${axis}, got ${inputs.map(x => formatShape(x.shape)).join(', ')}`, { op: 'concatenate', shapes: inputs.map(x => x.shape) })
      }
    }
    const extent = inputs.reduce((total, x) => total + x.shape[axis]!, 0)
    return specOf(first.shape.map((n, i) => (i === axis ? extent : n)), first.dtype)
  },
  kernel: (kernels, inputs, { axis }, out) => kernels.concat(inputs, axis, out),
  vjp: (g, inputs, _, { axis }) => {
    let position = 0
    return inputs.map(x => {
      const starts = x.shape.map((__, i) => (i === axis ? position : 0))
      position += x.shape[axis]!
      return () => strided(g, { starts, steps: starts.map(() => 1), shape: x.shape })
    })
  },
})

/**
 * Joins arrays along an axis that they have; their dtypes are promoted to one.
 *
 * @throws ValueError for an empty list, or shapes that differ elsewhere
 */
export function concatenate(arrays: readonly NDArray[], options: { readonly axis?: number } = {}): NDArray {
  return within('concatenate', () => {
    if (!Array.isArray(arrays) || arrays.length === 0) throw new ValueError('need at least one array to concatenate', { op: 'concatenate' })
    const list = arrays.map(x => checkArray(x, 'concatenate'))
    const axis = checkAxis(checkOptions(options, 'concatenate').axis ?? 0, list[0]!.ndim, 'concatenate')
    const dtype = list.reduce((common, x) => promoteTypes(common, x.dtype), list[0]!.dtype)
    return concatOp(list.map(x => cast(x, dtype)), { axis })
  })
}

/** Joins arrays of one shape along a new axis. */
export function stack(arrays: readonly NDArray[], options: { readonly axis?: number } = {}): NDArray {
  return within('stack', () => {
    if (!Array.isArray(arrays) || arrays.length === 0) throw new ValueError('need at least one array to stack', { op: 'stack' })
    const axis = checkAxis(checkOptions(options, 'stack').axis ?? 0, checkArray(arrays[0], 'stack').ndim + 1, 'stack')
    return concatenate(arrays.map(x => expandDims(x, axis)), { axis })
  })
}
