import { describe, expect, it } from 'vitest'
import { arrayRepr, arrayString, type Printable } from '../../src/print/index.ts'
import { type GoldenArray, goldenNumber, readGolden } from '../golden/read.ts'

interface Ramp {
  add?: number
  divideBy?: number
  multiplyBy?: number
  greaterThan?: number
}

interface Row extends GoldenArray {
  note: string
  ramp?: Ramp
  repr: string
  str: string
}

const rows = readGolden('printing.json') as Row[]

/** JSON holds the shortest decimals; rounding them to the dtype gives the binary values back. */
function typed(numbers: number[], dtype: string): Printable['data'] {
  if (dtype === 'int64') return BigInt64Array.from(numbers, BigInt)
  if (dtype === 'float16') return numbers.map(roundToFloat16)
  return dtype === 'float64' ? numbers : Float32Array.from(numbers)
}

function roundToFloat16(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value
  const ulp = 2 ** Math.max(Math.floor(Math.log2(Math.abs(value))) - 10, -24)
  return Math.round(value / ulp) * ulp
}

function rampValues(length: number, ramp: Ramp, dtype: string): number[] {
  const round = dtype === 'float32' ? Math.fround : (value: number) => value
  return Array.from({ length }, (_, index) => {
    const { add = 0, divideBy = 1, multiplyBy = 1, greaterThan } = ramp
    if (greaterThan !== undefined) return Number(index > greaterThan)
    return round(round(round(index + add) / divideBy) * round(multiplyBy))
  })
}

function printable({ dtype, shape, data, ramp }: Row): Printable {
  const size = shape.reduce((product, length) => product * length, 1)
  const numbers = ramp === undefined ? data.map(goldenNumber) : rampValues(size, ramp, dtype)
  return { data: typed(numbers, dtype), shape, dtype }
}

describe('printing as MXNet 1.9.1 on NumPy 1.23.5 does', () => {
  it('has all rows', () => expect(rows.length).toBe(202))

  it.each(rows.map((row, index) => ({ index, row })))('row $index: $row.note $row.dtype', ({ row }) => {
    const value = printable(row)
    expect(arrayRepr(value)).toBe(row.repr)
    expect(arrayString(value)).toBe(row.str)
  })
})
