import { specOf } from '@ashlar/core'
import type { DType, Shape } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, formatInput, input } from '../program.ts'
import type { Input, Program } from '../program.ts'
import { randomFrom } from '../random.ts'
import { allDTypes, numberDTypes } from './dtypes.ts'

/** A program that permutes axes. */
export function applyTranspose(x: Input, permutation: readonly number[]): Program {
  const out = specOf(permutation.map(axis => x.shape[axis]!), x.dtype)
  return {
    label: `transpose of ${formatInput(x)} by [${permutation.join(', ')}]`,
    inputs: [x],
    out,
    call: (kernels, a) => kernels.transpose(a!, permutation, out),
  }
}

/** A program that stretches to a shape. */
export function applyBroadcast(x: Input, shape: Shape): Program {
  const out = specOf(shape, x.dtype)
  return { label: `broadcastTo of ${formatInput(x)}`, inputs: [x], out, call: (kernels, a) => kernels.broadcastTo(a!, out) }
}

/** A program that takes a strided part; `ranges` holds a start, a step and an extent for each axis. */
export function applySlice(x: Input, ranges: readonly (readonly [number, number, number])[]): Program {
  const out = specOf(ranges.map(([, , extent]) => extent), x.dtype)
  const starts = ranges.map(([start]) => start)
  const steps = ranges.map(([, step]) => step)
  return {
    label: `slice of ${formatInput(x)} from [${starts.join(', ')}] by [${steps.join(', ')}]`,
    inputs: [x],
    out,
    call: (kernels, a) => kernels.slice(a!, starts, steps, out),
  }
}

/** A program that pads; `widths` holds what comes before and after along each axis. */
export function applyPad(x: Input, widths: readonly (readonly [number, number])[], value: number): Program {
  const out = specOf(x.shape.map((extent, axis) => widths[axis]![0] + extent + widths[axis]![1]), x.dtype)
  const before = widths.map(([count]) => count)
  return {
    label: `pad of ${formatInput(x)} with ${value}, [${before.join(', ')}] before`,
    inputs: [x],
    out,
    call: (kernels, a) => kernels.pad(a!, before, value, out),
  }
}

/** A program that joins inputs along an axis. */
export function applyConcat(inputs: readonly Input[], axis: number): Program {
  const first = inputs[0]!
  const length = inputs.reduce((sum, x) => sum + x.shape[axis]!, 0)
  const out = specOf(first.shape.with(axis, length), first.dtype)
  return {
    label: `concat of ${inputs.map(formatInput).join(' and ')} along ${axis}`,
    inputs,
    out,
    call: (kernels, ...tensors) => kernels.concat(tensors, axis, out),
  }
}

/** Every order of the axes of a rank. */
export function permutations(rank: number): number[][] {
  if (rank === 0) return [[]]
  return permutations(rank - 1).flatMap(rest => Array.from({ length: rank }, (_, i) => rest.toSpliced(i, 0, rank - 1)))
}

function random(dtype: DType, shape: Shape, seed = 1): Input {
  return { ...specOf(shape, dtype), data: randomFrom(seed).values(dtype, shape) }
}

function storedCases({ add }: Kit, dtype: DType): void {
  add(`transpose ${dtype}`, dtype, async device => {
    for (const shape of [[], [5], [2, 3], [2, 3, 4], [1, 3, 1, 2], [2, 2, 3, 2], [0, 3], [2, 0, 3]]) {
      for (const permutation of permutations(shape.length)) await expectReference(device, applyTranspose(random(dtype, shape), permutation))
    }
    await expectReference(device, applyTranspose(random(dtype, [35, 67]), [1, 0]))
    await expectReference(device, applyTranspose(random(dtype, [2, 35, 3, 67]), [0, 2, 1, 3]))
    await expectReference(device, applyTranspose(random(dtype, [33, 2, 34]), [2, 1, 0]))
  })
  add(`slice ${dtype}`, dtype, async device => {
    const x = random(dtype, [5, 6, 7])
    for (const ranges of [
      [[0, 1, 5], [0, 1, 6], [0, 1, 7]], [[2, 1, 2], [0, 1, 6], [0, 1, 7]], [[0, 1, 5], [1, 1, 3], [0, 1, 7]], [[0, 1, 5], [0, 1, 6], [3, 1, 1]],
      [[0, 2, 3], [1, 2, 2], [0, 3, 3]], [[4, -1, 5], [5, -1, 6], [6, -1, 7]], [[3, -2, 2], [0, 1, 6], [6, -3, 3]],
      [[1, 1, 0], [0, 1, 6], [0, 1, 7]], [[5, 1, 0], [0, 1, 2], [6, 1, 1]],
    ] as const) await expectReference(device, applySlice(x, ranges))
    await expectReference(device, applySlice(random(dtype, []), []))
    await expectReference(device, applySlice(random(dtype, [3, 200]), [[0, 2, 2], [10, 1, 150]]))
    await expectReference(device, applySlice(random(dtype, [200]), [[199, -1, 200]]))
  })
  add(`concat ${dtype}`, dtype, async device => {
    const shapes: readonly (readonly [readonly Shape[], number])[] = [
      [[[3], [2]], 0], [[[3]], 0], [[[2, 3], [4, 3]], 0], [[[2, 3], [2, 1], [2, 2]], 1], [[[2, 1, 3], [2, 4, 3]], 1],
      [[[2, 0], [2, 3]], 1], [[[0, 3], [0, 3]], 0], [[[2, 3], [0, 3], [1, 3]], 0], [[[3, 70], [3, 90]], 1],
    ]
    for (const [inputs, axis] of shapes) await expectReference(device, applyConcat(inputs.map((shape, i) => random(dtype, shape, i)), axis))
  })
}

/** Kernels that move elements and leave them as they are: the stored dtypes too, and every result exact. */
export function movementCases(kit: Kit): void {
  const { add } = kit
  for (const dtype of allDTypes) storedCases(kit, dtype)
  for (const dtype of [...numberDTypes, 'bool'] as const) {
    add(`broadcastTo ${dtype}`, dtype, async device => {
      for (const [from, to] of [
        [[], [2, 3]], [[3], [2, 3]], [[1], [4]], [[2, 1], [2, 3]], [[1, 3], [2, 3]], [[3, 1], [2, 3, 4]], [[2, 1, 3, 1], [2, 4, 3, 2]],
        [[2, 3], [2, 3]], [[1], [0]], [[2, 1], [2, 0]], [[0], [3, 0]], [[100], [3, 100]], [[100, 1], [100, 40]],
      ] as const) await expectReference(device, applyBroadcast(random(dtype, from), to))
    })
    add(`pad ${dtype}`, dtype, async device => {
      for (const [shape, widths] of [
        [[3], [[1, 2]]], [[3], [[0, 0]]], [[2, 3], [[1, 0], [0, 2]]], [[2, 3], [[0, 0], [1, 1]]], [[2, 3, 2], [[1, 1], [0, 0], [2, 0]]],
        [[], []], [[0], [[2, 1]]], [[2, 0], [[0, 1], [1, 1]]], [[3, 100], [[1, 1], [0, 5]]],
      ] as const) {
        for (const value of [0, 1]) await expectReference(device, applyPad(random(dtype, shape), widths, value))
      }
    })
  }
  for (const dtype of ['float32', 'float64'] as const) {
    add(`movement of special values ${dtype}`, dtype, async device => {
      const x = input(dtype, [2, 3], [NaN, Infinity, -Infinity, -0, 0, 1])
      await expectElements(device, applyTranspose(x, [1, 0]), [NaN, -0, Infinity, 0, -Infinity, 1], { signedZero: true })
      await expectElements(device, applySlice(x, [[1, -1, 2], [0, 1, 2]]), [-0, 0, NaN, Infinity], { signedZero: true })
      await expectElements(device, applyPad(x, [[0, 0], [0, 1]], -Infinity), [NaN, Infinity, -Infinity, -Infinity, -0, 0, 1, -Infinity], { signedZero: true })
      await expectElements(device, applyConcat([x, x], 1), [NaN, Infinity, -Infinity, NaN, Infinity, -Infinity, -0, 0, 1, -0, 0, 1], { signedZero: true })
      await expectElements(device, applyPad(x, [[0, 0], [0, 1]], NaN), [NaN, Infinity, -Infinity, NaN, -0, 0, 1, NaN])
    })
  }
  add('pad with NaN, then with 0', 'float32', async device => {
    // Kernels that are compiled once for a constant may keep the first one.
    const x = input('float32', [2], [1, 2])
    for (const value of [NaN, 0, -0, Infinity, 0]) await expectElements(device, applyPad(x, [[1, 1]], value), [value, 1, 2, value])
  })
  add('movement along more axes than six', 'float32', async device => {
    const shape = [2, 1, 3, 1, 2, 1, 2, 2]
    const x = random('float32', shape)
    await expectReference(device, applyTranspose(x, [7, 2, 0, 6, 4, 1, 3, 5]))
    await expectReference(device, applySlice(x, shape.map(extent => [extent - 1, -1, extent] as const)))
    await expectReference(device, applySlice(x, shape.map(extent => [0, 2, Math.ceil(extent / 2)] as const)))
    await expectReference(device, applyPad(x, shape.map((_, axis) => [axis % 2, (axis + 1) % 2] as const), 5))
    await expectReference(device, applyBroadcast(x, [2, 2, 3, 1, 2, 3, 2, 2]))
    await expectReference(device, applyConcat([x, x], 2))
  })
  add('concat of an array with itself', 'float32', device => {
    const x = input('float32', [2], [1, 2])
    const out = specOf([4], 'float32')
    return expectElements(device, { label: 'concat of x and x', inputs: [x], out, call: (kernels, a) => kernels.concat([a!, a!], 0, out) }, [1, 2, 1, 2])
  })
}
