import { describe, expect, it } from 'vitest'
import { array, autograd, defineOp, exp, log, matmul, mul, power, sigmoid, sin, softmax, tanh } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

function leaf(values: number | number[]): NDArray {
  const x = array(values, { dtype: 'float64' })
  x.attachGrad()
  return x
}

describe('autograd.grad (B-12.5)', () => {
  cleanState()

  it('Q-9: gives a list, also for one variable, and touches no .grad', () => {
    const x = leaf([3])
    const y = autograd.record(() => x.mul(x))
    const gradients = autograd.grad(y, x)
    expect(Array.isArray(gradients)).toBe(true)
    expectList(gradients[0]!, [6])
    expectList(x.grad!, [0])
  })

  it('gives one array for each variable, in their order', () => {
    const [a, b] = [leaf([2]), leaf([5])]
    const y = autograd.record(() => a.mul(b))
    expect(autograd.grad(y, [b, a]).map(g => g.tolist())).toEqual([[2], [5]])
  })

  it('takes head gradients', () => {
    const x = leaf([1, 2])
    const y = autograd.record(() => x.mul(x))
    expectList(autograd.grad(y, x, { headGrads: array([3, 0.5], { dtype: 'float64' }) })[0]!, [6, 2])
  })

  it('gives gradients in the dtype of the variable, whatever the head gradient has', () => {
    const x = leaf([1, 2])
    const y = autograd.record(() => x.add(1))
    const [gradient] = autograd.grad(y, x, { headGrads: array([3, 4], { dtype: 'int32' }) })
    expect(gradient!.dtype).toBe('float64')
  })

  it('gives new arrays: changing one changes neither the head gradient nor its twin', () => {
    const x = leaf([1, 2])
    const head = array([3, 4], { dtype: 'float64' })
    const y = autograd.record(() => x.add(0))
    const [first, second] = autograd.grad(y, [x, x], { headGrads: head })
    first!.iadd(100)
    expectList(head, [3, 4])
    expectList(second!, [3, 4])
  })

  it('names the variable that does not require gradient', () => {
    const [x, constant] = [leaf([1]), array([2], { dtype: 'float64' })]
    const y = autograd.record(() => x.mul(constant))
    const error = thrownBy(() => autograd.grad(y, [x, constant]))
    expect(error.message).toContain('Cannot differentiate with respect to the 2-th variable because it does not require gradient.')
  })

  it('refuses a recorded result as a variable', () => {
    const x = leaf([1])
    const [y, z] = autograd.record(() => {
      const square = x.mul(x)
      return [square, square.mul(2)] as const
    })
    expect(thrownBy(() => autograd.grad(z, y)).message).toContain('the 1-th variable')
  })

  it('frees the graph unless retainGraph or createGraph says otherwise', () => {
    const x = leaf([3])
    const run = (): NDArray => autograd.record(() => x.mul(x))
    const once = run()
    autograd.grad(once, x)
    expect(() => autograd.grad(once, x)).toThrow('not in a computational graph')
    const kept = run()
    autograd.grad(kept, x, { retainGraph: true })
    expectList(autograd.grad(kept, x)[0]!, [6])
    const created = run()
    autograd.grad(created, x, { createGraph: true })
    expectList(autograd.grad(created, x)[0]!, [6])
    const dropped = run()
    autograd.grad(dropped, x, { createGraph: true, retainGraph: false })
    expect(() => autograd.grad(dropped, x)).toThrow('not in a computational graph')
  })

  it('refuses no heads, and heads or variables that are no arrays', () => {
    const x = leaf([1])
    thrownBy(() => autograd.grad([], x))
    thrownBy(() => autograd.grad(1 as never, x))
    thrownBy(() => autograd.grad(autograd.record(() => x.mul(x)), 'x' as never))
  })
})

/** A function of one number with its first three derivatives. */
interface Chain {
  readonly name: string
  readonly run: (x: NDArray) => NDArray
  readonly at: number
  readonly derivatives: readonly [number, number, number]
}

const s = 1 / (1 + Math.exp(-0.5))
const th = Math.tanh(0.5)
const CHAINS: readonly Chain[] = [
  { name: 'x * x * x', run: x => mul(mul(x, x), x), at: 2, derivatives: [12, 12, 6] },
  { name: 'power(x, 4)', run: x => power(x, 4), at: 2, derivatives: [32, 48, 48] },
  { name: 'power(2, x)', run: x => power(2, x), at: 3, derivatives: [8 * Math.LN2, 8 * Math.LN2 ** 2, 8 * Math.LN2 ** 3] },
  { name: 'exp', run: exp, at: 1, derivatives: [Math.E, Math.E, Math.E] },
  { name: 'log', run: log, at: 2, derivatives: [1 / 2, -1 / 4, 1 / 4] },
  { name: 'sin', run: sin, at: 0.3, derivatives: [Math.cos(0.3), -Math.sin(0.3), -Math.cos(0.3)] },
  {
    name: 'tanh', run: tanh, at: 0.5,
    derivatives: [1 - th * th, -2 * th * (1 - th * th), (1 - th * th) * (6 * th * th - 2)],
  },
  {
    name: 'sigmoid', run: sigmoid, at: 0.5,
    derivatives: [s * (1 - s), s * (1 - s) * (1 - 2 * s), s * (1 - s) * (1 - 6 * s + 6 * s * s)],
  },
  { name: '1 / x', run: x => x.pow(-1), at: 2, derivatives: [-1 / 4, 1 / 4, -3 / 8] },
  { name: 'a cube by matmul', run: x => matmul(matmul(x.reshape(1, 1), x.reshape(1, 1)), x.reshape(1, 1)).sum(), at: 3, derivatives: [27, 18, 6] },
]

describe('derivatives up to the third (createGraph)', () => {
  cleanState()

  it.each(CHAINS)('$name', ({ run, at, derivatives }) => {
    const x = leaf(at)
    let y = autograd.record(() => run(x))
    for (const expected of derivatives) {
      const [next] = autograd.record(() => autograd.grad(y, x, { createGraph: true }))
      expectClose(next!, [], [expected], { rtol: 1e-12, atol: 1e-12 })
      y = next!
    }
  })

  it('createGraph records by itself, outside of record too', () => {
    const x = leaf(2)
    const y = autograd.record(() => mul(mul(x, x), x))
    const [first] = autograd.grad(y, x, { createGraph: true })
    expect(autograd.isRecording()).toBe(false)
    expectClose(autograd.grad(first!, x)[0]!, [], [12])
  })

  it('without createGraph a gradient is a constant', () => {
    const x = leaf(2)
    const [first] = autograd.record(() => autograd.grad(mul(x, x), x))
    expect(() => autograd.grad(first!, x)).toThrow('not in a computational graph')
  })

  it('a gradient penalty: the gradient is part of the loss', () => {
    const x = leaf([1, 2])
    autograd.record(() => {
      const [g] = autograd.grad(mul(mul(x, x), x).sum(), x, { createGraph: true })
      return mul(g!, g!).sum()
    }).backward()
    // d/dx (3 x^2)^2 = 36 x^3
    expectList(x.grad!, [36, 288])
  })

  it('softmax, twice: the Hessian of its first entry', () => {
    const x = leaf([0.2, -0.4])
    const y = autograd.record(() => softmax(x).get(0))
    const [g] = autograd.grad(y, x, { createGraph: true })
    const [h] = autograd.grad(autograd.record(() => g!.get(0)), x)
    const p = 1 / (1 + Math.exp(-0.6))
    const curvature = p * (1 - p) * (1 - 2 * p)
    expectClose(h!, [2], [curvature, -curvature], { rtol: 1e-12, atol: 0 })
  })
})

describe('operations of one’s own', () => {
  cleanState()

  it('a composition without vjp is differentiated through its steps', () => {
    const cube = defineOp('test.cube', { infer: ([x]) => x, compose: ([x]) => mul(mul(x, x), x) })
    const x = leaf([2])
    autograd.record(() => cube(x)).backward()
    expectList(x.grad!, [12])
  })

  it('a composition that hands its input back is another array with the same gradient', () => {
    const same = defineOp('test.same', { infer: ([x]) => x, compose: ([x]) => x })
    const x = leaf([2])
    const y = autograd.record(() => same(x))
    expect(y === x).toBe(false)
    y.backward()
    expectList(x.grad!, [1])
  })

  it('a vjp of its own is used instead of the steps, and entries that are null give nothing', () => {
    const odd = defineOp<[NDArray, NDArray]>('test.odd', { arity: 2, infer: ([a]) => a, compose: ([a, b]) => mul(a, b), vjp: g => [mul(g, 100), null] })
    const [x, w] = [leaf([2]), leaf([3])]
    autograd.record(() => odd(x, w)).backward()
    expectList(x.grad!, [100])
    expectList(w.grad!, [0])
  })

  it('the gradient function of a constant is not called', () => {
    const asked: string[] = []
    const lazy = defineOp<[NDArray, NDArray]>('test.lazy', {
      arity: 2,
      infer: ([a]) => a,
      compose: ([a, b]) => mul(a, b),
      vjp: (g, [a, b]) => [() => { asked.push('a'); return mul(g, b) }, () => { asked.push('b'); return mul(g, a) }],
    })
    const x = leaf([2])
    autograd.record(() => lazy(x, array([5], { dtype: 'float64' }))).backward()
    expectList(x.grad!, [5])
    expect(asked).toEqual(['a'])
  })
})
