import { broadcastShapes, isFloat, specOf } from '@ashlar/core'
import type { DType } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectReference, input } from '../program.ts'
import type { Comparison, Input } from '../program.ts'
import type { Random } from '../random.ts'
import { applyBinary } from './binary.ts'
import { applyCompare, applyWhere, compareKinds } from './compare.ts'
import { numberDTypes } from './dtypes.ts'
import { applyScatterAdd, applyTake, indicesBelow } from './indexing.ts'
import { applyMatmul } from './matmul.ts'
import { applyBroadcast, applyConcat, applyPad, applySlice, applyTranspose } from './movement.ts'
import { applyArgReduce, applyReduce } from './reduce.ts'

const ROUNDS = 40

function draw(random: Random, dtype: DType, shape: readonly number[]): Input {
  return { ...specOf(shape, dtype), data: random.values(dtype, shape) }
}

/** A shape that broadcasts to the given one: some axes stretched, some missing on the left. */
function shrink(random: Random, shape: readonly number[]): number[] {
  return shape.slice(random.pick([0, 0, random.int(0, shape.length)])).map(extent => random.pick([extent, extent, 1]))
}

function shuffle(random: Random, rank: number): number[] {
  const order: number[] = []
  for (let axis = 0; axis < rank; axis++) order.splice(random.int(0, axis), 0, axis)
  return order
}

/** Random shapes through every kernel that has a shape rule, each in every dtype with arithmetic. */
export function fuzzCases({ fuzz, tolerance }: Kit): void {
  for (const dtype of numberDTypes) {
    const comparison: Comparison = isFloat(dtype) ? { tolerance: tolerance(dtype) } : {}

    fuzz(`fuzz broadcasting ${dtype}`, [dtype, 'bool'], ROUNDS, async (device, random) => {
      const shape = random.shape(random.int(0, 5))
      const a = draw(random, dtype, shrink(random, shape))
      const b = draw(random, dtype, shrink(random, shape))
      await expectReference(device, applyBinary(random.pick(['add', 'sub', 'mul', 'maximum', 'minimum'] as const), a, b), comparison)
      await expectReference(device, applyCompare(random.pick(compareKinds), a, b))
      await expectReference(device, applyWhere(draw(random, 'bool', shrink(random, shape)), a, b))
      await expectReference(device, applyBroadcast(a, broadcastShapes(a.shape, shape, 'broadcastTo')))
    })

    fuzz(`fuzz reductions ${dtype}`, [dtype, 'int32'], ROUNDS, async (device, random) => {
      const shape = random.shape(random.int(1, 5))
      const x = draw(random, dtype, shape)
      const axes = shape.map((_, axis) => axis).filter(() => random.int(0, 1) === 1)
      const kind = x.size === 0 ? 'sum' : random.pick(['sum', 'max', 'min'] as const)
      await expectReference(device, applyReduce(kind, x, axes), comparison)
      const axis = random.int(0, shape.length - 1)
      if (shape[axis]! > 0) await expectReference(device, applyArgReduce(random.pick(['argmax', 'argmin'] as const), x, axis))
    })

    fuzz(`fuzz matmul ${dtype}`, dtype, ROUNDS, async (device, random) => {
      const batch = random.shape(random.int(0, 3))
      const [m, k, n] = [random.int(0, 9), random.int(0, 9), random.int(0, 9)]
      const [ta, tb] = [random.int(0, 1) === 1, random.int(0, 1) === 1]
      const a = draw(random, dtype, [...shrink(random, batch), ...(ta ? [k, m] : [m, k])])
      const b = draw(random, dtype, [...shrink(random, batch), ...(tb ? [n, k] : [k, n])])
      await expectReference(device, applyMatmul(a, b, ta, tb), comparison)
    })

    fuzz(`fuzz movement ${dtype}`, dtype, ROUNDS, async (device, random) => {
      const shape = random.shape(random.int(1, 5))
      const x = draw(random, dtype, shape)
      await expectReference(device, applyTranspose(x, shuffle(random, shape.length)))
      await expectReference(device, applySlice(x, shape.map(extent => randomRange(random, extent))))
      await expectReference(device, applyPad(x, shape.map(() => [random.int(0, 2), random.int(0, 2)] as const), random.int(0, 3)))
      const axis = random.int(0, shape.length - 1)
      const others = Array.from({ length: random.int(0, 3) }, () => draw(random, dtype, shape.with(axis, random.int(0, 3))))
      await expectReference(device, applyConcat([x, ...others], axis))
    })

    fuzz(`fuzz indexing ${dtype}`, [dtype, 'int32'], ROUNDS, async (device, random) => {
      const shape = random.shape(random.int(1, 4))
      const axis = random.int(0, shape.length - 1)
      const extent = shape[axis]!
      const places = random.shape(random.int(0, 2))
      const indices = extent === 0 ? input('int32', [0], []) : indicesBelow(random, places, extent)
      await expectReference(device, applyTake(draw(random, dtype, shape), indices, axis))
      const updated = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)]
      await expectReference(device, applyScatterAdd(draw(random, dtype, updated), indices, axis, extent), comparison)
    })
  }
}

/** A start, a step and an extent that stay within an axis. */
function randomRange(random: Random, extent: number): readonly [number, number, number] {
  if (extent === 0) return [0, 1, 0]
  const start = random.int(0, extent - 1)
  const step = random.pick([1, 1, 2, 3, -1, -2])
  const most = step > 0 ? Math.ceil((extent - start) / step) : Math.floor(start / -step) + 1
  return [start, step, random.int(0, most)]
}
