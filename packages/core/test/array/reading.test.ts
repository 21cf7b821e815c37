import { describe, expect, it } from 'vitest'
import { DTYPES, array, np, setWarningHandler, isHalf } from '@ashlar/core'
import type { DType } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

function warnings(): [string, string][] {
  const seen: [string, string][] = []
  setWarningHandler((message, { category }) => seen.push([category, message]))
  return seen
}

describe('reading elements', () => {
  cleanState()

  it.each(Object.keys(DTYPES) as DType[])('toTypedArray is a copy in the array type of %s', async dtype => {
    const x = np.ones([2, 2], { dtype })
    const host = x.toTypedArray()
    // What is stored as bits is read as numbers.
    expect(host).toBeInstanceOf(isHalf(dtype) ? Float32Array : DTYPES[dtype].array)
    host.fill((dtype.endsWith('int64') ? 0n : 0) as never)
    expect(Number(x.toTypedArray()[0])).toBe(1)
    expect(await x.toTypedArrayAsync()).toEqual(x.toTypedArray())
  })

  it('tolist nests and converts bools and 64-bit integers', () => {
    expect(array([[1, 0]], { dtype: 'bool' }).tolist()).toEqual([[true, false]])
    expect(array([1n], { dtype: 'int64' }).tolist()).toEqual([1n])
    expect(array(3).tolist()).toBe(3)
    expect(np.zeros([2, 0]).tolist()).toEqual([[], []])
  })

  it('item reads the one element, or the one at a position', async () => {
    const x = np.arange(6).reshape(2, 3)
    expect(x.item(1, 2)).toBe(5)
    expect(x.item(-1, 0)).toBe(3)
    expect(await x.itemAsync(0, 1)).toBe(1)
    expect(array([[7]]).item()).toBe(7)
    expect(array(1, { dtype: 'bool' }).item()).toBe(true)
    expect(array(1, { dtype: 'int64' }).item()).toBe(1n)
    expect(thrownBy(() => x.item()).message).toContain('(2, 3)')
    expect(thrownBy(() => x.item(0, 3)).name).toBe('IndexError')
    thrownBy(() => x.item(0))
    await expect(x.itemAsync()).rejects.toThrow('size 1')
  })

  it('B-14.3: bool is the truth of one element', () => {
    expect([0, 1, -0.5, Number.NaN].map(value => array(value).bool())).toEqual([false, true, true, true])
    expect(array([[0]], { dtype: 'int64' }).bool()).toBe(false)
    expect(array([false], { dtype: 'bool' }).bool()).toBe(false)
    const error = thrownBy(() => array([1, 2]).bool())
    expect(error.name).toBe('ValueError')
    expect(error.message).toContain('The truth value of an ndarray with multiple elements is ambiguous.')
  })

  it('B-14.3: no elements are false, with a DeprecationWarning', () => {
    const seen = warnings()
    expect(np.zeros([0]).bool()).toBe(false)
    expect(seen.map(([category]) => category)).toEqual(['DeprecationWarning'])
  })

  it('B-14.3: numbers come from one element only', () => {
    const x = array([[2.5]])
    expect(+x).toBe(2.5)
    expect(Number(x) > 1).toBe(true)
    expect(`${array([1])}`).toBe('[1.]')
    const error = thrownBy(() => +array([1, 2]))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain('only size-1 arrays can be converted to Python scalars')
    thrownBy(() => +np.zeros([0]))
  })

  it('B-14.2: length is the extent of the first axis, and none for a scalar', () => {
    expect(np.zeros([3, 2]).length).toBe(3)
    expect(thrownBy(() => array(1).length).message).toContain('len() of unsized object')
  })

  it('iterates along the first axis, with arrays that are its own', () => {
    const x = np.arange(4).reshape(2, 2)
    const rows = [...x]
    expect(rows.map(row => row.tolist())).toEqual([[0, 1], [2, 3]])
    rows[0]!.iadd(10)
    expectList(x, [[0, 1], [2, 3]])
    expect([...np.zeros([0, 2])]).toEqual([])
    thrownBy(() => [...array(1)])
  })

  it('T, size, ndim, ctx', () => {
    const x = np.zeros([2, 3, 4])
    expect([x.T.shape, x.size, x.ndim, String(x.ctx)]).toEqual([[4, 3, 2], 24, 3, 'cpu(0)'])
  })
})

describe('copyto (S5.6-10)', () => {
  cleanState()

  it('into an array writes there, casts, and returns it', () => {
    const [x, y] = [array([1.5, 2.5]), np.zeros(2, { dtype: 'int32' })]
    expect(x.copyto(y) === y).toBe(true)
    expectList(y, [1, 2])
  })

  it('into an array of another shape throws and changes nothing', () => {
    const y = np.zeros([1])
    thrownBy(() => array([1, 2]).copyto(y))
    expectList(y, [0])
  })

  it('into itself warns', () => {
    const seen = warnings()
    const x = array([1])
    x.copyto(x)
    expect(seen).toEqual([['RuntimeWarning', 'You are attempting to copy an array to itself']])
    expectList(x, [1])
  })

  it.each([undefined, null, 1, 'cpu', [1]])('to %s throws', target => {
    const error = thrownBy(() => array([1]).copyto(target as never))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain('copyto does not support type')
  })
})
