import { describe, expect, it } from 'vitest'
import * as core from '@ashlar/core'
import { array, np } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList, flat } from '../support/close.ts'

/** Everything that could hand out the array itself, or share its bytes. */
const RELATIVES: readonly [string, (x: NDArray) => NDArray][] = [
  ['copy', x => x.copy()], ['detach', x => x.detach()], ['reshape', x => x.reshape(4)], ['reshape to the same shape', x => x.reshape(2, 2)],
  ['flatten', x => x.flatten()], ['flatten of one axis', x => x.reshape(4).flatten()], ['expandDims', x => x.expandDims(0)],
  ['squeeze of nothing', x => x.squeeze()], ['astype the same', x => x.astype('float32')], ['core.astype the same', x => core.astype(x, 'float32')],
  ['broadcastTo the same', x => core.broadcastTo(x, [2, 2])], ['transpose', x => x.T], ['transpose by nothing', x => x.transpose([0, 1])],
  ['swapaxes with itself', x => x.swapaxes(0, 0)], ['get everything', x => x.get(':')], ['get by no index', x => x.get()], ['get an ellipsis', x => x.get('...')],
  ['get a row', x => x.get(0)], ['np.array', x => np.array(x)], ['np.array of the same dtype', x => np.array(x, { dtype: 'float32' })],
  ['concatenate of one', x => np.concatenate([x])], ['take of all', x => np.take(x, array([0, 1]), { axis: 0 })], ['copyto a context', x => x.copyto(x.context)],
  ['sum over no axes', x => x.sum({ axis: [] })], ['add 0', x => x.add(0)], ['clip without effect', x => np.clip(x, null, 100)], ['flip of no axes', x => np.flip(x, [])],
  ['where', x => np.where(array([1, 1]), x, x)], ['relu', x => core.relu(x)], ['set into another', x => np.zeros([2, 2]).set(x)],
  ['copyto an array', x => x.copyto(np.zeros([2, 2])) as NDArray], ['maximum with itself', x => np.maximum(x, x)],
]

const CHANGES: readonly [string, (x: NDArray) => unknown][] = [
  ['iadd', x => x.iadd(100)], ['imul', x => x.imul(-1)], ['set', x => x.set(-5)], ['set at a position', x => x.set([0], -5)],
]

describe('changing one array never changes another', () => {
  cleanState()

  for (const [change, write] of CHANGES) {
    it.each(RELATIVES)(`${change} after %s`, (_, derive) => {
      const x = array([[1, 2], [3, 4]])
      const y = derive(x)
      const before = flat(y)
      write(x)
      expect(flat(y)).toEqual(before)
      const after = flat(x)
      write(y)
      expect(flat(x)).toEqual(after)
    })
  }

  it.each(RELATIVES)('%s gives another array than its input', (_, derive) => {
    const x = array([[1, 2], [3, 4]])
    expect(derive(x) === x).toBe(false)
  })

  it('softmax of nothing is another array, of a float dtype, and its axis is checked', () => {
    const x = np.zeros([0, 2], { dtype: 'int32' })
    const y = core.softmax(x)
    expect(y === x).toBe(false)
    expect(y.dtype).toBe('float32')
    expect(() => core.softmax(x, { axis: 2 })).toThrow('axis 2 is out of bounds')
  })

  it('in-place methods return the array itself and keep its dtype and shape', () => {
    const x = array([1, 2, 3], { dtype: 'int32' })
    expect(x.iadd(1) === x && x.isub(2) === x && x.imul(3) === x && x.idiv(2) === x).toBe(true)
    expect(x.dtype).toBe('int32')
    expectList(x, [0, 1, 3])
    expect(() => x.iadd(np.ones([2, 3]))).toThrow('does not fit in place')
    expectList(x, [0, 1, 3])
  })

  it('an array may stand on both sides', () => {
    const x = array([1, 2, 3])
    x.iadd(x).imul(x)
    expectList(x, [4, 16, 36])
    expectList(x.set(['::-1'], x), [36, 16, 4])
  })

  it('asInContext and asInCtx on the same context return the array itself (R)', () => {
    const x = array([1])
    expect(x.asInContext(x.context) === x).toBe(true)
    expect(x.asInCtx(x.ctx) === x).toBe(true)
  })
})
