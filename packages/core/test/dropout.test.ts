import './backend.ts'
import { array, autograd, isAshlarError, npx, ones, seed } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import type { GoldenArray } from './golden/read.ts'
import { readGolden } from './golden/read.ts'
import { cleanState } from './support/clean-state.ts'

interface Row extends GoldenArray {
  seed: number
  call: string
}

const rows = [...(readGolden('samplers.json') as Row[]), ...(readGolden('samplers-legacy.json') as Row[])].filter(({ call }) => /dropout/i.test(call))
const values = (x: { toTypedArray(): ArrayLike<number | bigint> }): number[] => Array.from(x.toTypedArray() as Float32Array)

describe('npx.dropout', () => {
  cleanState()

  it('has golden rows', () => expect(rows.length).toBeGreaterThan(3))

  it.each(rows)('N-05 seed $seed $call: what MXNet keeps', ({ seed: from, call, shape, data }) => {
    seed(from)
    const p = Number(/\((?:p=)?(0?\.\d+)/.exec(call)![1])
    const axes = call.includes('axes=(0,)') ? [0] : []
    expect(values(autograd.trainMode(() => npx.dropout(ones(shape), p, { axes })))).toEqual(data.map(Number))
  })

  it('leaves predictions as they are, and always drops where asked to', () => {
    const x = array([1, 2, 3])
    expect(values(npx.dropout(x, 0.9))).toEqual([1, 2, 3])
    seed(0)
    expect(values(npx.dropout(ones([200]), 0.9, { mode: 'always' })).filter(value => value === 0).length).toBeGreaterThan(150)
  })

  it('passes the gradient where elements were kept, scaled alike', () => {
    const x = ones([100])
    x.attachGrad()
    const y = autograd.record(() => npx.dropout(x, 0.5))
    y.backward()
    expect(values(x.grad!)).toEqual(values(y))
  })

  it.each([1, -0.1, NaN, '0.5' as unknown as number])('refuses the probability %s', p => {
    let caught: unknown
    try {
      npx.dropout(ones([2]), p)
    } catch (error) {
      caught = error
    }
    expect(isAshlarError(caught) && caught.message).toMatch(/^\[dropout\]/)
  })
})
