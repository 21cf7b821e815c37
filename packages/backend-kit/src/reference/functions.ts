import type { BinaryKind, CompareKind, UnaryKind } from '@ashlar/core'

/**
 * The error function, by methods unlike those of backends: its Taylor series with positive terms (Abramowitz and
 * Stegun 7.1.6) below 3, and the continued fraction of the complement (7.1.14), from the back, above.
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (!(size < 6)) return Math.sign(x)
  const scale = Math.exp(-size * size) / Math.sqrt(Math.PI)
  if (size < 3) {
    let term = size
    let sum = 0
    for (let n = 0; n < 200; n++) {
      sum += term
      term *= (2 * size * size) / (2 * n + 3)
    }
    return x === 0 ? x : Math.sign(x) * 2 * scale * sum
  }
  let fraction = size
  for (let n = 100; n >= 1; n--) fraction = size + n / 2 / fraction
  return Math.sign(x) * (1 - scale / fraction)
}

/** To the nearest whole number, halves to the even one. */
export function rint(x: number): number {
  const low = Math.floor(x)
  const distance = x - low
  if (!Number.isFinite(x) || distance === 0) return x
  const rounded = distance < 0.5 || (distance === 0.5 && low % 2 === 0) ? low : low + 1
  return rounded === 0 && x < 0 ? -0 : rounded
}

export const unaryFunctions: Readonly<Record<UnaryKind, (x: number) => number>> = {
  neg: x => -x, abs: Math.abs, sign: Math.sign,
  exp: Math.exp, expm1: Math.expm1, log: Math.log, log1p: Math.log1p, sqrt: Math.sqrt,
  sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh,
  erf, floor: Math.floor, ceil: Math.ceil, rint, trunc: Math.trunc,
}

export const integerUnaryFunctions: Readonly<Record<'neg' | 'abs' | 'sign', (x: bigint) => bigint>> = {
  neg: x => -x,
  abs: x => (x < 0n ? -x : x),
  sign: x => (x > 0n ? 1n : x < 0n ? -1n : 0n),
}

/** Python's `%` on floats: `fmod`, brought to the divisor's sign. */
function mod(a: number, b: number): number {
  const remainder = a % b
  return remainder !== 0 && Math.sign(remainder) !== Math.sign(b) ? remainder + b : remainder
}

/** IEEE 754's pow, which JavaScript leaves where the base is 1 or -1 and the exponent is no number. */
function pow(a: number, b: number): number {
  if (a === 1) return 1
  if (a === -1 && Math.abs(b) === Infinity) return 1
  return a ** b
}

export const binaryFunctions: Readonly<Record<BinaryKind, (a: number, b: number) => number>> = {
  add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b,
  mod, pow,
  maximum: (a, b) => Math.max(a, b), minimum: (a, b) => Math.min(a, b),
  atan2: (a, b) => Math.atan2(a, b),
}

function integerMod(a: bigint, b: bigint): bigint {
  if (b === 0n) return 0n
  return ((a % b) + b) % b
}

/** Repeated multiplication, modulo 2^64 so that it ends; a negative power is what is left of 1 / base^n in whole numbers. */
function integerPow(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) return base === 1n ? 1n : base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : 0n
  if (exponent === 0n) return 1n
  const half = integerPow(base, exponent / 2n)
  return BigInt.asIntN(64, half * half * (exponent % 2n === 0n ? 1n : base))
}

export const integerBinaryFunctions: Readonly<Record<Exclude<BinaryKind, 'div' | 'atan2'>, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b,
  mod: integerMod, pow: integerPow,
  maximum: (a, b) => (a > b ? a : b), minimum: (a, b) => (a < b ? a : b),
}

export const compareFunctions: Readonly<Record<CompareKind, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b, ne: (a, b) => a !== b,
  lt: (a, b) => a < b, le: (a, b) => a <= b, gt: (a, b) => a > b, ge: (a, b) => a >= b,
}
