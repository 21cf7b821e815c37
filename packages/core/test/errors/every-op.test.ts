import { describe, expect, it } from 'vitest'
import * as ops from '../../src/ops/index.ts'
import { Context, DTYPES, array, autograd, isAshlarError, isNDArray, np, npx, registerBackend } from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { flat } from '../support/close.ts'
import { simulatedBackend } from '../support/simulated.ts'
import type { Row } from './table.ts'
import { ELSEWHERE, ROWS } from './table.ts'

type AnyFunction = (...args: unknown[]) => unknown
const CREATION = ['arange', 'array', 'eye', 'full', 'linspace', 'ones', 'onesLike', 'zeros', 'zerosLike']
const exported = new Set<unknown>(Object.values(ops))
/** What `ops/index.ts` exports, and what NumPy's and Gluon's names reach beside it. */
const table: Readonly<Record<string, AnyFunction>> = Object.fromEntries([
  ...Object.entries(ops),
  ...[np, np.fft, npx].flatMap(place => Object.entries(place)).filter(([name, value]) => !exported.has(value) && !CREATION.includes(name)),
].filter(([, value]) => typeof value === 'function')) as never
const names = Object.keys(ROWS)

const GARBAGE: readonly unknown[] = [undefined, null, 'a', '1', true, {}, [], [1, 2], () => 1, Symbol('s'), 1n, new Float32Array(2), new Date(), Number.NaN, 1]
const say = (value: unknown): string => (isNDArray(value) ? `${value.dtype} (${value.shape.join(', ')})` : Array.isArray(value) ? `[${value.map(say).join(', ')}]`
  : typeof value === 'object' && value !== null && value.constructor === Object ? `{ ${Object.entries(value).map(([key, entry]) => `${key}: ${say(entry)}`).join(', ')} }` : String(value))

/** All arrays among the arguments, those in lists too. */
const arraysIn = (args: readonly unknown[]): NDArray[] => args.flat().filter(isNDArray)
const placesOf = (args: readonly unknown[]): number[] => args.flatMap((value, i) => (isNDArray(value) ? [i] : []))
const replaced = (args: readonly unknown[], at: number, value: unknown): unknown[] => args.map((old, i) => (i === at ? value : old))

/** Calls an operation. What it throws has to be ours and to begin with its name; its inputs stay as they are; it is quick. */
function attempt(name: string, { names: others = [] }: Row, args: readonly unknown[]): { result?: unknown; error?: Error & { hint?: string } } {
  const call = `${name}(${args.map(say).join(', ')})`
  const before = arraysIn(args).map(x => (x.buffer === null ? null : flat(x)))
  const started = performance.now()
  const outcome: { result?: unknown; error?: Error } = {}
  try {
    outcome.result = table[name]!(...args)
  } catch (error) {
    expect(isAshlarError(error), `${call} threw ${String(error)}`).toBe(true)
    outcome.error = error as Error
    const op = /^\[([\w.]+)\] ./u.exec(outcome.error.message)?.[1]
    expect([name, ...others, 'NDArray'], `${call}: ${outcome.error.message}`).toContain(op)
  }
  expect(performance.now() - started, `${call} is slow`).toBeLessThan(2000)
  expect(arraysIn(args).map(x => (x.buffer === null ? null : flat(x))), `${call} changed its inputs`).toEqual(before)
  return outcome
}

function mustThrow(name: string, row: Row, args: readonly unknown[]): Error & { hint?: string } {
  const { error, result } = attempt(name, row, args)
  if (error !== undefined) return error
  throw new Error(`${name}(${args.map(say).join(', ')}) gave ${say(result)}`)
}

/** An array moved by its elements, which every dtype allows. */
const as = (x: NDArray, dtype: DType): NDArray => x.astype(dtype)

describe('the table of operations', () => {
  cleanState()

  it('has a row for every function that is exported', () => {
    const functions = Object.keys(table)
    expect(functions.filter(name => !(name in ROWS) && !ELSEWHERE.includes(name)), 'add a row to test/errors/table.ts').toEqual([])
    expect([...names, ...ELSEWHERE].filter(name => !functions.includes(name)), 'the row of an operation that is gone').toEqual([])
  })

  it.each(names)('%s works as its row says', name => {
    const row = ROWS[name]!
    expect(attempt(name, row, row.args()).error).toBeUndefined()
    for (const [key, value] of Object.entries(row.known ?? {})) {
      const args = row.args()
      const options = { ...(args[row.options!] as object), [key]: value }
      attempt(name, row, replaced(args, row.options!, options))
    }
  })
})

describe('what is no array', () => {
  cleanState()

  it.each(names)('%s refuses it in every place', name => {
    const row = ROWS[name]!
    const args = row.args()
    for (const at of placesOf(args)) {
      for (const value of GARBAGE) {
        if (typeof value === 'number' && row.operands?.includes(at)) continue
        if ((value === null || value === undefined) && row.optional?.includes(at)) continue
        // Two arrays make a condition with nothing to choose; undefined ends an argument list.
        expect(mustThrow(name, row, replaced(row.args(), at, value)), `${name} ${at} ${say(value)}`).toBeInstanceOf(TypeError)
      }
    }
    if (row.operands !== undefined) mustThrow(name, row, args.map(value => (isNDArray(value) ? 1 : value)))
    attempt(name, row, [])
  })
})

describe('arrays that cannot be used', () => {
  cleanState()

  it.each(names)('%s refuses freed ones', name => {
    const row = ROWS[name]!
    const count = arraysIn(row.args()).length
    for (let i = 0; i < count; i++) {
      const args = row.args()
      arraysIn(args)[i]!.dispose()
      expect(mustThrow(name, row, args).message).toContain('freed')
    }
  })

  it.each(names)('%s refuses arrays on two devices, and names the copy', name => {
    const row = ROWS[name]!
    registerBackend(simulatedBackend('other', 1))
    const count = arraysIn(row.args()).length
    for (let i = 0; i < count && count > 1; i++) {
      const args = row.args()
      const moved = arraysIn(args)[i]!
      const there = moved.copyto(new Context('gpu'))
      const swap = (value: unknown): unknown => (value === moved ? there : Array.isArray(value) ? value.map(swap) : value)
      const error = mustThrow(name, row, args.map(swap))
      expect(error.message).toContain('gpu(0)')
      expect(error.hint).toContain('copyto')
    }
  })

  it.each(names)('%s takes or refuses every dtype in every place', name => {
    const row = ROWS[name]!
    for (const at of placesOf(row.args())) {
      for (const dtype of Object.keys(DTYPES) as DType[]) {
        const args = row.args()
        const { error } = attempt(name, row, replaced(args, at, as(args[at] as NDArray, dtype)))
        if (error !== undefined && !DTYPES[dtype].arithmetic) expect(error.hint).toContain('astype')
      }
    }
  })

  it.each(names)('%s takes or refuses every rank, extents of 0 and long axes in every place', name => {
    const row = ROWS[name]!
    const shapes = [[], [0], [1], [3], [7], [2, 3], [0, 3], [3, 0], [3, 5], [2, 3, 4], [1, 2, 0], [1, 2, 4, 4], [1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2, 2, 2]]
    for (const at of placesOf(row.args())) {
      for (const shape of shapes) attempt(name, row, replaced(row.args(), at, np.ones(shape)))
      for (const value of [Number.NaN, Infinity, -Infinity, -1e30, 1e10]) {
        const args = row.args()
        attempt(name, row, replaced(args, at, np.full((args[at] as NDArray).shape, value)))
      }
    }
  })

  it.each(names)('%s is recorded without trouble', name => {
    const row = ROWS[name]!
    for (const at of placesOf(row.args())) {
      const args = row.args()
      const leaf = args[at] as NDArray
      leaf.attachGrad()
      const { result } = autograd.record(() => attempt(name, row, args))
      const heads = (isNDArray(result) ? [result] : Object.values(result as object)).filter(isNDArray).filter(x => x.node !== null)
      if (heads.length > 0 && heads[0]!.dtype === 'float32') {
        heads[0]!.backward()
        expect(leaf.grad!.shape).toEqual(leaf.shape)
      }
    }
  })
})

describe('parameters', () => {
  cleanState()

  const AXES: readonly unknown[] = [5, -9, 0.5, 'a', Number.NaN, Infinity, {}, true, [5], [0, 0], ['a'], [0.5]]
  const VALUES: readonly unknown[] = [null, 'a', '1', true, {}, [], [1, 2, 3, 4, 5], ['a'], [0.5], [null], -1, -5, 0, 0.5, 1e10, 2 ** 31, 2 ** 53, Number.NaN, Infinity, -Infinity, () => 1, Symbol('s'), 1n]

  it.each(names.filter(name => ROWS[name]!.options !== undefined))('%s takes or refuses every option', name => {
    const row = ROWS[name]!
    const at = row.options!
    const whole = (value: object): unknown[] => replaced(row.args(), at, { ...(row.args()[at] as object), ...value })
    for (const [key, good] of Object.entries(row.known!)) {
      if (key.startsWith('axis')) {
        for (const value of AXES.filter(each => row.twice !== true || String(each) !== '0,0')) mustThrow(name, row, whole({ [key]: value }))
      }
      for (const value of VALUES) {
        const { result } = attempt(name, row, whole({ [key]: value }))
        // Text is no number and no name, and not-a-number no extent.
        if (result !== undefined && typeof good !== 'boolean') {
          expect(typeof value === 'string' || typeof value === 'symbol' || typeof value === 'function' || typeof value === 'bigint', `${name} { ${key}: ${say(value)} } gave ${say(result)}`).toBe(false)
        }
      }
    }
    for (const value of [1, 'a', null, true]) mustThrow(name, row, replaced(row.args(), at, value))
  })

  it.each(names)('%s takes or refuses every value in the place of a plain argument', name => {
    const row = ROWS[name]!
    for (const [at, good] of row.args().entries()) {
      if (isNDArray(good) || at === row.options) continue
      for (const value of [...VALUES, [1, 1], [2, 3], [-1], [2 ** 16, 2 ** 16], [matrixOf(), 1], matrixOf()]) {
        const { result } = attempt(name, row, replaced(row.args(), at, value))
        if (result !== undefined && typeof good === 'number') {
          expect(['string', 'symbol', 'function', 'bigint', 'boolean'].includes(typeof value), `${name} ${say(value)} in place ${at} gave ${say(result)}`).toBe(false)
        }
      }
    }
  })
})

const matrixOf = (): NDArray => array([[1]])
