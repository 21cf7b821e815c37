/** A binary floating-point format: what is needed to find a number's neighbours in it. */
export interface FloatFormat {
  /** Bits of the significand, the implied leading one included. */
  readonly significandBits: number
  /** Exponent of the smallest positive number, which is `2 ** minExponent`. */
  readonly minExponent: number
}

const formats: ReadonlyMap<string, FloatFormat> = new Map([
  ['float16', { significandBits: 11, minExponent: -24 }],
  ['bfloat16', { significandBits: 8, minExponent: -133 }],
  ['float32', { significandBits: 24, minExponent: -149 }],
  ['float64', { significandBits: 53, minExponent: -1074 }],
])

/** The format of a floating-point dtype; undefined for integers and bool. */
export function floatFormat(dtype: string): FloatFormat | undefined {
  return formats.get(dtype)
}

const bits = new DataView(new ArrayBuffer(8))

/** Exponent of the last place of `magnitude` (positive, finite, in the format's range). */
export function lastPlaceExponent(magnitude: number, format: FloatFormat): number {
  bits.setFloat64(0, magnitude)
  const biased = bits.getUint32(0) >>> 20
  // Subnormal doubles have a biased exponent of 0; the format's floor covers them.
  return Math.max(biased - 1023 - (format.significandBits - 1), format.minExponent)
}

/**
 * Rounds a positive finite quotient of two numbers of the format to the format. Such a quotient never lies halfway
 * between two numbers, so ties need no rule. Overflow is not turned into infinity: the result is compared with small bounds.
 */
export function roundToFormat(quotient: number, format: FloatFormat): number {
  const ulp = 2 ** lastPlaceExponent(quotient, format)
  return Math.round(quotient / ulp) * ulp
}
