import type { DType, Shape, Tensor, TypedArray } from '@ashlar/core'
import { allocate, sizeOf, stridesOf } from '@ashlar/core'
import type { Handle, Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'

/** Elements as plain numbers; the dtypes that we hold have no others. */
type Numbers = Float32Array | Int32Array | Uint8Array

const read = (steps: Steps, x: Tensor<Handle>): Numbers => steps.engine.read(x.handle.info, x) as Numbers

/** An element-wise function of one array, computed on the host. */
export function hostUnary(steps: Steps, x: Tensor<Handle>, f: (x: number) => number): TensorInfo {
  const data = read(steps, x)
  for (let i = 0; i < data.length; i++) data[i] = f(data[i]!)
  return steps.constant(data, x.shape, x.dtype)
}

/** Where each element of `out` finds its operand. */
function positions(shape: Shape, out: Shape): (i: number) => number {
  const size = sizeOf(shape)
  if (size === sizeOf(out)) return i => i
  if (size === 1) return () => 0
  const own = stridesOf(shape)
  const strides = out.map((_, axis) => {
    const at = axis - out.length + shape.length
    return at < 0 || shape[at] === 1 ? 0 : own[at]!
  })
  return i => {
    let position = 0
    for (let axis = out.length - 1; axis >= 0; axis--) {
      position += (i % out[axis]!) * strides[axis]!
      i = Math.floor(i / out[axis]!)
    }
    return position
  }
}

/** An element-wise function of two broadcast arrays, computed on the host. */
export function hostBinary(steps: Steps, a: Tensor<Handle>, b: Tensor<Handle>, shape: Shape, f: (a: number, b: number) => number): TensorInfo {
  const [x, y] = [read(steps, a), read(steps, b)]
  const [atX, atY] = [positions(a.shape, shape), positions(b.shape, shape)]
  const data = allocate(a.dtype, sizeOf(shape)) as Numbers
  for (let i = 0; i < data.length; i++) data[i] = f(x[atX(i)]!, y[atY(i)]!)
  return steps.constant(data, shape, a.dtype)
}

/** Products of int32 rows, folded on the host: `rows` of `length` each. */
export function hostProduct(steps: Steps, x: TensorInfo, rows: number, length: number): TensorInfo {
  const data = steps.engine.read(x, { shape: [rows, length], dtype: 'int32', size: rows * length }) as Int32Array
  const out = new Int32Array(rows).fill(1)
  for (let i = 0; i < data.length; i++) out[Math.floor(i / length)] = Math.imul(out[Math.floor(i / length)]!, data[i]!)
  return steps.constant(out, [rows], 'int32')
}

/** A batch of int32 matrix products on the host; `a` and `b` are `[batch, rows, inner]` and `[batch, inner, columns]`, or of batch 1. */
export function hostMatmul(steps: Steps, a: TensorInfo, b: TensorInfo): TensorInfo {
  const [batchA, m, k] = a.shape as [number, number, number]
  const [batchB, , n] = b.shape as [number, number, number]
  const batch = Math.max(batchA, batchB)
  const dtype: DType = 'int32'
  const x: TypedArray = steps.engine.read(a, { shape: a.shape, dtype, size: batchA * m * k })
  const y: TypedArray = steps.engine.read(b, { shape: b.shape, dtype, size: batchB * k * n })
  const out = new Int32Array(batch * m * n)
  for (let p = 0; p < batch; p++) {
    const [left, right] = [batchA === 1 ? 0 : p * m * k, batchB === 1 ? 0 : p * k * n]
    for (let i = 0; i < m; i++) {
      const row = (p * m + i) * n
      for (let q = 0; q < k; q++) {
        const factor = x[left + i * k + q] as number
        for (let j = 0; j < n; j++) out[row + j] = out[row + j]! + Math.imul(factor, y[right + q * n + j] as number)
      }
    }
  }
  return steps.constant(out, [batch, m, n], dtype)
}

/** Two whole numbers' power modulo 2^32, by squaring; a negative power is what is left of 1 / base^n in whole numbers. */
export function integerPower(base: number, exponent: number): number {
  if (exponent < 0) return base === 1 ? 1 : base === -1 ? (exponent % 2 === 0 ? 1 : -1) : 0
  let result = 1
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = Math.imul(result, square)
    square = Math.imul(square, square)
  }
  return result
}

/** IEEE 754's pow, which JavaScript leaves where the base is 1 or -1 and the exponent is no number. */
export function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
}

/** Python's remainder: it has the divisor's sign, a zero too. */
export function remainder(a: number, b: number): number {
  const r = a % b
  if (r === 0) return b < 0 || Object.is(b, -0) ? -0 : 0
  return r < 0 !== b < 0 ? r + b : r
}
