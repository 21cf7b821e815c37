import { describe, expect, it } from 'vitest'
import { Context, array, autograd, linear, np, oneHot, pick, registerBackend, scatterAdd } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList, flat } from '../support/close.ts'
import { simulatedBackend } from '../support/simulated.ts'
import { thrownBy } from '../support/thrown.ts'

const gpu = (i = 0): Context => new Context('gpu', i)

const MIXES: readonly [string, (here: NDArray, there: NDArray) => unknown][] = [
  ['add', (a, b) => a.add(b)], ['sub', (a, b) => a.sub(b)], ['power', (a, b) => a.pow(b)], ['maximum', (a, b) => np.maximum(a, b)], ['eq', (a, b) => a.eq(b)],
  ['matmul', (a, b) => a.matmul(b)], ['dot', (a, b) => np.dot(a, b)], ['where', (a, b) => np.where(a, b, 0)], ['where among values', (a, b) => np.where(a, a, b)],
  ['concatenate', (a, b) => np.concatenate([a, a, b])], ['stack', (a, b) => np.stack([a, b])], ['take', (a, b) => np.take(a, b)], ['get', (a, b) => a.get(b)],
  ['pick', (a, b) => pick(a, b.get(0))], ['scatterAdd', (a, b) => scatterAdd(a, b.get(0), [2, 2])], ['linear', (a, b) => linear(a, b)],
  ['linear with a bias', (a, b) => linear(a, a, b.get(0))], ['logicalAnd', (a, b) => np.logicalAnd(a, b)], ['iadd', (a, b) => a.iadd(b)], ['imul', (a, b) => a.imul(b)],
  ['set', (a, b) => a.set(b)], ['set at a position', (a, b) => a.set([0], b.get(0))],
]

describe('mixing contexts (S5.6-08)', () => {
  cleanState()

  it.each(MIXES)('%s refuses, names both, and changes neither', (_, mix) => {
    registerBackend(simulatedBackend('sim', 2))
    const here = array([[1, 0], [0, 1]])
    const there = array([[1, 0], [0, 1]], { ctx: gpu() })
    const elsewhere = array([[1, 0], [0, 1]], { ctx: gpu(1) })
    for (const [a, b] of [[here, there], [there, here], [there, elsewhere]] as const) {
      const error = thrownBy(() => mix(a, b))
      expect(error.message).toContain(String(a.context))
      expect(error.message).toContain(String(b.context))
      expect(error.hint ?? '').toContain('copyto')
      for (const x of [a, b]) expect(flat(x)).toEqual([1, 0, 0, 1])
    }
  })

  it('has the text that Gluon users know', () => {
    registerBackend(simulatedBackend('sim', 2))
    const { message } = thrownBy(() => np.ones(1).add(np.ones(1, { ctx: gpu() })))
    expect(message).toContain('require all inputs live on the same context. But the first argument is on cpu(0) while the 2-th argument is on gpu(0)')
  })

  it('refuses a head gradient from elsewhere', () => {
    registerBackend(simulatedBackend('sim', 1))
    const x = array([1, 2])
    x.attachGrad()
    const y = autograd.record(() => x.mul(x))
    thrownBy(() => y.backward(np.ones(2, { ctx: gpu() })))
    expectList(x.grad!, [0, 0])
  })

  it('any cpu(i) mixes with any other: they are one memory', () => {
    const [a, b] = [array([1, 2], { ctx: new Context('cpu', 0) }), array([10, 20], { ctx: new Context('cpu', 1) })]
    expectList(a.add(b), [11, 22])
    expect(String(a.add(b).context)).toBe('cpu(0)')
    expect(String(b.add(a).context)).toBe('cpu(1)')
    expectList(b.iadd(a), [11, 22])
    expectList(np.where(a, b, a), [11, 22])
  })

  it('numbers and lists of positions live everywhere', () => {
    registerBackend(simulatedBackend('sim', 1))
    const x = array([1, 2, 3], { ctx: gpu() })
    const results = [x.add(1), x.get([2, 0]), x.get(-1), np.clip(x, 0, 2), np.where(x, 1, 0), oneHot(x, 4), x.set([[0, 2]], 5)]
    for (const y of results) expect(String(y.context)).toBe('gpu(0)')
    expectList(x, [5, 2, 5])
  })

  it('gradients are computed where the arrays are', () => {
    registerBackend(simulatedBackend('sim', 1))
    const x = array([1, 2, 3], { ctx: gpu() })
    x.attachGrad()
    autograd.record(() => x.mul(x).get('::-2').sum()).backward()
    expect(String(x.grad!.context)).toBe('gpu(0)')
    expectList(x.grad!, [2, 0, 6])
  })
})
