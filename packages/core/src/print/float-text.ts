import { type Cutoff, type Digits, decimalDigits, shortest } from './digits.ts'
import { type FloatFormat, roundToFormat } from './float-format.ts'
import { printLimits } from './limits.ts'

/** The integer part, with its sign, and the fraction of a number; the fraction has no trailing zeros. */
interface Parts {
  whole: string
  fraction: string
}

/** The same for a number in exponent form; `exponent` has a sign and at least two digits. */
interface ExponentParts extends Parts {
  exponent: string
}

/**
 * How all numbers of one column are written (NumPy's FloatingFormat with its default options).
 *
 * @param values the numbers that will be shown; not-a-number and infinities are allowed
 */
export function floatColumn(values: readonly number[], format: FloatFormat): (value: number) => string {
  const finite = values.filter((value) => Number.isFinite(value))
  const write = needsExponent(finite, format) ? exponentColumn(finite, format) : positionalColumn(finite, format)
  if (finite.length === values.length) return write
  // Special values share the column; the blanks they lack, or the others lack, go to the left.
  const special = values.filter((value) => !Number.isFinite(value)).map(specialText)
  const width = Math.max(...finite.slice(0, 1).map(write).concat(special).map((text) => text.length))
  return (value) => (Number.isFinite(value) ? write(value) : specialText(value)).padStart(width)
}

/** A number alone, as `str` of a NumPy scalar: the shortest form, with an exponent below 1e-4 and from 1e16 on. */
export function floatScalar(value: number, format: FloatFormat): string {
  if (!Number.isFinite(value)) return specialText(value)
  const magnitude = Math.abs(value)
  if (magnitude === 0 || (magnitude >= 1e-4 && magnitude < 1e16)) {
    const { whole, fraction } = positionalParts(value, format, shortest)
    return `${whole}.${fraction === '' ? '0' : fraction}`
  }
  const { whole, fraction, exponent } = exponentParts(value, format, shortest)
  return `${whole}${fraction === '' ? '' : `.${fraction}`}e${exponent}`
}

function specialText(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

function needsExponent(finite: readonly number[], format: FloatFormat): boolean {
  let largest = 0
  let smallest = Infinity
  for (const value of finite) {
    const magnitude = Math.abs(value)
    if (magnitude === 0) continue
    largest = Math.max(largest, magnitude)
    smallest = Math.min(smallest, magnitude)
  }
  if (largest === 0) return false
  if (largest >= 1e8 || smallest < 1e-4) return true
  // NumPy divides in the array's own type, so a ratio just above the bound may round down to it.
  return roundToFormat(largest / smallest, format) > 1000
}

function positionalColumn(finite: readonly number[], format: FloatFormat): (value: number) => string {
  // NumPy writes the integer part of array elements in full even where fewer digits would do.
  const cutoff: Cutoff = { from: 'point', lowest: -printLimits.precision, exactDownTo: 0 }
  const parts = finite.map((value) => positionalParts(value, format, cutoff))
  const wholeWidth = Math.max(0, ...parts.map(({ whole }) => whole.length))
  const fractionWidth = Math.max(0, ...parts.map(({ fraction }) => fraction.length))
  return (value) => {
    const { whole, fraction } = positionalParts(value, format, cutoff)
    return `${whole.padStart(wholeWidth)}.${fraction.padEnd(fractionWidth)}`
  }
}

function exponentColumn(finite: readonly number[], format: FloatFormat): (value: number) => string {
  const capped: Cutoff = { from: 'first digit', lowest: -printLimits.precision, exactDownTo: Infinity }
  const parts = finite.map((value) => exponentParts(value, format, capped))
  const wholeWidth = Math.max(...parts.map(({ whole }) => whole.length))
  const decimals = Math.max(...parts.map(({ fraction }) => fraction.length))
  const exponentWidth = Math.max(...parts.map(({ exponent }) => exponent.length))
  // Every element gets the same number of decimals, all of them exact.
  const exact: Cutoff = { from: 'first digit', lowest: -decimals, exactDownTo: -decimals }
  return (value) => {
    const { whole, fraction, exponent } = exponentParts(value, format, exact)
    const power = exponent.slice(0, 1) + exponent.slice(1).padStart(exponentWidth - 1, '0')
    return `${whole.padStart(wholeWidth)}.${fraction.padEnd(decimals, '0')}e${power}`
  }
}

function positionalParts(value: number, format: FloatFormat, cutoff: Cutoff): Parts {
  const sign = signOf(value)
  if (value === 0) return { whole: `${sign}0`, fraction: '' }
  const { digits, exponent } = decimalDigits(Math.abs(value), format, cutoff)
  const text = digits.join('')
  if (exponent < 0) return { whole: `${sign}0`, fraction: trimZeros('0'.repeat(-exponent - 1) + text) }
  return {
    whole: sign + text.slice(0, exponent + 1).padEnd(exponent + 1, '0'),
    fraction: trimZeros(text.slice(exponent + 1)),
  }
}

function exponentParts(value: number, format: FloatFormat, cutoff: Cutoff): ExponentParts {
  const magnitude = Math.abs(value)
  const { digits, exponent } = magnitude === 0 ? zero : decimalDigits(magnitude, format, cutoff)
  return {
    whole: signOf(value) + String(digits[0]),
    fraction: trimZeros(digits.slice(1).join('')),
    exponent: (exponent < 0 ? '-' : '+') + String(Math.abs(exponent)).padStart(2, '0'),
  }
}

const zero: Digits = { digits: [0], exponent: 0 }

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : ''
}

function trimZeros(digits: string): string {
  return digits.replace(/0+$/, '')
}
