import { type FloatFormat, lastPlaceExponent } from './float-format.ts'

/** Decimal digits `d0 d1 d2 …` of the number `d0.d1d2… * 10 ** exponent`. */
export interface Digits {
  digits: number[]
  exponent: number
}

/** Where the decimal digits of a number stop; a place is the power of ten that a digit stands for. */
export interface Cutoff {
  /** Whether places count from the decimal point (positional notation) or from the first digit (exponent notation). */
  readonly from: 'point' | 'first digit'
  /** No place below this one is written, even if the number is not yet told from its neighbours. */
  readonly lowest: number
  /** Digits are exact at least down to this place; infinity asks for the shortest form only. */
  readonly exactDownTo: number
}

/** The shortest form, however long it is. */
export const shortest: Cutoff = { from: 'point', lowest: -Infinity, exactDownTo: Infinity }

/**
 * Decimal digits of a positive finite number of a format: the shortest that read back as the same number, unless `cutoff`
 * asks for fewer or more; what is cut is rounded correctly from the exact binary value, ties to an even digit.
 *
 * This is the free-format algorithm of Steele and White with the improvements of Burger and Dybvig ("Printing
 * Floating-Point Numbers Quickly and Accurately", 1996), in exact integers, with NumPy's two cutoffs.
 */
export function decimalDigits(magnitude: number, format: FloatFormat, cutoff: Cutoff): Digits {
  const scaled = scale(magnitude, format)
  const { denominator, even } = scaled
  let { numerator, marginLow, marginHigh, exponent: place } = scaled
  const exponent = place
  const origin = cutoff.from === 'point' ? 0 : exponent
  const digits: number[] = []
  for (;;) {
    const digit = numerator / denominator
    numerator -= digit * denominator
    const low = even ? numerator <= marginLow : numerator < marginLow
    const sum = numerator + marginHigh
    const high = even ? sum >= denominator : sum > denominator
    digits.push(Number(digit))
    if (((low || high) && place - origin <= cutoff.exactDownTo) || place - origin <= cutoff.lowest) {
      const roundsUp = low === high ? isAboveHalf(numerator, denominator, digit) : high
      return roundsUp ? carry(digits, exponent) : { digits, exponent }
    }
    numerator *= 10n
    marginLow *= 10n
    marginHigh *= 10n
    place--
  }
}

interface Scaled {
  /** The number is `numerator / denominator * 10 ** exponent`, with a first factor in [1, 10). */
  numerator: bigint
  denominator: bigint
  /** Half the distance to the next lower and higher number of the format, over the same denominator. */
  marginLow: bigint
  marginHigh: bigint
  exponent: number
  /** Numbers with an even significand own the ends of their rounding interval (ties to even). */
  even: boolean
}

function scale(magnitude: number, format: FloatFormat): Scaled {
  const binary = lastPlaceExponent(magnitude, format)
  const half = Math.trunc(binary / 2)
  const significand = BigInt(magnitude * 2 ** -half * 2 ** (half - binary))
  // Below a power of two the numbers lie twice as densely as above it, except at the bottom of the range.
  const unequal = significand === 1n << BigInt(format.significandBits - 1) && binary > format.minExponent
  const up = BigInt(Math.max(binary, 0))
  const exponent = decimalExponent(magnitude)
  const tens = 10n ** BigInt(Math.abs(exponent))
  let numerator = significand << (up + 2n)
  let denominator = 1n << BigInt(Math.max(-binary, 0) + 2)
  let marginHigh = 1n << (up + 1n)
  let marginLow = unequal ? marginHigh >> 1n : marginHigh
  if (exponent >= 0) denominator *= tens
  else {
    numerator *= tens
    marginHigh *= tens
    marginLow *= tens
  }
  return { numerator, denominator, marginLow, marginHigh, exponent, even: significand % 2n === 0n }
}

/** The power of ten of the first digit; the engine's own conversion of a double is exact enough for that. */
function decimalExponent(magnitude: number): number {
  // 20 decimals never round a double up to the next power of ten, unlike the logarithm or the shortest form.
  const text = magnitude.toExponential(20)
  return Number(text.slice(text.indexOf('e') + 1))
}

function isAboveHalf(numerator: bigint, denominator: bigint, digit: bigint): boolean {
  const doubled = 2n * numerator
  return doubled === denominator ? digit % 2n === 1n : doubled > denominator
}

/** Adds one to the last digit. */
function carry(digits: number[], exponent: number): Digits {
  let last = digits.length - 1
  while (last >= 0 && digits[last] === 9) digits[last--] = 0
  if (last < 0) return { digits: [1, ...digits.slice(1)], exponent: exponent + 1 }
  digits[last] = (digits[last] ?? 0) + 1
  return { digits, exponent }
}
