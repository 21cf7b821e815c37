import { afterAll, describe, expect, it, vi } from 'vitest'
import { Team } from '../src/threads/team.ts'
import { engine } from '../src/wasm/engine.ts'
import { answerOf } from './support/child.ts'
import { cases } from './support/vector-cases.ts'

/** Functions that kernels call, all of which the cases have to reach. */
const FORMS = ['vv', 'vs', 'sv']
const eachForm = (...kinds: string[]): string[] => kinds.flatMap(kind => FORMS.map(form => `${kind} ${form}`))
const ARITHMETIC = [...eachForm('add', 'sub', 'mul', 'div', 'max', 'min'), 'neg', 'abs', 'sqrt', 'ceil', 'floor', 'trunc', 'nearest']
const FUNCTIONS: readonly (readonly ['gemm' | 'math' | 'rows', 'f32' | 'f64', readonly string[]])[] = [
  ['gemm', 'f32', ['packed', 'direct', 'dots']],
  ['gemm', 'f64', ['packed', 'direct', 'dots']],
  ['math', 'f32', [...ARITHMETIC, 'exp', 'log', 'tanh', 'sigmoid']],
  ['math', 'f64', ARITHMETIC],
  ['rows', 'f32', [...eachForm('eq', 'ne', 'lt', 'le', 'where'), ...['sum', 'max', 'min'].flatMap(kind => [`${kind} rows`, `${kind} columns`]), 'softmax', 'logSoftmax']],
]

describe('vector kernels', () => {
  const called = new Set<number>()
  const original = Team.prototype.run
  const spy = vi.spyOn(Team.prototype, 'run').mockImplementation(function (this: Team, tasks) {
    for (const [func] of tasks) called.add(func)
    original.call(this, tasks)
  })
  afterAll(() => spy.mockRestore())

  it.each(cases)('$name', ({ check }) => check())

  it('every function was called', () => {
    const missed = FUNCTIONS.flatMap(([family, type, names]) => {
      const numbers = engine()!.family(family, type)
      return names.filter(name => !called.has(numbers.get(name)!)).map(name => `${family} ${type} ${name}`)
    })
    expect(missed).toEqual([])
  })

  it.each([
    ['without relaxed vectors, which round products', { relaxed: false }, false],
    ['without vectors', { vectors: false }, null],
  ])('%s', async (_, options, relaxed) => {
    const answer = await answerOf<{ readonly relaxed: boolean | null; readonly checked: number; readonly failed: readonly string[] }>('vectors', { args: [JSON.stringify(options)], env: { EVERY_TAIL: '3' } })
    expect(answer).toEqual({ relaxed, checked: cases.length, failed: [] })
  })
})
