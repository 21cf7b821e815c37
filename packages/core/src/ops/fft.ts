import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { formatShape, specOf } from '../shape.ts'
import { cast, toFloat } from './cast.ts'
import { hostData } from './host-data.ts'
import { stack } from './joining.ts'
import { fillLike } from './fill.ts'
import { strided } from './slicing.ts'
import { mul } from './arithmetic.ts'
import { within } from './within.ts'

/** In place and without scaling: Cooley and Tukey's method for powers of two, Bluestein's for all others. */
function transform(real: Float64Array, imaginary: Float64Array, sign: 1 | -1): void {
  const n = real.length
  if (n <= 1) return
  if ((n & (n - 1)) === 0) radixTwo(real, imaginary, sign)
  else bluestein(real, imaginary, sign)
}

function radixTwo(real: Float64Array, imaginary: Float64Array, sign: 1 | -1): void {
  const n = real.length
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      const [r, m] = [real[i]!, imaginary[i]!]
      real[i] = real[j]!
      imaginary[i] = imaginary[j]!
      real[j] = r
      imaginary[j] = m
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2
    for (let k = 0; k < half; k++) {
      const angle = (sign * 2 * Math.PI * k) / size
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      for (let start = k; start < n; start += size) {
        const other = start + half
        const r = real[other]! * c - imaginary[other]! * s
        const m = real[other]! * s + imaginary[other]! * c
        real[other] = real[start]! - r
        imaginary[other] = imaginary[start]! - m
        real[start] = real[start]! + r
        imaginary[start] = imaginary[start]! + m
      }
    }
  }
}

/** A transform of any length as a convolution of a power of two (Bluestein, 1970). */
function bluestein(real: Float64Array, imaginary: Float64Array, sign: 1 | -1): void {
  const n = real.length
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1))
  const [cosines, sines] = [new Float64Array(n), new Float64Array(n)]
  for (let k = 0; k < n; k++) {
    // k² is taken modulo 2n first: the angle stays small and exact.
    const angle = (Math.PI * ((k * k) % (2 * n))) / n
    cosines[k] = Math.cos(angle)
    sines[k] = sign * Math.sin(angle)
  }
  const [ar, ai, br, bi] = [new Float64Array(size), new Float64Array(size), new Float64Array(size), new Float64Array(size)]
  for (let k = 0; k < n; k++) {
    ar[k] = real[k]! * cosines[k]! - imaginary[k]! * sines[k]!
    ai[k] = real[k]! * sines[k]! + imaginary[k]! * cosines[k]!
    br[k] = cosines[k]!
    bi[k] = -sines[k]!
    if (k > 0) {
      br[size - k] = cosines[k]!
      bi[size - k] = -sines[k]!
    }
  }
  radixTwo(ar, ai, -1)
  radixTwo(br, bi, -1)
  for (let k = 0; k < size; k++) {
    const r = ar[k]! * br[k]! - ai[k]! * bi[k]!
    ai[k] = ar[k]! * bi[k]! + ai[k]! * br[k]!
    ar[k] = r
  }
  radixTwo(ar, ai, 1)
  for (let k = 0; k < n; k++) {
    const [r, m] = [ar[k]! / size, ai[k]! / size]
    real[k] = r * cosines[k]! - m * sines[k]!
    imaginary[k] = r * sines[k]! + m * cosines[k]!
  }
}

interface Direction {
  /** -1 forward, 1 backward, neither scaled. */
  readonly sign: 1 | -1
}

/** The unscaled transform of pairs (…, n, 2), on the host. Its gradient is the transform the other way. */
const complexTransform: OpFunction<[NDArray], Direction> = /* #__PURE__ */ defineOp<[NDArray], Direction>('fft', {
  infer: ([x]) => x,
  compose: ([x], { sign }) => {
    const data = Float64Array.from(hostData(x, 'fft') as Float64Array)
    const n = x.shape.at(-2)!
    const [real, imaginary] = [new Float64Array(n), new Float64Array(n)]
    for (let row = 0; row < data.length; row += 2 * n) {
      for (let i = 0; i < n; i++) {
        real[i] = data[row + 2 * i]!
        imaginary[i] = data[row + 2 * i + 1]!
      }
      transform(real, imaginary, sign)
      for (let i = 0; i < n; i++) {
        data[row + 2 * i] = real[i]!
        data[row + 2 * i + 1] = imaginary[i]!
      }
    }
    if (x.dtype === 'float64') return x.make(x.device.upload(data, x), x)
    const out = specOf(x.shape, 'float32')
    return cast(x.make(x.device.upload(Float32Array.from(data), out), out), x.dtype)
  },
  vjp: (g, _, __, { sign }) => [() => complexTransform(g, { sign: sign === 1 ? -1 : 1 })],
})

function checkPoints(x: NDArray, n: number, op: string): NDArray {
  if (n > 0) return x
  throw new ValueError(`needs at least one point, got ${formatShape(x.shape)}`, { op, shapes: [x.shape] })
}

function checkPairs(x: NDArray, op: string): NDArray {
  if (checkArray(x, op).ndim < 2 || x.shape.at(-1) !== 2) {
    throw new ValueError(`complex numbers are pairs in the last axis, (…, n, 2), got ${formatShape(x.shape)}`, { op, shapes: [x.shape] })
  }
  return toFloat(checkPoints(x, x.shape.at(-2)!, op), op)
}

/** The discrete Fourier transform of complex numbers, given and returned as pairs (…, n, 2) of real and imaginary part. */
export function fft(x: NDArray): NDArray {
  return within('fft', () => complexTransform(checkPairs(x, 'fft'), { sign: -1 }))
}

const inverseOp = /* #__PURE__ */ defineOp<[NDArray]>('ifft', {
  infer: ([x]) => x,
  compose: ([x]) => mul(complexTransform(x, { sign: 1 }), 1 / x.shape.at(-2)!),
  vjp: (g, [x]) => [() => mul(complexTransform(g, { sign: -1 }), 1 / x.shape.at(-2)!)],
})

/** The inverse of {@link fft}, scaled by 1/n. */
export function ifft(x: NDArray): NDArray {
  return within('ifft', () => inverseOp(checkPairs(x, 'ifft')))
}

const realOp = /* #__PURE__ */ defineOp<[NDArray]>('rfft', {
  infer: ([x]) => specOf([...x.shape.slice(0, -1), Math.floor(x.shape.at(-1)! / 2) + 1, 2], x.dtype),
  compose: ([x]) => {
    const whole = complexTransform(stack([x, fillLike(x, 0)], { axis: -1 }), { sign: -1 })
    const shape = [...x.shape.slice(0, -1), Math.floor(x.shape.at(-1)! / 2) + 1, 2]
    return strided(whole, { starts: shape.map(() => 0), steps: shape.map(() => 1), shape })
  },
})

/** The transform of real numbers along the last axis: the n/2 + 1 first coefficients as pairs, (…, n) to (…, n/2 + 1, 2). */
export function rfft(x: NDArray): NDArray {
  return within('rfft', () => {
    if (checkArray(x, 'rfft').ndim < 1) throw new ValueError('needs at least one dimension, got a scalar', { op: 'rfft', shapes: [x.shape] })
    return realOp(toFloat(checkPoints(x, x.shape.at(-1)!, 'rfft'), 'rfft'))
  })
}
