import { checkArray, isNDArray } from '../array-core.ts'
import { AshlarError, typeError } from '../errors.ts'
import { internal } from '../memory.ts'
import type { NDArray } from '../ndarray.ts'
import { describe, formatShape, sameShape } from '../shape.ts'
import { state } from '../state.ts'
import { broadcastTo } from './broadcast.ts'
import { cast } from './cast.ts'
import { gt, where } from './compare.ts'
import { fillLike } from './fill.ts'
import type { Index } from './get.ts'
import { get } from './get.ts'
import { scatterAdd } from './indexing.ts'
import type { Operand } from './operands.ts'
import { reshape } from './reshape.ts'

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

/** Writes `value`, broadcast, over the whole array, or over the elements that `index` selects. */
export function set(target: NDArray, index: readonly Index[] | null, value: Operand): NDArray {
  return assign(target, 'set', () => {
    const source = valueFor(target, value)
    if (index !== null && !Array.isArray(index)) throw typeError(`an index is a list of what get takes, got ${describe(index)}`, { op: 'set', hint: 'write x.set([0], value)' })
    if (index === null || index.length === 0) return broadcastTo(source, target.shape)
    const flat = get(flatPositions(target), index)
    const updates = reshape(broadcastTo(source, flat.shape), [flat.size])
    // A position written twice keeps the last value, so earlier ones are sent past the end, where they are cut off.
    const unique = lastWins(flat, target.size)
    const padded = [target.size + 1]
    const position = reshape(unique, [flat.size])
    const written = scatterAdd(fillLike(position, 1, position.shape, 'int32'), position, padded)
    const values = scatterAdd(updates, position, padded)
    return where(gt(clipEnd(written, target), 0), clipEnd(values, target), target)
  })
}

const clipEnd = (x: NDArray, target: NDArray): NDArray => reshape(get(x, [':-1']), target.shape)

function flatPositions(target: NDArray): NDArray {
  const out = { shape: target.shape, dtype: 'int32' as const, size: target.size }
  return target.make(target.device.upload(Int32Array.from({ length: target.size }, (_, i) => i), out), out)
}

function lastWins(positions: NDArray, beyond: number): NDArray {
  const host = positions.toTypedArray() as Int32Array
  const last = new Map<number, number>()
  host.forEach((position, i) => last.set(position, i))
  if (last.size === host.length) return positions
  const out = { shape: positions.shape, dtype: 'int32' as const, size: positions.size }
  return positions.make(positions.device.upload(host.map((position, i) => (last.get(position) === i ? position : beyond)), out), out)
}
