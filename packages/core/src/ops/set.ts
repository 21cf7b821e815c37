import { checkArray, isNDArray } from '../array-core.ts'
import { AshlarError, typeError } from '../errors.ts'
import { internal } from '../memory.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { describe, formatShape, sameShape, stridesOf } from '../shape.ts'
import { state } from '../state.ts'
import { broadcastTo } from './broadcast.ts'
import { cast } from './cast.ts'
import { fillLike } from './fill.ts'
import type { Index } from './index-plan.ts'
import { hostIndices } from './host-data.ts'
import { takeAt } from './indexing.ts'
import { concatenate } from './joining.ts'
import type { Operand } from './operands.ts'
import { reshape } from './reshape.ts'
import { outerSum, ramp, selection } from './selection.ts'

const BELONGS = 'Assigning to NDArrays that are already in a computational graph will cause undefined behavior when evaluating gradients.'
  + ' Please call backward first to clear the graph or do this out side of a record section. Also note that you cannot use inplace operations like +=, *=,'
  + ' relu(x, out=x), y[idx]=x, etc inside a record section.'
const ENTERS = 'Inplace operations (+=, -=, x[:]=, etc) are not supported when recording with autograd.'

/**
 * Lets `target` name the value that `compute` gives, cast to its dtype: the one way by which an array changes.
 * Outside `record` an array with history loses it; a leaf stays a leaf.
 *
 * @throws AshlarError inside `record`, where the array belongs to the graph or would enter it; the array stays as it was
 */
export function assign(target: NDArray, op: string, compute: () => NDArray): NDArray {
  checkArray(target, op)
  if (state.recording && target.node !== null) throw new AshlarError(BELONGS, { op, shapes: [target.shape] })
  internal(() => {
    const value = compute()
    if (state.recording && value.node !== null) throw new AshlarError(ENTERS, { op, shapes: [target.shape], hint: 'write out of place: y = x.add(1)' })
    if (!sameShape(value.shape, target.shape)) {
      throw new AshlarError(`the result of shape ${formatShape(value.shape)} does not fit in place into ${formatShape(target.shape)}`, { op, shapes: [target.shape, value.shape] })
    }
    target.rename(cast(value, target.dtype))
  })
  if (target.node?.kind === 'op') target.node = null
  return target
}

/** A value as an array of the target's dtype. */
function valueFor(target: NDArray, value: Operand): NDArray {
  if (typeof value === 'number') return fillLike(target, value, [])
  if (!isNDArray(value)) throw typeError(`expected an array or a number, got ${describe(value)}`, { op: 'set' })
  if (value.device !== target.device) {
    throw new AshlarError(`the array is on ${target.context}, the value on ${value.context}`, { op: 'set', hint: `copy it over: value.copyto(${target.context})` })
  }
  return cast(value, target.dtype)
}

/** Checks that a value can fill a selection, and gives the distance between its elements along each axis of the selection. */
function fillStrides(value: Shape, selection: Shape): number[] {
  const ahead = value.length - selection.length
  if (value.some((n, i) => n !== 1 && n !== selection[i - ahead])) {
    throw new AshlarError(`operands could not be broadcast together with shapes [${value.join(',')}] [${selection.join(',')}]`, {
      op: 'set', shapes: [value, selection], hint: `the value must fill the selection of shape ${formatShape(selection)}`,
    })
  }
  const strides = stridesOf(value)
  return selection.map((_, i) => (i + ahead < 0 || value[i + ahead] === 1 ? 0 : strides[i + ahead]!))
}

/** What {@link assign} refuses, for values that are written without going through operations. */
function refuseHistory(target: NDArray, source: NDArray): void {
  if (state.recording && source.node !== null) throw new AshlarError(ENTERS, { op: 'set', shapes: [target.shape], hint: 'write out of place: np.where(mask, y, x)' })
}

/** `target` with elements of `source` at flat positions; of a position given twice the last counts. */
function written(target: NDArray, source: NDArray, positions: Int32Array, from: Int32Array): NDArray {
  if (target.device.capabilities.hostMemory === true) {
    const data = target.device.download(target)
    const values = source.device.download(source)
    for (let i = 0; i < positions.length; i++) data[positions[i]!] = values[from[i]!]!
    return target.make(target.device.upload(data, target), target)
  }
  // Each element is taken from the two arrays in a row: operations that every dtype has, on any device.
  const both = concatenate([reshape(target, [target.size]), reshape(source, [source.size])])
  const taken = Int32Array.from({ length: target.size }, (_, i) => i)
  for (let i = 0; i < positions.length; i++) taken[positions[i]!] = target.size + from[i]!
  return reshape(takeAt(both, hostIndices(target, taken), 0, 'set'), target.shape)
}

/**
 * Writes `value`, broadcast, over the whole array, or over the elements that `index` selects. Of a position given twice the last value
 * counts. Arrays of positions and masks are read by the host.
 *
 * @throws IndexError as `get` does, AshlarError for a value that does not fill the selection or that is in a graph
 */
export function set(target: NDArray, index: readonly Index[] | null, value: Operand): NDArray {
  return assign(target, 'set', () => {
    const source = valueFor(target, value)
    if (index !== null && !Array.isArray(index)) throw typeError(`an index is a list of what get takes, got ${describe(index)}`, { op: 'set', hint: 'write x.set([0], value)' })
    if (index === null || index.length === 0) {
      fillStrides(source.shape, target.shape)
      return broadcastTo(reshape(source, source.shape.slice(Math.max(source.ndim - target.ndim, 0))), target.shape)
    }
    const { shape, positions } = selection(target, index)
    const strides = fillStrides(source.shape, shape)
    refuseHistory(target, source)
    return written(target, source, positions, outerSum(shape.map((count, axis) => ramp(0, strides[axis]!, count))))
  })
}
