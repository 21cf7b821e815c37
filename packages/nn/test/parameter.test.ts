import { describe, expect, it } from 'vitest'
import { AshlarError, Context, DeferredInitializationError, RuntimeError, autograd, np } from '@ashlar/core'
import { Xavier } from '@ashlar/init'
import { Parameter } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position, warnings } from './support.ts'

const deferred = (): Parameter => {
  const p = new Parameter('w', { shape: [2, -1], allowDeferredInit: true })
  p.initialize('ones')
  return p
}

describe('Parameter', () => {
  freshProcess()

  it('B-1.1: defaults; a number is a shape of one dimension', () => {
    const p = new Parameter('w', { shape: 3 })
    expect([p.shape, p.dtype, p.gradReq, p.lrMult, p.wdMult, p.init, p.allowDeferredInit, p.differentiable]).toEqual([[3], 'float32', 'write', 1, 1, null, false, true])
  })

  it('B-1.1b: stype and gradStype', () => {
    expect([new Parameter('w').stype, new Parameter('w', { stype: 'default', gradStype: 'default' }).gradStype]).toEqual(['default', 'default'])
    expect(() => new Parameter('w', { stype: 'dense' as never })).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining(`stype for Parameter 'w' must be one of 'default', 'row_sparse', or 'csr', but got 'dense'`) }))
    expect(() => new Parameter('w', { gradStype: 3 as never })).toThrow(`grad_stype for Parameter 'w' must be one of 'default', 'row_sparse', or 'csr', but got '3'`)
    for (const sparse of [{ stype: 'csr' }, { gradStype: 'row_sparse' }] as const) expect(() => new Parameter('w', sparse)).toThrow(expect.objectContaining({ name: 'NotImplementedError', message: expect.stringContaining(`use 'default'`) }))
  })

  it('B-1.1c: a name that is no text and a shape that is none are refused', () => {
    expect(() => new Parameter(3 as never)).toThrow(TypeError)
    for (const shape of [2.5, [2, 0.5], '2', [null]]) expect(() => new Parameter('w', { shape: shape as never })).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('a shape is a list of whole numbers') }))
    expect(() => new Parameter('w', { grad_req: 'null' } as never)).toThrow(`unknown option 'grad_req'; use gradReq`)
    const p = new Parameter('w', { shape: 2 })
    p.initialize('ones')
    expectRefusal(p, () => p.initialize('zeros', { force: true } as never), 'TypeError', `unknown option 'force'`)
    expectRefusal(p, () => p.setData([1, 2] as never), 'TypeError', 'setData takes an array')
  })

  it('B-1.11b: the dtype can be set', () => {
    const p = new Parameter('w', { shape: 2 })
    p.initialize('ones')
    p.dtype = 'float64'
    expect([p.data().dtype, String(p)]).toEqual(['float64', 'Parameter w (shape=(2,), dtype=float64)'])
    p.cast('float16')
    expect([p.data().dtype, p.grad().dtype, String(p)]).toEqual(['float16', 'float16', 'Parameter w (shape=(2,), dtype=float16)'])
    expect([p.initialized, new Parameter('v').initialized]).toEqual([true, false])
  })

  it('B-1.2: printed forms', () => {
    expect(new Parameter('w', { shape: [256, 20], dtype: 'float32' }).repr()).toBe('Parameter w (shape=(256, 20), dtype=float32)')
    expect(String(new Parameter('w', { shape: 3 }))).toBe(`Parameter w (shape=(3,), dtype=<class 'numpy.float32'>)`)
    const p = new Parameter('w')
    expect(String(p)).toBe(`Parameter w (shape=None, dtype=<class 'numpy.float32'>)`)
    p.cast('float64')
    expect(String(p)).toBe('Parameter w (shape=None, dtype=float64)')
  })

  it('B-1.3: unknown extents are -1 and can be filled in; known ones neither changed nor forgotten', () => {
    const p = new Parameter('w', { shape: [2, 0, -1] })
    expect(p.shape).toEqual([2, -1, -1])
    p.shape = [2, 5, -1]
    expect(p.shape).toEqual([2, 5, -1])
    for (const shape of [[2, 6, 1], [2, 0, 1], [2, 5], [2, 5, 1, 1]]) {
      expectRefusal(p, () => { p.shape = shape }, 'AssertionError', `Expected shape (${shape.join(', ')}) is incompatible with given shape (2, 5, -1).`)
    }
  })

  it('B-1.4: the initializer that is given wins over its own, which wins over the default', () => {
    const make = (): Parameter => new Parameter('w', { shape: 1, init: 'ones' })
    const values = [make(), make(), new Parameter('w', { shape: 1 })].map((p, i) => {
      p.initialize(i === 0 ? 'zeros' : null, { defaultInit: '["constant", {"value": 7}]' })
      return p.data().item()
    })
    expect(values).toEqual([0, 1, 7])
  })

  it('B-1.4: initializing again is a warning and no more', () => {
    const p = new Parameter('w', { shape: 2 })
    p.initialize('ones')
    expectRefusal(p, () => { p.initialize('zeros'); throw new RuntimeError(warnings.join()) }, 'RuntimeError', `Parameter 'w' is already initialized, ignoring. Set force_reinit=True to re-initialize.`)
  })

  it('B-1.4: forceReinit gives new arrays with fresh gradients', () => {
    const p = new Parameter('w', { shape: 2 })
    p.initialize('ones')
    autograd.record(() => p.data().mul(3)).backward()
    p.initialize('zeros', { forceReinit: true })
    expect([numbers(p.data()), numbers(p.grad())]).toEqual([[0, 0], [0, 0]])
  })

  it('B-1.4, S5.4-09: an unknown shape is refused, or waits where that is allowed', () => {
    expectRefusal(new Parameter('w', { shape: [-1, 8] }), function () { throw tryInit(new Parameter('w', { shape: [-1, 8] })) }, 'ValueError', `Cannot initialize Parameter 'w' because it has invalid shape: (-1, 8).`)
    expect(tryInit(new Parameter('w')).message).toContain('invalid shape: None.')
    expect(deferred().deferred).toBe(true)
  })

  it('a failed initialization leaves the values that were there', () => {
    const p = new Parameter('w', { shape: 3 })
    p.initialize('ones')
    autograd.record(() => p.data().mul(3)).backward()
    expectRefusal(p, () => p.initialize(new Xavier(), { forceReinit: true }), 'ValueError', 'Xavier initializer cannot be applied to vector w. It requires at least 2D.')
    expectRefusal(p, () => p.initialize('zeros', { forceReinit: true, ctx: new Context('gpu', 5) }), 'MXNetError', 'gpu(5)')
    expectRefusal(p, () => p.initialize('no such thing', { forceReinit: true }), 'AssertionError', 'no such thing is not registered. Please register with initializer.register first')
  })

  it('a failed first initialization can be tried again', () => {
    const p = new Parameter('w', { shape: 3 })
    expectRefusal(p, () => p.initialize(new Xavier()), 'ValueError', 'cannot be applied to vector w')
    p.initialize('ones')
    expect(numbers(p.data())).toEqual([1, 1, 1])
  })

  it('B-1.5: initializing is not recorded, and gradients start at zeros', () => {
    const p = new Parameter('w', { shape: 2 })
    autograd.record(() => p.initialize())
    expect([numbers(p.grad()), position()]).toEqual([[0, 0], 2])
    expect(() => p.data().backward()).not.toThrow()
  })

  it('B-1.6: data is the live array', () => {
    const p = new Parameter('w', { shape: 2 })
    p.initialize('ones')
    p.data().iadd(1)
    p.data().set([0], 9)
    expect(numbers(p.data())).toEqual([9, 2])
    expect(() => p.data().dispose()).toThrow('belongs to a parameter')
  })

  it('B-1.6, 1.7: reading what was never initialized', () => {
    const p = new Parameter('w', { shape: 2 })
    const never = `Parameter 'w' has not been initialized. Note that you should initialize parameters and create Trainer with Block.collect_params() instead of Block.params`
    for (const read of [() => p.data(), () => p.listData(), () => p.grad(), () => p.listGrad()]) expectRefusal(p, read, 'RuntimeError', never)
    expectRefusal(p, () => p.listCtx(), 'RuntimeError', `Parameter 'w' has not been initialized`)
  })

  it('B-1.7: a deferred parameter knows its contexts and nothing else; its error is no RuntimeError', () => {
    const p = deferred()
    expect(p.listCtx().map(String)).toEqual(['cpu(0)'])
    for (const read of [() => p.data(), () => p.listData(), () => p.grad(), () => p.listGrad()]) {
      expect(read).toThrow(DeferredInitializationError)
      expect(read).toThrow(AshlarError)
      expect(read).not.toThrow(RuntimeError)
      expectRefusal(p, read, 'DeferredInitializationError', `Parameter 'w' has not been initialized yet because initialization was deferred. Actual initialization happens during the first forward pass.`)
    }
  })

  it('B-1.8: the gradient is the live buffer that each backward writes', () => {
    const p = new Parameter('w', { shape: 2 })
    p.initialize('ones')
    const gradient = p.grad()
    autograd.record(() => p.data().mul(3)).backward()
    expect(numbers(gradient)).toEqual([3, 3])
    autograd.record(() => p.data().mul(5)).backward()
    expect(p.grad()).toBe(gradient)
    expect(numbers(gradient)).toEqual([5, 5])
  })
})

describe('gradReq', () => {
  freshProcess()
  const ready = (): Parameter => {
    const p = new Parameter('w', { shape: 1 })
    p.initialize('ones')
    return p
  }
  const backward = (p: Parameter): void => autograd.record(() => p.data().mul(3)).backward()

  it('B-1.9, 1.10: add accumulates until zeroGrad', () => {
    const p = ready()
    p.gradReq = 'add'
    backward(p)
    backward(p)
    expect(p.grad().item()).toBe(6)
    p.zeroGrad()
    expect(p.grad().item()).toBe(0)
  })

  it('B-1.9: null frees the gradient, and writing again starts at zeros', () => {
    const p = ready()
    backward(p)
    p.gradReq = 'null'
    expectRefusal(p, () => p.grad(), 'RuntimeError', `Cannot get gradient array for Parameter 'w' because grad_req='null'`)
    expect(autograd.record(() => p.data().mul(3)).node).toBeNull()
    p.zeroGrad()
    p.gradReq = 'write'
    expect(p.grad().item()).toBe(0)
    backward(p)
    expect(p.grad().item()).toBe(3)
  })

  it('B-1.9: other values are refused', () => {
    expectRefusal(ready(), () => { ready().gradReq = 'sum' as never }, 'AssertionError', `grad_req must be one of 'write', 'add', or 'null', but got 'sum'`)
    expect(() => new Parameter('w', { gradReq: 'x' as never })).toThrow('grad_req must be one of')
  })

  it('B-1.9: what is not differentiable stays at null, silently', () => {
    const p = new Parameter('w', { shape: 1, differentiable: false, gradReq: 'write' })
    p.gradReq = 'add'
    expect([p.gradReq, warnings]).toEqual(['null', []])
  })

  it('B-1.10: zeroGrad before initialization does nothing', () => {
    expect(() => new Parameter('w').zeroGrad()).not.toThrow()
    expect(() => deferred().zeroGrad()).not.toThrow()
  })
})

function tryInit(p: Parameter): Error {
  try {
    p.initialize()
  } catch (error) {
    return error as Error
  }
  throw new Error(`no error for ${String(np.array(p.shape ?? []))}`)
}
