import { describe, expect, it } from 'vitest'
import { array, autograd, callout, defineOp, internal, keep, mul, np, scope } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { live } from '../../src/buffer.ts'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const freed = (x: NDArray): boolean => x.buffer === null

describe('scope', () => {
  cleanState()

  it('frees what was made inside, and nothing that was there before', () => {
    const outside = array([1])
    let inside: NDArray | undefined
    expect(scope(() => { inside = outside.add(1); return inside.item() })).toBe(2)
    expect(freed(inside!)).toBe(true)
    expectList(outside, [1])
  })

  it('returns the buffers: nothing is left of what it freed', () => {
    const before = live.buffers
    scope(() => { for (let i = 0; i < 10; i++) np.ones([4]).add(i).mul(2) })
    expect(live.buffers).toBe(before)
  })

  class Holder {
    readonly field = np.ones(1)
    readonly #hidden = np.ones(2)
    hidden(): NDArray { return this.#hidden }
  }

  it.each<[string, () => unknown, (result: never) => NDArray]>([
    ['the array', () => np.ones(1), (x: NDArray) => x],
    ['a list', () => [0, [np.ones(1)]], (x: [number, [NDArray]]) => x[1][0]],
    ['a plain object', () => ({ a: { b: np.ones(1) } }), (x: { a: { b: NDArray } }) => x.a.b],
    ['a Map’s value', () => new Map([['a', np.ones(1)]]), (x: Map<string, NDArray>) => x.get('a')!],
    ['a Map’s key', () => new Map([[np.ones(1), 1]]), (x: Map<NDArray, number>) => [...x.keys()][0]!],
    ['a Set', () => new Set([np.ones(1)]), (x: Set<NDArray>) => [...x][0]!],
    ['an own field', () => new Holder(), (x: Holder) => x.field],
    ['a function’s own field', () => Object.assign(() => 1, { held: np.ones(1) }), (x: { held: NDArray }) => x.held],
    ['an object that holds itself', () => { const a: { me?: unknown; x: NDArray } = { x: np.ones(1) }; a.me = a; return a }, (x: { x: NDArray }) => x.x],
  ])('keeps what %s holds', (_, make, find) => {
    const found = find(scope(make) as never)
    expectList(found, [1])
  })

  it('does not see private fields: their arrays go', () => {
    expect(freed(scope(() => new Holder()).hidden())).toBe(true)
  })

  it('keeps what keep() was given, through nested scopes', () => {
    let kept: NDArray | undefined
    scope(() => scope(() => { kept = keep(np.ones(1)) }))
    expectList(kept!, [1])
  })

  it('hands the results of an inner scope to the outer one', () => {
    let inner: NDArray | undefined
    const result = scope(() => {
      const [a, b] = scope(() => [np.ones(1), np.ones(2)] as const)
      inner = a
      expectList(a, [1])
      return b
    })
    expect(freed(inner!)).toBe(true)
    expectList(result, [1, 1])
  })

  it('frees on a throw, and restores what was there', () => {
    let made: NDArray | undefined
    expect(() => scope(() => { made = np.ones(1); throw new Error('boom') })).toThrow('boom')
    expect(freed(made!)).toBe(true)
    const after = np.ones(1)
    expectList(after, [1])
  })

  it.each<[string, () => unknown]>([['a promise', async () => np.ones(1)], ['a generator', function* steps() { yield np.ones(1) }]])(
    'refuses %s', (_, fn) => expect(thrownBy(() => scope(fn))).toBeInstanceOf(TypeError))

  it('lets gradients live wherever they are made', () => {
    const x = array([2])
    scope(() => x.attachGrad())
    scope(() => autograd.record(() => x.mul(x)).backward())
    expectList(x.grad!, [4])
    expect(thrownBy(() => x.grad!.dispose()).message).toContain('gradient')
  })

  it('lets a returned loss be differentiated', () => {
    const x = array([2])
    x.attachGrad()
    scope(() => autograd.record(() => x.mul(x).mul(x))).backward()
    expectList(x.grad!, [12])
  })

  it('keeps what an in-place change made: the array names the new elements', () => {
    const x = array([1])
    scope(() => { x.iadd(1); x.set([0], x.get(0).add(1)) })
    expectList(x, [3])
  })
})

describe('internal and callout', () => {
  cleanState()

  it('internal drops what was made inside but the result', () => {
    let step: NDArray | undefined
    const result = internal(() => { step = np.ones(1); return step.add(1) })
    expect(freed(step!)).toBe(true)
    expectList(result, [2])
  })

  it('internal drops on a throw as well', () => {
    let step: NDArray | undefined
    expect(() => internal(() => { step = np.ones(1); throw new Error('boom') })).toThrow('boom')
    expect(freed(step!)).toBe(true)
  })

  it('callout inside of internal: what user code made lives', () => {
    let seen: NDArray | undefined
    let unseen: NDArray | undefined
    internal(() => {
      callout(() => { seen = np.ones(1) })
      unseen = np.ones(1)
    })
    expect([freed(seen!), freed(unseen!)]).toEqual([false, true])
  })

  it('callout inside of internal inside of scope: the scope ends it', () => {
    let seen: NDArray | undefined
    scope(() => {
      internal(() => callout(() => { seen = np.ones(1) }))
      expect(freed(seen!)).toBe(false)
    })
    expect(freed(seen!)).toBe(true)
  })

  it('callout restores on a throw: internal goes on dropping', () => {
    let step: NDArray | undefined
    internal(() => {
      expect(() => callout(() => { throw new Error('boom') })).toThrow('boom')
      step = np.ones(1)
    })
    expect(freed(step!)).toBe(true)
  })

  it('internal inside of internal drops its own alone, and hands its result to the outer one', () => {
    let [outer, inner, result]: (NDArray | undefined)[] = []
    internal(() => {
      outer = np.ones(1)
      result = internal(() => { inner = np.ones(1); return inner.add(1) })
      expect([freed(outer), freed(inner!), freed(result)]).toEqual([false, true, false])
      expect(() => internal(() => { inner = np.ones(1); throw new Error('boom') })).toThrow('boom')
      expect([freed(outer), freed(inner!), freed(result)]).toEqual([false, true, false])
    })
    expect([freed(outer!), freed(result!)]).toEqual([true, true])
  })

  it('internal inside of user code inside of internal drops its own alone', () => {
    let [handed, seen, inner]: (NDArray | undefined)[] = []
    for (const around of [internal, scope]) {
      around(() => internal(() => {
        handed = np.ones(1)
        internal(() => callout(() => {
          seen = np.ones(1)
          internal(() => { inner = np.ones(1) })
          expect([freed(handed!), freed(seen), freed(inner!)]).toEqual([false, false, true])
        }, handed))
        // What user code was handed, or made, has been seen.
        expect([freed(handed), freed(seen!)]).toEqual([false, false])
      }))
      expect([freed(handed!), freed(seen!)]).toEqual(around === scope ? [true, true] : [false, false])
    }
  })

  it('a composed operation leaves one buffer behind, whatever it needed', () => {
    const x = np.ones([3])
    const before = live.buffers
    const y = defineOp('test.many', { infer: ([a]) => a, compose: ([a]) => mul(mul(mul(a, a), a), a) })(x)
    expect(live.buffers).toBe(before + 1)
    y.dispose()
    expect(live.buffers).toBe(before)
  })

  it('training steps leave nothing behind', () => {
    const [x, w] = [np.ones([4, 3]), np.ones([3, 2])]
    w.attachGrad()
    const step = (): void => {
      const loss = autograd.record(() => x.matmul(w).sum())
      loss.backward()
      w.isub(w.grad!.mul(0.1))
      loss.dispose()
    }
    scope(step)
    const before = live.buffers
    for (let i = 0; i < 20; i++) scope(step)
    expect(live.buffers).toBe(before)
  })
})

describe('scope and the tape', () => {
  cleanState()

  it('ends a tape that nobody ran', () => {
    const before = live.buffers
    scope(() => {
      const x = array([1, 2])
      x.attachGrad('null')
      autograd.record(() => np.exp(x.mul(x)))
    })
    expect(live.buffers).toBe(before)
  })

  it('ends what a backward left out', () => {
    const before = live.buffers
    scope(() => {
      const x = array([1, 2])
      x.attachGrad('null')
      const [y] = autograd.record(() => [x.mul(x), x.mean()])
      autograd.grad(y!, x)
    })
    expect(live.buffers).toBe(before)
  })

  it('keeps the tape of what it returns, through another scope too', () => {
    const x = array([1, 2])
    x.attachGrad()
    const y = scope(() => scope(() => autograd.record(() => x.mul(x).mul(x))))
    y.backward()
    expectList(x.grad!, [3, 12])
  })

  it('keeps the tape of what is kept', () => {
    const x = array([1, 2])
    x.attachGrad()
    let y: NDArray | undefined
    scope(() => { y = keep(autograd.record(() => x.mul(x).mul(x))) })
    y!.backward()
    expectList(x.grad!, [3, 12])
  })

  it('lets go of what a custom function saved, with its graph or with the scope', () => {
    class Square extends autograd.CustomFunction {
      override forward(x: NDArray): NDArray {
        this.saveForBackward(x.mul(2))
        return x.mul(x)
      }
      override backward(gradient: NDArray): NDArray {
        return gradient.mul(this.savedTensors[0]!)
      }
    }
    const x = array([1, 2])
    x.attachGrad()
    const before = live.buffers
    const y = scope(() => autograd.record(() => new Square().apply(x)))
    // In a scope, because what its backward makes is the user's.
    scope(() => y.backward())
    expectList(x.grad!, [2, 4])
    y.dispose()
    scope(() => { new Square().apply(x) })
    // The gradient that backward wrote took the place of the first one.
    expect(live.buffers).toBe(before)
  })
})
