import { describe, expect, it } from 'vitest'
import { array, np } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import type { GoldenArray } from '../golden/read.ts'
import { goldenNumber, readGolden } from '../golden/read.ts'
import { cleanState } from '../support/clean-state.ts'
import { expectClose } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'
import { DEPARTURES, OPEN } from './departures.ts'
import { evaluate } from './expressions.ts'

type Row = GoldenArray | { error: string } | GoldenArray[] | number

const { results } = readGolden('arithmetic.json') as { results: Record<string, Row> }

/** The file's operands; int64 (`l`) is for storage only. */
const operands = (): Record<string, NDArray> => ({
  b: array([1, 0, 1], { dtype: 'bool' }),
  i: array([1, 2, -3], { dtype: 'int32' }),
  l: array([1, 2, -3], { dtype: 'int64' }),
  u: array([1, 2, 250], { dtype: 'uint8' }),
  h: array([0.5, 2, -3], { dtype: 'float16' }),
  f: array([0.5, 2, -3]),
  d: array([0.5, 2, -3], { dtype: 'float64' }),
})

const names = (expression: string): string[] => expression.match(/(?<![\w.])[bilufhd](?![\w(])/gu) ?? []
const mentions = (expression: string, operand: string): boolean => names(expression).includes(operand)

const storage = Object.keys(results).filter(key => mentions(key, 'l'))
const rest = Object.keys(results).filter(key => !mentions(key, 'l'))

describe('dtype rules against MXNet 1.9.1 (B-14.1)', () => {
  cleanState()

  const comparable = rest.filter(key => !Array.isArray(results[key]) && key !== 'f.item(1)' && !(key in OPEN))

  it.each(comparable)('%s', expression => {
    const row = DEPARTURES[expression] ?? results[expression]!
    if (typeof row !== 'object' || !('data' in row)) throw new Error(`MXNet refuses ${expression}: what should Ashlar do?`)
    const expected = { shape: [3], ...row }
    const result = evaluate(expression, operands())!
    expect(result.dtype).toBe(expected.dtype)
    // The file gives float16 by the fewest digits that tell its neighbours apart.
    const rtol = { float64: 1e-14, float16: 5e-4 }[expected.dtype as string] ?? 5e-7
    // MXNet's own logarithm of the softmax is off by 8e-7.
    const atol = expression === 'npx.log_softmax(f)' ? 1e-6 : 0
    expectClose(result, expected.shape, expected.data.map(goldenNumber), { rtol, atol })
  })

  it('lists no departure for an expression that the file does not have', () => {
    expect(Object.keys(DEPARTURES).filter(key => !(key in results))).toEqual([])
  })

  it.each(Object.keys(OPEN))('%s gives a bool or an integer, or is refused', expression => {
    let result: NDArray | null = null
    try {
      result = evaluate(expression, operands())
    } catch {
      thrownBy(() => evaluate(expression, operands()))
    }
    if (result !== null) expect(['bool', 'int32']).toContain(result.dtype)
  })

  it('np.split(np.arange(6),3)', () => {
    const expected = results['np.split(np.arange(6),3)'] as GoldenArray[]
    const parts = np.split(np.arange(6), 3)
    expect(parts.length).toBe(expected.length)
    for (const [i, part] of parts.entries()) expectClose(part, expected[i]!.shape, expected[i]!.data.map(goldenNumber), { rtol: 0, atol: 0 })
  })

  it('f.item(1)', () => expect(operands()['f']!.item(1)).toBe(results['f.item(1)']))

  const refused = storage.filter(key => !/where|cumsum|concatenate|\]\)/u.test(key))
  it.each(refused)('%s: int64 is for storage, and the error names the cast', expression => {
    const error = thrownBy(() => evaluate(expression, operands()))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain("cast first: x.astype('float64')")
  })
})
