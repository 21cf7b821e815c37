import { cpuBackend } from '@ashlar/backend-cpu'
import { array, broadcastTo, concatenate, expandDims, flip, registerBackend, sizeOf, slice, take, transpose } from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'
import { describe, expect, it } from 'vitest'

registerBackend(cpuBackend())

const SHAPES = [[40, 37], [2, 5, 4, 32], [3, 6, 13, 11], [700, 3], [4, 100], [16, 16, 2], [1, 64, 33]] as const

function counted(shape: readonly number[], dtype: DType): NDArray {
  return array(Array.from({ length: sizeOf(shape) }, (_, i) => i), { dtype }).reshape(shape)
}

/** The elements of an array of that shape, each by its index: they count from 0. */
function byIndex(shape: readonly number[], element: (index: readonly number[]) => number): number[] {
  const values: number[] = []
  const visit = (index: readonly number[]): void => {
    if (index.length === shape.length) values.push(element(index))
    else for (let i = 0; i < shape[index.length]!; i++) visit([...index, i])
  }
  visit([])
  return values
}

const position = (shape: readonly number[], index: readonly number[]): number => shape.reduce((sum, extent, axis) => sum * extent + index[axis]!, 0)
const read = (x: NDArray): number[] => Array.from(x.toTypedArray() as ArrayLike<number | bigint>, Number)

function permutations(rank: number): number[][] {
  return rank === 0 ? [[]] : permutations(rank - 1).flatMap(rest => Array.from({ length: rank }, (_, i) => [...rest.slice(0, i), rank - 1, ...rest.slice(i)]))
}

describe.each(['float32', 'int32', 'uint32', 'float64', 'int64', 'uint8'] as DType[])('%s', dtype => {
  // Bytes hold the low bits of what is counted.
  const held = (values: number[]): number[] => (dtype === 'uint8' ? values.map(value => value % 256) : values)

  it.each(SHAPES.map(shape => [shape.join('x'), shape] as const))('every permutation of %s', (_, shape) => {
    const x = counted(shape, dtype)
    for (const permutation of permutations(shape.length)) {
      const y = transpose(x, permutation)
      expect(read(y), permutation.join(' ')).toEqual(held(byIndex(y.shape, index => position(shape, shape.map((__, axis) => index[permutation.indexOf(axis)]!)))))
    }
  })

  it.each(SHAPES.map(shape => [shape.join('x'), shape] as const))('slices, flips, joins and stretches of %s', (_, shape) => {
    const x = counted(shape, dtype)
    for (const axis of shape.keys()) {
      const at = (index: readonly number[], change: (i: number) => number): number => position(shape, index.with(axis, change(index[axis]!)))
      expect(read(flip(x, axis)), `flip ${axis}`).toEqual(held(byIndex(shape, index => at(index, i => shape[axis]! - 1 - i))))
      const joined = concatenate([x, x], { axis })
      expect(read(joined), `join ${axis}`).toEqual(held(byIndex(joined.shape, index => at(index, i => i % shape[axis]!))))
      const picked = take(x, array([shape[axis]! - 1, 0, 0], { dtype: 'int32' }), { axis })
      expect(read(picked), `take ${axis}`).toEqual(held(byIndex(picked.shape, index => at(index, i => (i === 0 ? shape[axis]! - 1 : 0)))))
      const wide = broadcastTo(expandDims(x, axis), [...shape.slice(0, axis), 5, ...shape.slice(axis)])
      expect(read(wide), `stretch ${axis}`).toEqual(held(byIndex(wide.shape, index => position(shape, [...index.slice(0, axis), ...index.slice(axis + 1)]))))
    }
    const every = x.get(...shape.map(() => slice(1, null, 2)))
    expect(read(every)).toEqual(held(byIndex(every.shape, index => position(shape, index.map(i => 1 + 2 * i)))))
  })
})
