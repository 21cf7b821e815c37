import '../backend.ts'
import { array, autograd, checkGradients, memory, np, ones, scope } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { cleanState } from '../support/clean-state.ts'
import { thrownBy } from '../support/thrown.ts'

const numbers = (x: { toTypedArray(): ArrayLike<number | bigint> }): number[] => Array.from(x.toTypedArray() as Float32Array)

describe('leaves and who owns their gradients', () => {
  cleanState()

  it('B-12.2 markVariables writes into the arrays that it is given', () => {
    const [x, y] = [array([1, 2]), array([3, 4])]
    const [gx, gy] = [np.zeros(2), np.ones(2)]
    autograd.markVariables([x, y], [gx, gy], ['write', 'add'])
    autograd.record(() => x.mul(y)).backward()
    expect(numbers(gx)).toEqual([3, 4])
    expect(numbers(gy)).toEqual([2, 3])
    expect(x.grad).toBe(gx)
  })

  it.each([
    ['fewer gradients', () => autograd.markVariables([array([1])], [])],
    ['another shape', () => autograd.markVariables([array([1])], [array([1, 2])])],
    ['fewer requests', () => autograd.markVariables([array([1])], [array([1])], [])],
  ])('B-12.2 markVariables refuses %s', (_, call) => {
    expect(thrownBy(call).message).toMatch(/^\[markVariables\]/)
  })

  it('a gradient that nobody has seen ends with its array, by dispose and by scope', () => {
    const before = memory().buffers
    const x = ones([3])
    x.attachGrad()
    x.attachGrad('add')
    x.dispose()
    scope(() => {
      const y = ones([3])
      y.attachGrad()
      autograd.record(() => y.mul(y)).backward()
    })
    expect(memory().buffers).toBe(before)
  })

  it('a gradient that was seen lives on, and can then be disposed', () => {
    const x = ones([3])
    x.attachGrad()
    const gradient = x.grad!
    expect(() => gradient.dispose()).toThrow(/gradient/)
    x.dispose()
    expect(numbers(gradient)).toEqual([0, 0, 0])
    gradient.dispose()
    expect(() => gradient.toTypedArray()).toThrow(/freed/)
  })

  it('checkGradients leaves nothing behind, and refuses a wrong gradient', () => {
    const x = array([0.5, 2])
    const before = memory().buffers
    scope(() => checkGradients(y => np.exp(y), [x]))
    expect(memory().buffers).toBe(before)
    class Wrong extends autograd.CustomFunction {
      override forward(y: typeof x): typeof x { return y.mul(y) }
      override backward(g: typeof x): typeof x { return g.mul(3) }
    }
    expect(thrownBy(() => checkGradients(y => new Wrong().apply(y), [x])).message).toMatch(/input 0 of shape \(2,\), element 0: the gradient is 3, differences give 1\.0/)
  })

  it('B-14.1 arithmetic on bools counts, or is logic; MXNet refuses what is not here', () => {
    const b = array([1, 0, 1], { dtype: 'bool' })
    expect([b.add(b), b.mul(b), b.sub(b), b.neg(), b.matmul(b)].map(x => [x.dtype, numbers(x)])).toEqual([
      ['bool', [1, 0, 1]], ['bool', [1, 0, 1]], ['int32', [0, 0, 0]], ['int32', [-1, 0, -1]], ['bool', [1]],
    ])
  })
})
