import { describe, expect, it } from 'vitest'
import { AshlarError, array, autograd, np } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const BELONGS = 'Assigning to NDArrays that are already in a computational graph will cause undefined behavior when evaluating gradients. '
  + 'Please call backward first to clear the graph or do this out side of a record section. Also note that you cannot use inplace operations '
  + 'like +=, *=, relu(x, out=x), y[idx]=x, etc inside a record section.'
const ENTERS = 'Inplace operations (+=, -=, x[:]=, etc) are not supported when recording with autograd.'

/** Every way to write into an array. */
const WRITES: readonly [string, (x: NDArray) => unknown][] = [
  ['iadd', x => x.iadd(1)],
  ['isub', x => x.isub(1)],
  ['imul', x => x.imul(2)],
  ['idiv', x => x.idiv(2)],
  ['set', x => x.set(0)],
  ['set at an index', x => x.set([0], 7)],
  ['copyto', x => array([8, 9]).copyto(x)],
  ['shuffle', x => np.random.shuffle(x)],
]

function leaf(values: number[]): NDArray {
  const x = array(values)
  x.attachGrad()
  return x
}

describe('writing inside record (B-12.9)', () => {
  cleanState()

  it.each(WRITES)('%s into a leaf throws and changes nothing', (_, write) => {
    const x = leaf([1, 2])
    const error = autograd.record(() => thrownBy(() => write(x)))
    expect(error).toBeInstanceOf(AshlarError)
    expect(error.message).toContain(BELONGS)
    expectList(x, [1, 2])
  })

  it.each(WRITES)('%s into a recorded result throws and changes nothing', (_, write) => {
    const x = leaf([1, 2])
    const y = autograd.record(() => {
      const result = x.mul(3)
      expect(thrownBy(() => write(result)).message).toContain(BELONGS)
      return result
    })
    expectList(y, [3, 6])
    y.backward()
    expectList(x.grad!, [3, 3])
  })

  it('a constant that would enter the graph in that very operation throws the second text', () => {
    const x = leaf([1, 2])
    const constant = array([10, 20])
    const writes: (() => unknown)[] = [
      () => constant.iadd(x), () => constant.isub(x), () => constant.imul(x), () => constant.idiv(x), () => constant.set(x),
      () => constant.set([0], x.get(0)), () => x.copyto(constant),
    ]
    autograd.record(() => {
      for (const write of writes) expect(thrownBy(write).message).toContain(ENTERS)
    })
    expectList(constant, [10, 20])
  })

  it.each(WRITES)('%s into an array without history is free', (_, write) => {
    const constant = array([10, 20])
    autograd.record(() => write(constant))
    expect(constant.shape).toEqual([2])
  })

  it('pause makes room for writing, and the leaf stays a leaf', () => {
    const x = leaf([1, 2])
    autograd.record(() => {
      const y = x.mul(x)
      autograd.pause(() => x.isub(1))
      return y
    }).backward()
    // The tape kept the values of the time of recording.
    expectList(x.grad!, [2, 4])
    expectList(x, [0, 1])
    autograd.record(() => x.mul(x)).backward()
    expectList(x.grad!, [0, 2])
  })
})

describe('writing outside of record (R)', () => {
  cleanState()

  it('drops the history of a recorded result', () => {
    const x = leaf([1, 2])
    const y = autograd.record(() => x.mul(3))
    y.iadd(1)
    expectList(y, [4, 7])
    expect(thrownBy(() => y.backward()).message).toContain('not in a computational graph')
  })

  it('into an input leaves what was recorded as it was', () => {
    const x = leaf([1, 2])
    const y = autograd.record(() => x.mul(x))
    x.set(100)
    y.backward()
    expectList(x.grad!, [2, 4])
  })

  it('into a constant input leaves what was recorded as it was', () => {
    const [x, constant] = [leaf([1, 2]), array([5, 6])]
    const y = autograd.record(() => x.mul(constant))
    constant.imul(0)
    y.backward()
    expectList(x.grad!, [5, 6])
  })
})
