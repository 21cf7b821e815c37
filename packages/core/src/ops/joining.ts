import { checkArray } from '../array-core.ts'
import { promoteTypes } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkAxis, checkOptions, formatShape, sameShape, specOf } from '../shape.ts'
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
    const list = promoted(arrays, 'concatenate')
    return concatOp(list, { axis: checkAxis(checkOptions(options, 'concatenate').axis ?? 0, list[0]!.ndim, 'concatenate') })
  })
}

/** A list of arrays, in one dtype. */
function promoted(arrays: readonly NDArray[], op: string): NDArray[] {
  if (!Array.isArray(arrays) || arrays.length === 0) throw new ValueError(`need at least one array to ${op}`, { op })
  const list = (arrays as readonly unknown[]).map(x => checkArray(x, op))
  const dtype = list.reduce((common, x) => promoteTypes(common, x.dtype), list[0]!.dtype)
  return list.map(x => cast(x, dtype))
}

const stackOp = /* #__PURE__ */ defineOp<readonly NDArray[], { axis: number }>('stack', {
  arity: 'list',
  movesOnly: true,
  infer: (inputs, { axis }) => {
    const [first] = inputs as [NDArray]
    if (!inputs.every(({ shape }) => sameShape(shape, first.shape))) {
      throw new ValueError(`all shapes must agree, got ${inputs.map(x => formatShape(x.shape)).join(', ')}`, { op: 'stack', shapes: inputs.map(x => x.shape) })
    }
    return specOf(first.shape.toSpliced(axis, 0, inputs.length), first.dtype)
  },
  compose: (inputs, { axis }) => concatOp(inputs.map(x => expandDims(x, axis)), { axis }),
})

/** Joins arrays of one shape along a new axis; their dtypes are promoted to one. @throws ValueError for an empty list, or other shapes */
export function stack(arrays: readonly NDArray[], options: { readonly axis?: number } = {}): NDArray {
  return within('stack', () => {
    const list = promoted(arrays, 'stack')
    return stackOp(list, { axis: checkAxis(checkOptions(options, 'stack').axis ?? 0, list[0]!.ndim + 1, 'stack') })
  })
}
