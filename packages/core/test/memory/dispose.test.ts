import { describe, expect, it } from 'vitest'
import { array, np, scope } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { live } from '../../src/buffer.ts'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

describe('dispose', () => {
  cleanState()

  it('gives the buffer back at once, and twice does nothing', () => {
    const before = live.buffers
    const x = np.ones([3])
    x.dispose()
    x.dispose()
    expect(live.buffers).toBe(before)
  })

  it('leaves other names of the same elements alone', () => {
    const x = np.ones([2])
    const [view, twin] = [x.reshape(1, 2), x.detach()]
    x.dispose()
    expectList(view, [[1, 1]])
    twin.dispose()
    expectList(view, [[1, 1]])
  })

  it('comes with using', () => {
    let x: NDArray
    {
      using inside = np.ones([2])
      x = inside
    }
    expect(() => x.item(0)).toThrow('freed')
  })

  const USES: readonly [string, (x: NDArray) => unknown][] = [
    ['add', x => x.add(1)], ['add on the right', x => np.ones(2).add(x)], ['toTypedArray', x => x.toTypedArray()], ['item', x => x.item(0)],
    ['tolist', x => x.tolist()], ['reshape', x => x.reshape(1, 2)], ['detach', x => x.detach()], ['copy', x => x.copy()], ['iadd', x => x.iadd(1)],
    ['set', x => x.set(1)], ['set at a position', x => x.set([0], 1)], ['get', x => x.get(0)], ['sum', x => x.sum()], ['bool', x => x.get(0).bool()],
    ['copyto', x => x.copyto(x.context)], ['as a value', x => np.zeros(2).set(x)], ['attachGrad', x => x.attachGrad()], ['np.array', x => np.array(x)],
    ['concatenate', x => np.concatenate([np.ones(1), x])], ['zerosLike', x => np.zerosLike(x)], ['matmul', x => x.matmul(x)], ['iteration', x => [...x]],
    ['take with freed indices', x => np.take(np.ones(3), x)], ['where', x => np.where(x, 1, 2)],
  ]

  it.each(USES)('%s of a freed array says so, with its shape and what freed it', (_, use) => {
    const x = np.ones([2])
    x.dispose()
    const error = thrownBy(() => use(x))
    expect(error.name).toBe('RuntimeError')
    expect(error.message).toContain('the array of shape (2,) was freed by dispose()')
    expect(error.hint).toContain('keep')
  })

  it('names the end of a scope', () => {
    let x: NDArray | undefined
    scope(() => { x = array([1, 2, 3]) })
    expect(thrownBy(() => x!.add(1)).message).toContain('was freed at the end of scope()')
  })

  it('printing a freed array does not throw', () => {
    const x = np.ones([2])
    x.dispose()
    expect(String(x)).toContain('freed')
    expect(x.repr()).toContain('(2,)')
  })

  it('shape, dtype and context stay readable', () => {
    const x = np.ones([2])
    x.dispose()
    expect([x.shape, x.dtype, String(x.context), x.size]).toEqual([[2], 'float32', 'cpu(0)', 2])
  })
})
