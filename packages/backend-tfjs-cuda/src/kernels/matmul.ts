import { sameShape, sizeOf } from '@ashlar/core'
import type { Spec, Tensor } from '@ashlar/core'
import type { Attribute } from '../attributes.ts'
import { FLOATS } from '../attributes.ts'
import type { Handle, Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'
import { hostMatmul } from './host.ts'
import { permute, stretch } from './movement.ts'

/** The shape in which data was a right operand first. */
const seen = new WeakMap<object, readonly number[]>()

/** `x`, or a copy where its data was a right operand in another shape, as a weight in `x w` and in `g wᵀ` is. */
function unlessCached(steps: Steps, x: TensorInfo): TensorInfo {
  if (!steps.engine.deviates('matmul-cached')) return x
  const before = seen.get(x.dataId)
  if (before === undefined) seen.set(x.dataId, x.shape)
  // On wasm `Identity` copies.
  return before === undefined || sameShape(before, x.shape) ? x : steps.call('Identity', { x })
}

const flags = (transposeA: boolean, transposeB: boolean): readonly Attribute[] =>
  [...FLOATS, ['transpose_a', 'flag', transposeA], ['transpose_b', 'flag', transposeB]]

const PLAIN = [[flags(false, false), flags(false, true)], [flags(true, false), flags(true, true)]] as const

/** TensorFlow's product of two matrices, which is quicker than that of batches. */
export function plainMatmul(steps: Steps, a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): TensorInfo {
  return steps.op('MatMul', [a, b], PLAIN[transposeA ? 1 : 0][transposeB ? 1 : 0])
}

/** See `Kernels.matmul`; no operand is empty. */
export function matmul(steps: Steps, a: Tensor<Handle>, b: Tensor<Handle>, transposeA: boolean, transposeB: boolean, out: Spec): TensorInfo {
  const batch = out.shape.slice(0, -2)
  if (steps.engine.isNative && out.dtype === 'float32' && sizeOf(b.shape.slice(0, -2)) === 1 && (!transposeA || sizeOf(batch) === 1)) {
    // Many matrices by one are one longer matrix by it.
    const left = a.shape.length === 2 ? steps.shown(a) : steps.view(a.handle.info, [a.size / a.shape.at(-1)!, a.shape.at(-1)!])
    const right = b.shape.length === 2 ? steps.shown(b) : steps.view(b.handle.info, b.shape.slice(-2))
    return plainMatmul(steps, left, right, transposeA, transposeB)
  }
  const whole = out.dtype === 'int32' && steps.engine.deviates('matmul-int')
  const untranspose = whole || steps.engine.deviates('matmul-transposed')
  const operand = (x: Tensor<Handle>, transposed: boolean): TensorInfo => {
    const own = x.shape.slice(0, -2)
    const [rows, columns] = x.shape.slice(-2) as [number, number]
    // tfjs's kernels take a batch of 1 for any, but broadcast no other.
    const alone = sizeOf(own) === 1
    const full = alone || sameShape(own, batch) ? x.handle.info : stretch(steps, x.handle.info, x.shape, [...batch, rows, columns])
    const matrices = [alone ? 1 : sizeOf(batch), rows, columns]
    if (!transposed || !untranspose) return steps.view(full, matrices)
    return steps.view(permute(steps, full, matrices, [0, 2, 1]), [matrices[0]!, columns, rows])
  }
  let left = operand(a, transposeA)
  const right = unlessCached(steps, operand(b, transposeB))
  const [ta, tb] = untranspose ? [false, false] : [transposeA, transposeB]
  // Many matrices by one are one longer matrix by it.
  if (right.shape[0] === 1 && !ta) left = steps.view(left, [1, left.shape[0]! * left.shape[1]!, left.shape[2]!])
  if (whole) return hostMatmul(steps, left, right)
  return steps.call('BatchMatMul', { a: left, b: right }, { transposeA: ta, transposeB: tb })
}
