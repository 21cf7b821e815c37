import { describe, expect, it } from 'vitest'
import { AshlarError, array, autograd, ones, zeros } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const NOT_IN_GRAPH = 'Cannot differentiate node because it is not in a computational graph. You need to set is_recording to true or use '
  + 'autograd.record() to save computational graphs for backward. If you want to differentiate the same graph twice, you need to pass '
  + 'retain_graph=True to backward.'
const NO_INPUTS = 'There are no inputs in computation graph that require gradients.'

function leaf(values: number[], gradReq?: 'write' | 'add' | 'null'): NDArray {
  const x = array(values)
  x.attachGrad(gradReq)
  return x
}

describe('attachGrad and detach (B-12.2)', () => {
  cleanState()

  it('x.grad is null before and zeros of the same shape and dtype afterwards', () => {
    const x = array([[1, 2]], { dtype: 'float64' })
    expect(x.grad).toBeNull()
    x.attachGrad()
    expect(x.grad!.dtype).toBe('float64')
    expectList(x.grad!, [[0, 0]])
  })

  it('makes a recorded result a leaf, whose history is dropped', () => {
    const x = leaf([3])
    const z = autograd.record(() => {
      const y = x.mul(x)
      y.attachGrad()
      return [y, y.mul(2)] as const
    })
    z[1].backward()
    expectList(z[0].grad!, [2])
    expectList(x.grad!, [0])
  })

  it('detach gives a constant with the same elements and leaves the original in the graph', () => {
    const x = leaf([2, 3])
    const y = autograd.record(() => x.mul(x.detach()))
    y.backward()
    expectList(x.grad!, [2, 3])
    expect(x.detach().grad).toBeNull()
  })

  it('refuses an unknown gradReq', () => {
    expect(thrownBy(() => array([1]).attachGrad('often' as never)).message).toContain(`grad_req must be one of 'write', 'add', or 'null', but got 'often'`)
  })

  it('B-12.10: freshGrad tells that backward has written', () => {
    const x = leaf([1])
    expect(x.freshGrad).toBe(false)
    autograd.record(() => x.mul(2)).backward()
    expect(x.freshGrad).toBe(true)
    x.freshGrad = false
    expect(x.freshGrad).toBe(false)
  })
})

describe('backward (B-12.3)', () => {
  cleanState()

  it('starts from ones at a head of several elements', () => {
    const x = leaf([1, 2, 3])
    autograd.record(() => x.mul(x)).backward()
    expectList(x.grad!, [2, 4, 6])
  })

  it('takes a head gradient of the shape of the head', () => {
    const x = leaf([1, 2, 3])
    autograd.record(() => x.mul(x)).backward(array([10, 0, -1]))
    expectList(x.grad!, [20, 0, -6])
  })

  it('refuses a head gradient of another shape, and leaves the graph as it was', () => {
    const x = leaf([1, 2, 3])
    const y = autograd.record(() => x.mul(x))
    const error = thrownBy(() => y.backward(ones([2])))
    expect(error.message).toContain('(3,)')
    expect(error.message).toContain('(2,)')
    y.backward()
    expectList(x.grad!, [2, 4, 6])
  })

  it('takes a list of heads, where null stands for ones', () => {
    const x = leaf([1, 2])
    const [a, b] = autograd.record(() => [x.mul(3), x.mul(x)] as const)
    autograd.backward([a, b], [null, array([1, 10])])
    expectList(x.grad!, [3 + 2, 3 + 40])
  })

  it('casts the gradient to the dtype of the leaf', () => {
    const x = leaf([1, 2])
    const weight = array([2, 3], { dtype: 'float64' })
    autograd.record(() => x.mul(weight)).backward()
    expect(x.grad!.dtype).toBe('float32')
    expectList(x.grad!, [2, 3])
  })

  it('trains during backward unless told otherwise, and restores', () => {
    autograd.setTraining(true)
    const x = leaf([1])
    autograd.record(() => x.mul(2)).backward(null, { trainMode: false })
    expect(autograd.isTraining()).toBe(true)
    autograd.setTraining(false)
  })
})

describe('the graph and its end (B-12.4)', () => {
  cleanState()

  it('is freed after backward: the second time throws', () => {
    const x = leaf([1])
    const y = autograd.record(() => x.mul(x))
    y.backward()
    expect(thrownBy(() => y.backward())).toBeInstanceOf(AshlarError)
    expect(thrownBy(() => y.backward()).message).toContain(NOT_IN_GRAPH)
  })

  it('stays with retainGraph', () => {
    const x = leaf([3])
    const y = autograd.record(() => x.mul(x))
    for (let i = 0; i < 3; i++) {
      y.backward(null, { retainGraph: true })
      expectList(x.grad!, [6])
    }
    y.backward()
    expect(thrownBy(() => y.backward()).message).toContain(NOT_IN_GRAPH)
  })

  it('part of another loss throws once it was freed', () => {
    const x = leaf([3])
    const [first, second] = autograd.record(() => {
      const shared = x.mul(x)
      return [shared.mul(2), shared.mul(3)] as const
    })
    first.backward()
    expect(thrownBy(() => second.backward()).message).toContain(NOT_IN_GRAPH)
  })

  it('is not there outside of record, nor without a leaf', () => {
    const x = leaf([1])
    expect(thrownBy(() => x.mul(x).backward()).message).toContain(NOT_IN_GRAPH)
    expect(thrownBy(() => autograd.record(() => array([1]).mul(2)).backward()).message).toContain(NOT_IN_GRAPH)
  })

  it(`with leaves of gradReq 'null' alone throws the other text`, () => {
    const x = leaf([1], 'null')
    expect(thrownBy(() => autograd.record(() => x.mul(x)).backward()).message).toContain(NO_INPUTS)
    expect(x.grad).toBeNull()
  })
})

describe('gradReq (B-12.6)', () => {
  cleanState()

  it(`'write' overwrites per call and sums within it`, () => {
    const x = leaf([2])
    for (let i = 0; i < 2; i++) autograd.record(() => x.mul(x).add(x)).backward()
    expectList(x.grad!, [5])
  })

  it(`'add' accumulates over calls`, () => {
    const x = leaf([2], 'add')
    for (let i = 0; i < 3; i++) autograd.record(() => x.mul(x)).backward()
    expectList(x.grad!, [12])
  })

  it(`'null' leaves one input out and not the others`, () => {
    const [x, w] = [leaf([2], 'null'), leaf([3])]
    autograd.record(() => x.mul(w)).backward()
    expect(x.grad).toBeNull()
    expectList(w.grad!, [2])
  })

  it('x.grad is live: what holds it sees the next gradient', () => {
    const x = leaf([2])
    const gradient = x.grad!
    autograd.record(() => x.mul(5)).backward()
    expectList(gradient, [5])
    expect(x.grad).toBe(gradient)
  })

  it('a leaf that the loss does not reach keeps its gradient', () => {
    const [x, other] = [leaf([2]), leaf([1, 1])]
    autograd.record(() => other.mul(7)).backward()
    autograd.record(() => x.mul(5)).backward()
    expectList(other.grad!, [7, 7])
  })
})

describe('what gradients flow to', () => {
  cleanState()

  it('B-12.8: what was computed outside of record is a constant', () => {
    const x = leaf([3])
    const outside = x.mul(10)
    const y = autograd.record(() => x.mul(outside))
    y.backward()
    expectList(x.grad!, [30])
  })

  it('an array used twice gets the sum', () => {
    const x = leaf([3])
    autograd.record(() => x.mul(x).mul(x).add(x)).backward()
    expectList(x.grad!, [28])
  })

  it('broadcasting is summed back to each shape', () => {
    const [row, column, scalar] = [array([[1, 2, 3]]), array([[10], [20]]), array(2)]
    for (const x of [row, column, scalar]) x.attachGrad()
    autograd.record(() => row.mul(column).mul(scalar)).backward()
    expectList(row.grad!, [[60, 60, 60]])
    expectList(column.grad!, [[12], [12]])
    expectList(scalar.grad!, 180)
  })

  it('is not computed for constants: the gradient function of that input is never called', () => {
    const x = leaf([3])
    const y = autograd.record(() => x.matmul(zeros([1, 4])))
    y.backward()
    expectList(x.grad!, [0])
    expect(y.shape).toEqual([4])
  })

  it('a long chain needs no deep stack', () => {
    const x = leaf([1])
    autograd.record(() => {
      let y = x
      for (let i = 0; i < 20000; i++) y = y.add(x)
      return y
    }).backward()
    expectList(x.grad!, [20001])
  })
})
