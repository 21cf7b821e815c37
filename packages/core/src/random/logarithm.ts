const fround = Math.fround

/** ln 2 in two float32 parts; the first has trailing zero bits, so that its product with an exponent is exact. */
const ln2High: number = fround(6.9313812256e-1)
const ln2Low: number = fround(9.0580006145e-6)

/** Coefficients of the polynomial for `(log(1 + s) - log(1 - s)) / s - 2` in powers of `s * s`. */
const c1: number = 0xaaaaaa * 2 ** -24
const c2: number = 0xccce13 * 2 ** -25
const c3: number = 0x91e9ee * 2 ** -25
const c4: number = 0xf89e26 * 2 ** -26

const bits = new DataView(new ArrayBuffer(4))

/**
 * The natural logarithm of a float32, with every operation rounded to float32.
 *
 * The last digit of a logarithm depends on the library, and so do normal draws. This follows the published algorithm of
 * FreeBSD's msun (`e_logf.c`): write x = 2^k (1 + f) with 1 + f near 1, put s = f / (2 + f), and use
 * log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)). Its steps and their order are kept, since each rounding matters.
 *
 * @param x a float32
 * @returns -Infinity for 0, NaN for negative numbers and NaN
 */
export function logFloat32(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return Infinity
  // Subnormal numbers are scaled up first.
  const isSubnormal = x < 2 ** -126
  bits.setFloat32(0, isSubnormal ? x * 2 ** 25 : x)
  const word = bits.getInt32(0)
  const significand = word & 0x7fffff
  // One step is taken off the significand, and added to the exponent, where the significand exceeds about sqrt(2).
  const halve = (significand + (0x95f64 << 3)) & 0x800000
  const k = (word >> 23) - 127 + (halve >> 23) - (isSubnormal ? 25 : 0)
  bits.setInt32(0, significand | (halve ^ 0x3f800000))
  const f = fround(bits.getFloat32(0) - 1)
  return (0x7fffff & (0x8000 + significand)) < 0xc000 ? nearOne(f, k) : general(f, k, significand)
}

/** |f| < 2^-9: a short series is enough. */
function nearOne(f: number, k: number): number {
  const high = fround(k * ln2High)
  const low = fround(k * ln2Low)
  if (f === 0) return fround(high + low)
  const square = fround(f * f)
  const rest = fround(square * fround(0.5 - fround(fround(1 / 3) * f)))
  if (k === 0) return fround(f - rest)
  return fround(high - fround(fround(rest - low) - f))
}

function general(f: number, k: number, significand: number): number {
  const s = fround(f / fround(2 + f))
  const z = fround(s * s)
  const w = fround(z * z)
  const even = fround(w * fround(c2 + fround(w * c4)))
  const odd = fround(z * fround(c1 + fround(w * c3)))
  const series = fround(odd + even)
  const high = fround(k * ln2High)
  const low = fround(k * ln2Low)
  // Between these bounds the half square is split off, which loses fewer bits; elsewhere it is not worth it.
  const isMiddle = ((significand - (0x6147a << 3)) | ((0x6b851 << 3) - significand)) > 0
  if (isMiddle) {
    const halfSquare = fround(fround(0.5 * f) * f)
    const product = fround(s * fround(halfSquare + series))
    if (k === 0) return fround(f - fround(halfSquare - product))
    return fround(high - fround(fround(halfSquare - fround(product + low)) - f))
  }
  const product = fround(s * fround(f - series))
  if (k === 0) return fround(f - product)
  return fround(high - fround(fround(product - low) - f))
}
