import type { Override, Spec, TypedArray } from '@ashlar/core'
import { fastSoftmax } from '../fast.ts'
import { pool } from '../pool.ts'
import type { Floats, HostTensor } from '../types.ts'

/** Numbers from which a pass of vectors over all of them pays, though few are asked for. */
const LARGE = 4096

/** Softmax along an axis, or its logarithm, in double. */
function softmaxOf(name: 'softmax' | 'logSoftmax'): Override<TypedArray> {
  return (([x]: readonly HostTensor[], { axis }: { readonly axis: number }, out: Spec) => {
    const extent = out.shape[axis]!
    const inner = out.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
    const handle = pool.acquire(out.dtype, out.size)
    const data = x!.handle as Floats
    if (out.dtype !== 'float32' || inner !== 1 || !fastSoftmax(name, data, handle, extent)) {
      for (let start = 0; start < out.size; start += extent * inner) {
        for (let i = start; i < start + inner; i++) along(data, handle as Floats, i, extent, inner, name === 'logSoftmax')
      }
    }
    return handle
  }) as Override<TypedArray>
}

function along(x: Floats, out: Floats, start: number, extent: number, step: number, logarithm: boolean): void {
  const end = start + extent * step
  let best = -Infinity
  for (let i = start; i < end; i += step) best = Math.max(best, x[i]!)
  let sum = 0
  for (let i = start; i < end; i += step) sum += Math.exp(x[i]! - best)
  const shift = logarithm ? Math.log(sum) : 0
  for (let i = start; i < end; i += step) out[i] = logarithm ? x[i]! - best - shift : Math.exp(x[i]! - best) / sum
}

/** See `softmax` in core. */
export const softmax: Override<TypedArray> = softmaxOf('softmax')

/** See `logSoftmax` in core. */
export const logSoftmax: Override<TypedArray> = softmaxOf('logSoftmax')

/** See `softmaxCrossEntropy` in core: labels are int32, and in range. */
export const softmaxCrossEntropy = (([pred, label]: readonly HostTensor[], _: unknown, out: Spec) => {
  const handle = pool.acquire(out.dtype, out.size) as Floats
  const [x, labels, classes] = [pred!.handle as Floats, label!.handle as Int32Array, pred!.shape.at(-1)!]
  if (pred!.size >= LARGE && pred!.dtype === 'float32') {
    const logarithms = pool.acquire(pred!.dtype, pred!.size)
    const done = fastSoftmax('logSoftmax', x, logarithms, classes)
    if (done) for (let row = 0; row < out.size; row++) handle[row] = -(logarithms as Floats)[row * classes + labels[row]!]!
    pool.release(logarithms)
    if (done) return handle
  }
  for (let row = 0; row < out.size; row++) {
    // The row's maximum is taken off before the sum's logarithm is added: infinities cancel as they do in the composition.
    let best = -Infinity
    for (let i = row * classes; i < (row + 1) * classes; i++) best = Math.max(best, x[i]!)
    let sum = 0
    for (let i = row * classes; i < (row + 1) * classes; i++) sum += Math.exp(x[i]! - best)
    handle[row] = -(x[row * classes + labels[row]!]! - best - Math.log(sum))
  }
  return handle
}) as Override<TypedArray>

/** See `softmaxCrossEntropyGradient` in core. */
export const softmaxCrossEntropyGradient = (([g, pred, label]: readonly HostTensor[], _: unknown, out: Spec) => {
  const handle = pool.acquire(out.dtype, out.size) as Floats
  const [heads, x, labels, classes] = [g!.handle as Floats, pred!.handle as Floats, label!.handle as Int32Array, pred!.shape.at(-1)!]
  const rows = classes === 0 ? 0 : out.size / classes
  const fast = out.dtype === 'float32' && fastSoftmax('softmax', x, handle, classes)
  for (let row = 0; row < rows; row++) {
    if (!fast) along(x, handle, row * classes, classes, 1, false)
    handle[row * classes + labels[row]!]! -= 1
    for (let i = row * classes; i < (row + 1) * classes; i++) handle[i]! *= heads[row]!
  }
  return handle
}) as Override<TypedArray>
