import { specOf } from '@ashlar/core'
import type { Shape } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectReference } from '../program.ts'
import type { Input } from '../program.ts'
import { randomFrom } from '../random.ts'
import { applyBinary } from './binary.ts'
import { applyCompare, applyWhere } from './compare.ts'
import { applyScatterAdd, applyTake, indicesBelow } from './indexing.ts'
import { applyMatmul } from './matmul.ts'
import { applyArgReduce, applyReduce } from './reduce.ts'

const random = (shape: Shape, seed = 1): Input => ({ ...specOf(shape, 'float32'), data: randomFrom(seed).values('float32', shape) })

/** More axes than the six that some engines end at. */
export function manyAxesCases({ add, tolerance }: Kit): void {
  const within = { tolerance: tolerance('float32') }
  const shape = [2, 1, 3, 1, 2, 2, 2]
  const other = [1, 2, 3, 2, 1, 2, 1]
  add('binary, compare and where along more axes than six', ['float32', 'bool'], async device => {
    await expectReference(device, applyBinary('add', random(shape), random(other, 2)), within)
    await expectReference(device, applyCompare('lt', random(shape), random(other, 2)))
    await expectReference(device, applyWhere({ ...specOf(other, 'bool'), data: randomFrom(3).values('bool', other) }, random(shape), random(other, 2)))
  })
  add('reduce and argReduce along more axes than six', ['float32', 'int32'], async device => {
    for (const axes of [[6], [0, 2, 4, 6], [1, 2, 5], shape.map((_, i) => i)]) await expectReference(device, applyReduce('sum', random(shape), axes), within)
    await expectReference(device, applyReduce('max', random(shape), [2, 5]))
    await expectReference(device, applyArgReduce('argmax', random(shape), 2))
  })
  add('matmul along more axes than six', 'float32', async device => {
    await expectReference(device, applyMatmul(random([2, 1, 2, 1, 2, 3, 2]), random([1, 2, 2, 1, 1, 2, 3], 2), false, false), within)
    await expectReference(device, applyMatmul(random([2, 1, 2, 1, 2, 2, 3]), random([3, 2], 2), true, true), within)
  })
  add('take and scatterAdd along more axes than six', ['float32', 'int32'], async device => {
    const indices = indicesBelow(randomFrom(4), [2, 2], 3)
    await expectReference(device, applyTake(random(shape), indices, 2))
    await expectReference(device, applyScatterAdd(random([2, 1, 2, 2, 1, 2, 2, 2]), indices, 2, 3), within)
  })
}
