import { describe, expect, it } from 'vitest'
import { seed } from '@ashlar/core'
import type { FactorType, Initializer, RandomType } from '@ashlar/init'
import { Bilinear, Constant, LSTMBias, MSRAPrelu, Normal, One, Orthogonal, Uniform, Xavier, Zero, create } from '@ashlar/init'
import { defaults, drawn, freshStreams, golden, numbers, position } from './support.ts'

/** The initializer that a Python call such as `Xavier('uniform','avg',3)` makes. */
function make(call: string): Initializer {
  const [, name, list] = /^(\w+)\((.*)\)$/.exec(call)!
  const args = list === '' ? [] : list!.split(',').map(text => (text.startsWith("'") ? text.slice(1, -1) : Number(text)))
  const number = args[0] as number
  switch (name) {
    case 'Zero': return new Zero()
    case 'One': return new One()
    case 'Constant': return new Constant(number)
    case 'Uniform': return args.length === 0 ? new Uniform() : new Uniform({ scale: number })
    case 'Normal': return args.length === 0 ? new Normal() : new Normal({ sigma: number })
    case 'Xavier': return new Xavier({ rndType: args[0] as RandomType, factorType: args[1] as FactorType, magnitude: args[2] as number })
    case 'Orthogonal': return args.length === 0 ? new Orthogonal() : new Orthogonal({ scale: number, randType: args[1] as 'normal' })
    case 'Bilinear': return new Bilinear()
    case 'LSTMBias': return new LSTMBias()
    default: return args.length === 0 ? new MSRAPrelu() : new MSRAPrelu({ factorType: args[0] as FactorType, slope: args[1] as number })
  }
}

/** The largest difference of two vectors, whichever way each points. */
function distance(a: readonly number[], b: readonly number[]): number {
  const apart = (sign: number): number => Math.max(...a.map((value, i) => Math.abs(value - sign * b[i]!)))
  return Math.min(apart(1), apart(-1))
}

/** The rows of a matrix, or its columns where it is tall. */
function vectorsOf(values: readonly number[], rows: number): number[][] {
  const columns = values.length / rows
  return rows >= columns
    ? Array.from({ length: columns }, (_, column) => Array.from({ length: rows }, (__, row) => values[row * columns + column]!))
    : Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns))
}

const ITEMS: Record<string, string> = { Xavier: 'B-11.2', MSRAPrelu: 'B-11.3', Orthogonal: 'B-11.3', Bilinear: 'B-11.4', LSTMBias: 'B-11.4' }
const rows = Object.entries(golden).map(([key, row]) => [ITEMS[/^\w+/.exec(key)![0]] ?? 'B-11.1', key, row] as const)

describe('initializers against MXNet', () => {
  freshStreams()

  it.each(rows)('%s: %s', (_, key, row) => {
    const [, call, shapeText, seedText = '0'] = /^(.*?\)) \(([^)]*)\)(?: seed (\d+))?$/.exec(key)!
    const shape = shapeText!.split(',').filter(text => text.trim() !== '').map(Number)
    seed(Number(seedText))
    const initializer = make(call!)
    if ('error' in row) {
      // MXNet's Orthogonal fails on vectors by accident, in the operator that draws.
      const [name, text] = call!.startsWith('Orthogonal') ? ['ValueError', 'cannot be applied to vector w. It requires at least 2D.'] : row.error.split(': ')
      expect(() => drawn(initializer, shape)).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text!) }))
      expect(position()).toBe(0)
      return
    }
    if (row.dumps !== undefined) expect(initializer.dumps()).toBe(row.dumps)
    const values = numbers(drawn(initializer, row.shape))
    expect(position()).toBe(row.pos ?? 0)
    if (call!.startsWith('Orthogonal')) {
      const [ours, theirs] = [vectorsOf(values, row.shape[0]!), vectorsOf(row.data, row.shape[0]!)]
      expect(ours.length).toBe(theirs.length)
      ours.forEach((vector, i) => expect(distance(vector, theirs[i]!)).toBeLessThan(1e-5))
    } else {
      const isNormal = call!.startsWith('Normal') || call!.startsWith('MSRAPrelu') || call!.includes('gaussian')
      if (!isNormal) expect(values).toEqual(row.data.map(Math.fround))
      values.forEach((value, i) => expect(Math.abs(value - row.data[i]!)).toBeLessThanOrEqual(1e-6 * Math.abs(row.data[i]!)))
    }

    // What dumps gave makes the same initializer again.
    const again = create(initializer.dumps())
    expect(again.equals(initializer)).toBe(true)
    seed(Number(seedText))
    expect(numbers(drawn(again, row.shape))).toEqual(values)
  })

  // Weights get the default, all others the numbers that their layers ask for: which layer asks for which is tested with the layers.
  it.each(Object.entries(defaults))('N-04: the default draws in order for %s', (key, { params, pos }) => {
    seed(Number(/^seed (\d+)/.exec(key)![1]))
    for (const { name, shape, data } of params) {
      const constant = data.every(value => value === data[0])
      expect(constant).toBe(!name.endsWith('weight'))
      expect(numbers(drawn(constant ? new Constant(data[0]!) : create('uniform'), shape)), name).toEqual(data.map(Math.fround))
    }
    expect(position()).toBe(pos)
  })

  it('N-03: the course\'s normals are exact', () => {
    expect(numbers(drawn(new Normal({ sigma: 1 }), [6]))).toEqual([
      2.2122063636779785, 1.1630786657333374, 0.774003803730011, 0.4838046133518219, 1.0434404611587524, 0.299563467502594,
    ])
  })
})
