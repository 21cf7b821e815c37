import { DTYPES, specOf } from '@ashlar/core'
import type { DType, Shape } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, formatInput, input, list } from '../program.ts'
import type { Input, Program } from '../program.ts'
import type { Random } from '../random.ts'
import { randomFrom } from '../random.ts'
import { allDTypes, numberDTypes } from './dtypes.ts'

/** A program that takes entries along an axis. */
export function applyTake(x: Input, indices: Input, axis: number): Program {
  const out = specOf([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], x.dtype)
  return {
    label: `take of ${formatInput(x)} at ${formatInput(indices)} along ${axis}`,
    inputs: [x, indices],
    out,
    call: (kernels, a, i) => kernels.take(a!, i!, axis, out),
  }
}

/** A program that adds entries up along an axis of `extent`. */
export function applyScatterAdd(updates: Input, indices: Input, axis: number, extent: number): Program {
  const after = updates.shape.slice(axis + indices.shape.length)
  const out = specOf([...updates.shape.slice(0, axis), extent, ...after], updates.dtype)
  return {
    label: `scatterAdd of ${formatInput(updates)} at ${formatInput(indices)} along ${axis} of ${extent}`,
    inputs: [updates, indices],
    out,
    call: (kernels, a, i) => kernels.scatterAdd(a!, i!, axis, out),
  }
}

/** Indices below `extent`. */
export function indicesBelow(random: Random, shape: Shape, extent: number): Input {
  const size = specOf(shape, 'int32').size
  return input('int32', shape, Array.from({ length: size }, () => random.int(0, extent - 1)))
}

const PLACES: readonly (readonly [shape: Shape, axis: number, indices: Shape])[] = [
  [[5], 0, [3]], [[5], 0, []], [[5], 0, [2, 2]], [[4, 3], 0, [6]], [[4, 3], 1, [2]], [[4, 3], 1, []], [[4, 3], 0, [2, 1]],
  [[2, 4, 3], 1, [5]], [[2, 4, 3], 1, [2, 3]], [[2, 4, 3], 2, [3]], [[2, 4, 3], 0, [0]], [[0, 4], 1, [3]], [[3, 0], 0, [2]],
  [[7, 90], 0, [12]], [[3, 70, 5], 1, [40]],
]

function scatterCases({ add, tolerance }: Kit, dtype: DType): void {
  add(`scatterAdd ${dtype}`, [dtype, 'int32'], async device => {
    for (const [i, [shape, axis, indices]] of PLACES.entries()) {
      const random = randomFrom(i)
      const updated = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)]
      const updates = { ...specOf(updated, dtype), data: random.values(dtype, updated) }
      const program = applyScatterAdd(updates, indicesBelow(random, indices, shape[axis]!), axis, shape[axis]!)
      await expectReference(device, program, DTYPES[dtype].kind === 2 ? { tolerance: tolerance(dtype) } : {})
    }
  })
  add(`scatterAdd ${dtype} adds duplicates up`, [dtype, 'int32'], async device => {
    await expectElements(device, applyScatterAdd(list(dtype, [1, 2, 3, 4]), list('int32', [2, 0, 2, 2]), 0, 4), [2, 0, 8, 0])
    const many = list('int32', new Array<number>(100).fill(1))
    await expectElements(device, applyScatterAdd(list(dtype, new Array<number>(100).fill(1)), many, 0, 3), [0, 100, 0])
  })
}

/** `take`, for every dtype that can be stored, and its gradient for those that can be added. */
export function indexingCases(kit: Kit): void {
  for (const dtype of allDTypes) {
    kit.add(`take ${dtype}`, [dtype, 'int32'], async device => {
      for (const [i, [shape, axis, indices]] of PLACES.entries()) {
        const random = randomFrom(i)
        const x = { ...specOf(shape, dtype), data: random.values(dtype, shape) }
        await expectReference(device, applyTake(x, indicesBelow(random, indices, shape[axis]!), axis), { signedZero: true })
      }
    })
    if (numberDTypes.includes(dtype)) scatterCases(kit, dtype)
  }
  kit.add('take known values', ['float32', 'int32'], async device => {
    const x = input('float32', [3, 2], [1, 2, 3, 4, 5, 6])
    await expectElements(device, applyTake(x, list('int32', [2, 0, 2]), 0), [5, 6, 1, 2, 5, 6])
    await expectElements(device, applyTake(x, list('int32', [1]), 1), [2, 4, 6])
  })
}
