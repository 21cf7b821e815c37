import { describe, expect, it } from 'vitest'
import { Context, array, currentContext, np, withContext } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { simulatedBackend } from '../support/simulated.ts'
import { registerBackend } from '@ashlar/core'
import { thrownBy } from '../support/thrown.ts'

const gpu = (i = 0): Context => new Context('gpu', i)

describe('Context (B-15.1)', () => {
  cleanState()

  it('prints as type and index, which default to 0', () => {
    expect([new Context('cpu'), gpu(1), new Context('gpujs-cpu', 2)].map(String)).toEqual(['cpu(0)', 'gpu(1)', 'gpujs-cpu(2)'])
    expect(gpu(1).repr()).toBe('gpu(1)')
  })

  it('equals by type and index', () => {
    expect(gpu().equals(gpu(0))).toBe(true)
    for (const other of [gpu(1), new Context('cpu'), 'gpu(0)', null, undefined, {}]) expect(gpu().equals(other)).toBe(false)
  })

  it('has the type codes of parameter files', () => {
    expect(['cpu', 'gpu', 'cpu_pinned', 'cpu_shared', 'other'].map(type => new Context(type).deviceTypeid)).toEqual([1, 2, 3, 5, 0])
  })

  it.each([['', 0], [1, 0], [null, 0], ['gpu', -1], ['gpu', 0.5], ['gpu', '1'], ['gpu', Number.NaN]])('refuses %j, %j', (type, index) => {
    thrownBy(() => new Context(type as string, index as number))
  })

  it.each<[string, () => unknown]>([['a promise', async () => 1], ['a generator', function* draws() { yield 1 }]])('withContext refuses %s, and the context is restored', (_, fn) => {
    const error = thrownBy(() => withContext(gpu(1), fn))
    expect(error).toBeInstanceOf(TypeError)
    expect([error.op, error.code]).toEqual(['using', 'ERR_TYPE'])
    expect(String(currentContext())).toBe('cpu(0)')
  })

  it('B-15.2: naming an absent device is fine, making an array there is not', () => {
    const error = thrownBy(() => np.ones(2, { ctx: gpu(7) }))
    expect(error.message).toContain('there is no device gpu(7)')
    expect(error.message).toContain('cpu (cpu(i))')
    expect(error.hint).toContain('registerBackend')
    for (const make of [() => array([1], { ctx: gpu() }), () => np.ones(1).copyto(gpu()), () => np.ones(1).asInCtx(gpu()), () => np.random.uniform({ ctx: gpu() })]) {
      expect(thrownBy(make).message).toContain('gpu(0)')
    }
  })

  it.each(['cpu', 'gpu(0)', 1, null, {}])('an option ctx of %j is refused', ctx => {
    if (ctx === null) return
    thrownBy(() => np.ones(2, { ctx: ctx as never }))
    thrownBy(() => np.ones(2).asInCtx(ctx as never))
  })
})

describe('the current context (S5.6-05, S5.6-16)', () => {
  cleanState()

  it('is cpu(0), and arrays are made there', () => {
    expect(String(currentContext())).toBe('cpu(0)')
    expect(String(np.ones(1).context)).toBe('cpu(0)')
  })

  it('nests and restores, on a throw too', () => {
    registerBackend(simulatedBackend('sim', 2))
    const seen: string[] = []
    const look = (): unknown => seen.push(String(currentContext()), String(np.ones(1).ctx))
    withContext(gpu(1), () => {
      look()
      withContext(new Context('cpu', 3), look)
      expect(() => withContext(gpu(), () => { look(); throw new Error('boom') })).toThrow('boom')
      look()
    })
    look()
    expect(seen).toEqual(['gpu(1)', 'gpu(1)', 'cpu(3)', 'cpu(3)', 'gpu(0)', 'gpu(0)', 'gpu(1)', 'gpu(1)', 'cpu(0)', 'cpu(0)'])
  })

  it('returns what its callback returns, and refuses what is no context', () => {
    expect(withContext(gpu(), () => 5)).toBe(5)
    thrownBy(() => withContext('gpu' as never, () => 5))
    expect(String(currentContext())).toBe('cpu(0)')
  })

  it('holds for every way to make an array', () => {
    registerBackend(simulatedBackend('sim', 1))
    const arrays = withContext(gpu(), () => [
      np.zeros(1), np.ones(1), np.full(1, 2), np.arange(2), np.linspace(0, 1, 2), np.eye(1), array([1]), array(new Float32Array(1)), np.random.uniform(), np.random.normal(),
      np.random.randint(0, 5), np.random.permutation(3),
    ])
    for (const x of arrays) expect(String(x.context)).toBe('gpu(0)')
  })
})

describe('copies between contexts (S5.6-09, S5.6-11, S5.6-12)', () => {
  cleanState()

  it('copyto makes a new array, on the same context too', () => {
    registerBackend(simulatedBackend('sim', 2))
    const x = array([1, 2], { ctx: gpu(1) })
    const y = x.copyto(gpu(1))
    expect(y === x).toBe(false)
    y.iadd(1)
    expectList(x, [1, 2])
    expect(String(x.copyto(gpu()).context)).toBe('gpu(0)')
    expect(String(x.copyto(new Context('cpu')).context)).toBe('cpu(0)')
  })

  it('asInCtx returns the array itself on the same context, else a copy', () => {
    registerBackend(simulatedBackend('sim', 2))
    const x = array([1, 2], { ctx: gpu(1) })
    expect(x.asInCtx(gpu(1)) === x).toBe(true)
    expectList(x.asInCtx(gpu(0)), [1, 2])
  })

  it('an array copies into one elsewhere', () => {
    registerBackend(simulatedBackend('sim', 1))
    const [x, y] = [array([1, 2]), np.zeros(2, { ctx: gpu() })]
    expect(x.copyto(y) === y).toBe(true)
    expectList(y, [1, 2])
    expect(String(y.context)).toBe('gpu(0)')
  })

  it('results live where their inputs do, gradients too', () => {
    registerBackend(simulatedBackend('sim', 1))
    const x = np.arange(4, null, 1, { ctx: gpu() }).reshape(2, 2)
    x.attachGrad()
    const contexts = [x.add(1), x.matmul(x), x.sum(), x.get(0), x.get([1]), x.T, np.concatenate([x, x]), x.argmax(), x.eq(1), np.zerosLike(x), x.grad!]
    for (const y of contexts) expect(String(y.context)).toBe('gpu(0)')
  })
})
