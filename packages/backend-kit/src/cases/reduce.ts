import { isFloat, reducedShape, specOf } from '@ashlar/core'
import type { ArgReduceKind, DType, ReduceKind, Shape } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, formatInput, input, list } from '../program.ts'
import type { Input, Program } from '../program.ts'
import { randomFrom } from '../random.ts'
import type { Value } from '../reference/values.ts'
import { as, floatDTypes, integerDTypes, limits, numberDTypes } from './dtypes.ts'

export const reduceKinds: readonly ReduceKind[] = ['sum', 'prod', 'max', 'min']

/** A program that reduces those axes. */
export function applyReduce(kind: ReduceKind, x: Input, axes: readonly number[]): Program {
  const out = specOf(reducedShape(x.shape, axes, false), x.dtype)
  return {
    label: `reduce ${kind} of ${formatInput(x)} along [${axes.join(', ')}]`,
    inputs: [x],
    out,
    call: (kernels, a) => kernels.reduce(kind, a!, axes, out),
  }
}

/** A program that finds extremes along an axis. */
export function applyArgReduce(kind: ArgReduceKind, x: Input, axis: number): Program {
  const out = specOf(reducedShape(x.shape, [axis], false), 'int32')
  return {
    label: `argReduce ${kind} of ${formatInput(x)} along ${axis}`,
    inputs: [x],
    out,
    call: (kernels, a) => kernels.argReduce(kind, a!, axis, out),
  }
}

/** Every subset of the axes of a rank, the empty one too. */
export function axisSubsets(rank: number): number[][] {
  return Array.from({ length: 2 ** rank }, (_, bits) => Array.from({ length: rank }, (_, axis) => axis).filter(axis => bits & (1 << axis)))
}

function random(dtype: DType, shape: Shape, seed: number): Input {
  return { ...specOf(shape, dtype), data: randomFrom(seed).values(dtype, shape) }
}

function axesCase({ add, tolerance }: Kit, kind: ReduceKind, dtype: DType): void {
  const comparison = isFloat(dtype) ? { tolerance: tolerance(dtype) } : {}
  add(`reduce ${kind} ${dtype} along every set of axes`, dtype, async device => {
    // Products of integers from -2 to 2 stay within what floats hold exactly.
    const small = (x: Input): Input => (kind === 'prod' && !isFloat(dtype) ? input(dtype, x.shape, Array.from(x.data as ArrayLike<Value>, v => Number(v) % 2 * 2 || 1)) : x)
    for (const shape of [[], [5], [2, 3], [2, 3, 4], [2, 3, 2, 3], [3, 1, 2]]) {
      for (const axes of axisSubsets(shape.length)) {
        await expectReference(device, applyReduce(kind, small(random(dtype, shape, 1 + axes.length)), axes), comparison)
      }
    }
  })
  add(`reduce ${kind} ${dtype} keeping axes as 1`, dtype, async device => {
    for (const axes of [[0], [1], [0, 2], [0, 1, 2]]) {
      const program = applyReduce(kind, random(dtype, [2, 3, 2], 9), axes)
      const out = specOf(reducedShape([2, 3, 2], axes, true), dtype)
      await expectReference(device, { ...program, out, call: (kernels, a) => kernels.reduce(kind, a!, axes, out) }, comparison)
    }
  })
  add(`reduce ${kind} ${dtype} of many`, dtype, async device => {
    // Past the widths of vectors, work groups and texels; products of ones and halves stay in range.
    const ofMany = (shape: readonly number[]): Input =>
      kind === 'prod' ? input(dtype, shape, Array.from(random(dtype, shape, 3).data as Float64Array, (_, i) => (i % 97 === 0 ? 3 : 1))) : random(dtype, shape, 3)
    await expectReference(device, applyReduce(kind, ofMany([1027]), [0]), comparison)
    await expectReference(device, applyReduce(kind, ofMany([3, 1027]), [1]), comparison)
    await expectReference(device, applyReduce(kind, ofMany([1027, 3]), [0]), comparison)
    await expectReference(device, applyReduce(kind, ofMany([3, 65, 33]), [0, 2]), comparison)
  })
}

/** Reductions along every set of axes, of nothing, of NaN, and with ties; positions of extremes. */
export function reduceCases(kit: Kit): void {
  const { add } = kit
  for (const dtype of numberDTypes) {
    for (const kind of reduceKinds) axesCase(kit, kind, dtype)
    add(`reduce of nothing ${dtype}`, dtype, async device => {
      await expectElements(device, applyReduce('sum', input(dtype, [0], []), [0]), [0])
      await expectElements(device, applyReduce('prod', input(dtype, [0], []), [0]), [1])
      await expectElements(device, applyReduce('sum', input(dtype, [2, 0], []), [1]), [0, 0])
      await expectElements(device, applyReduce('prod', input(dtype, [0, 2], []), [0]), [1, 1])
      await expectElements(device, applyReduce('sum', input(dtype, [2, 0, 3], []), [0, 1]), [0, 0, 0])
      for (const kind of reduceKinds) await expectElements(device, applyReduce(kind, input(dtype, [0, 2], []), [1]), [])
    })
    for (const kind of ['argmax', 'argmin'] as const) {
      add(`argReduce ${kind} ${dtype}`, [dtype, 'int32'], async device => {
        for (const [shape, axis] of [[[5], 0], [[3, 4], 0], [[3, 4], 1], [[2, 3, 4], 1], [[2, 3, 4], 0], [[4, 1], 1], [[3, 700], 1]] as const) {
          await expectReference(device, applyArgReduce(kind, random(dtype, shape, 5), axis))
        }
        await expectElements(device, applyArgReduce(kind, list(dtype, [1, 3, 3, 1]), 0), [kind === 'argmax' ? 1 : 0])
        await expectElements(device, applyArgReduce(kind, input(dtype, [0, 2], []), 1), [])
      })
    }
  }
  for (const dtype of floatDTypes) {
    add(`reduce special values ${dtype}`, dtype, async device => {
      const x = input(dtype, [4, 3], [1, NaN, 2, Infinity, 1, -Infinity, NaN, 5, 4, -Infinity, Infinity, 0])
      for (const kind of reduceKinds) await expectReference(device, applyReduce(kind, x, [1]))
      await expectElements(device, applyReduce('max', x, [0]), [NaN, NaN, 4])
      await expectElements(device, applyReduce('min', x, [0]), [NaN, NaN, -Infinity])
      await expectElements(device, applyReduce('max', list(dtype, [-3, -7, -1]), [0]), [-1])
      await expectElements(device, applyReduce('max', list(dtype, [-Infinity, -Infinity]), [0]), [-Infinity])
      await expectElements(device, applyReduce('min', list(dtype, [Infinity, Infinity]), [0]), [Infinity])
    })
    for (const [kind, values, expected] of [
      ['argmax', [1, NaN, Infinity, NaN], 1], ['argmin', [1, NaN, -Infinity, NaN], 1], ['argmax', [NaN, 5], 0],
      ['argmax', [-Infinity, -Infinity], 0], ['argmin', [Infinity, Infinity], 0], ['argmax', [-5, -2, -2], 1], ['argmax', [-0, 0], 0],
    ] as const) {
      add(`argReduce ${kind} ${dtype} of ${values.map(v => (Object.is(v, -0) ? '-0' : v)).join(', ')}`, [dtype, 'int32'], device =>
        expectElements(device, applyArgReduce(kind, list(dtype, values), 0), [expected]))
    }
  }
  for (const dtype of integerDTypes) {
    add(`reduce wraps ${dtype}`, dtype, async device => {
      const x = list(dtype, as(dtype, [...limits(dtype), ...limits(dtype), 100, 100, 3]))
      for (const kind of reduceKinds) await expectReference(device, applyReduce(kind, x, [0]))
    }, dtype === 'int32' ? { exactIntegers: 2 ** 31 } : {})
  }
  add('reduce bool is any and all', 'bool', async device => {
    const x = input('bool', [4, 2], [0, 0, 0, 1, 1, 0, 1, 1])
    await expectElements(device, applyReduce('max', x, [1]), [0, 1, 1, 1])
    await expectElements(device, applyReduce('min', x, [1]), [0, 0, 0, 1])
    await expectElements(device, applyReduce('max', x, [0, 1]), [1])
  })
}
