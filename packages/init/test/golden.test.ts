import { describe, expect, it } from 'vitest'
import { seed } from '@ashlar/core'
import type { FactorType, Initializer, RandomType } from '@ashlar/init'
import { Constant, MSRAPrelu, Normal, One, Uniform, Xavier, Zero, create } from '@ashlar/init'
import { drawn, freshStreams, golden, numbers, position } from './support.ts'

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
    default: return args.length === 0 ? new MSRAPrelu() : new MSRAPrelu({ factorType: args[0] as FactorType, slope: args[1] as number })
  }
}

describe('B-11: initializers against MXNet', () => {
  freshStreams()

  it.each(Object.keys(golden))('%s', key => {
    const row = golden[key]!
    const [, call, shapeText, seedText] = /^(.*?\)) \(([^)]*)\) seed (\d+)$/.exec(key)!
    const shape = shapeText!.split(',').filter(text => text.trim() !== '').map(Number)
    seed(Number(seedText))
    const initializer = make(call!)
    if ('error' in row) {
      const [name, text] = row.error.split(': ')
      expect(() => drawn(initializer, shape)).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text!) }))
      expect(position()).toBe(0)
      return
    }
    expect(initializer.dumps()).toBe(row.dumps)
    const values = numbers(drawn(initializer, row.shape))
    expect(position()).toBe(row.pos)
    const isNormal = call!.startsWith('Normal') || call!.startsWith('MSRAPrelu') || call!.includes('gaussian')
    if (!isNormal) expect(values).toEqual(row.data.map(Math.fround))
    values.forEach((value, i) => expect(Math.abs(value - row.data[i]!)).toBeLessThanOrEqual(1e-6 * Math.abs(row.data[i]!)))

    // What dumps gave makes the same initializer again.
    const again = create(row.dumps)
    expect(again.equals(initializer)).toBe(true)
    seed(Number(seedText))
    expect(numbers(drawn(again, row.shape))).toEqual(values)
  })

  it('N-03: the course\'s normals are exact', () => {
    expect(numbers(drawn(new Normal({ sigma: 1 }), [6]))).toEqual([
      2.2122063636779785, 1.1630786657333374, 0.774003803730011, 0.4838046133518219, 1.0434404611587524, 0.299563467502594,
    ])
  })
})
