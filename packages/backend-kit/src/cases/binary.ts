import { broadcastShapes, isFloat, sizeOf, specOf } from '@ashlar/core'
import type { BinaryKind, DType, Shape } from '@ashlar/core'
import type { Comparison, Input, Program } from '../program.ts'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, formatInput, input, list } from '../program.ts'
import { randomFrom } from '../random.ts'
import type { Values } from '../reference/values.ts'
import { as, floatDTypes, integerDTypes, limits, numberDTypes } from './dtypes.ts'

export const binaryKinds: readonly BinaryKind[] = ['add', 'sub', 'mul', 'div', 'mod', 'pow', 'maximum', 'minimum', 'atan2']

/** Shapes that meet by each rule of broadcasting: equal, scalar, row, column, both ways, from the left, and empty. */
export const broadcastPairs: readonly (readonly [Shape, Shape])[] = [
  [[], []], [[4], [4]], [[2, 3], [2, 3]], [[2, 3], []], [[], [2, 3]], [[2, 3], [1]], [[1, 1, 1], [4]],
  [[2, 3], [3]], [[3], [2, 3]], [[2, 3], [1, 3]], [[2, 3], [2, 1]], [[2, 1], [2, 3]],
  [[2, 1], [1, 3]], [[1, 3], [2, 1]], [[2], [3, 1]],
  [[2, 3, 4], [4]], [[2, 3, 4], [3, 1]], [[2, 3, 4], [2, 1, 1]], [[2, 3, 4], [2, 1, 4]], [[1, 3, 1], [2, 1, 4]],
  [[2, 1, 3, 1], [4, 1, 2]], [[2, 1, 2, 1, 2], [1, 3, 1, 2, 1]],
  [[0], [0]], [[0], []], [[0], [1]], [[2, 0], [2, 1]], [[3, 1], [1, 0]], [[0, 3], [3]],
]

/** A program that applies a kind to two inputs. */
export function applyBinary(kind: BinaryKind, a: Input, b: Input): Program {
  const out = specOf(broadcastShapes(a.shape, b.shape, kind), a.dtype)
  return {
    label: `binary ${kind} of ${formatInput(a)} and ${formatInput(b)}`,
    inputs: [a, b],
    out,
    call: (kernels, x, y) => kernels.binary(kind, x!, y!, out),
  }
}

/** Every pair of a list's elements, as two inputs. */
export function allPairs(dtype: DType, values: Values): [Input, Input] {
  return [list(dtype, values.flatMap(x => values.map(() => x))), list(dtype, values.flatMap(() => values))]
}

/** Floats on which every kind is defined and well-conditioned; powers of negative numbers come in the special values. */
export function operand(kind: BinaryKind, dtype: DType, shape: Shape, seed: number): Input {
  const values = Array.from(randomFrom(seed).values(dtype, shape) as Float64Array)
  if (kind === 'pow' && isFloat(dtype)) return input(dtype, shape, values.map(x => Math.abs(x) + 0.125))
  // Powers of int32 that stay within what floats hold exactly.
  if (kind === 'pow') return input(dtype, shape, Array.from(values, x => Number(x) % 5))
  return input(dtype, shape, values)
}

function broadcastCase({ add, tolerance }: Kit, kind: BinaryKind, dtype: DType): void {
  const comparison: Comparison = isFloat(dtype) ? { tolerance: tolerance(dtype) } : {}
  add(`binary ${kind} ${dtype} broadcasting`, dtype, async device => {
    for (const [i, [left, right]] of broadcastPairs.entries()) {
      await expectReference(device, applyBinary(kind, operand(kind, dtype, left, i), operand(kind, dtype, right, i + 100)), comparison)
    }
    // Long enough for blocks of threads, vectors and texels to have a remainder.
    for (const [left, right] of [[[1027], [1027]], [[1027], []], [[37, 67], [67]], [[37, 67], [37, 1]]] as const) {
      await expectReference(device, applyBinary(kind, operand(kind, dtype, left, 7), operand(kind, dtype, right, 8)), comparison)
    }
  })
}

function floatCases({ add, tolerance }: Kit, dtype: DType): void {
  const loose = { tolerance: tolerance(dtype) }
  const [a, b] = allPairs(dtype, [NaN, Infinity, -Infinity, 0, 1, -1, 2.5, -2.5])
  for (const kind of ['add', 'sub', 'mul', 'div'] as const) {
    add(`binary ${kind} ${dtype} special values`, dtype, device => expectReference(device, applyBinary(kind, a, b), loose))
  }
  add(`binary maximum and minimum ${dtype} special values`, dtype, async device => {
    await expectReference(device, applyBinary('maximum', a, b))
    await expectReference(device, applyBinary('minimum', a, b))
  })
  add(`binary mod ${dtype} special values`, dtype, async device => {
    await expectElements(
      device,
      applyBinary('mod', list(dtype, [5, -5, 5, -5, 5.5, 0, NaN, 5, Infinity]), list(dtype, [3, 3, -3, -3, -2, 3, 3, 0, 3])),
      [2, 1, -1, -2, -0.5, 0, NaN, NaN, NaN],
      loose,
    )
  })
  add(`binary mod ${dtype} by infinity`, dtype, device =>
    // NumPy's: what is left of 5 is 5, and what is left of -5 has the divisor's sign.
    expectElements(
      device,
      applyBinary('mod', list(dtype, [5, -5, 5, -5, 0, NaN, Infinity]), list(dtype, [Infinity, Infinity, -Infinity, -Infinity, Infinity, Infinity, Infinity])),
      [5, Infinity, -Infinity, -5, 0, NaN, NaN],
      loose,
    ))
  add(`binary pow ${dtype} special values`, dtype, async device => {
    await expectElements(
      device,
      applyBinary('pow', list(dtype, [2, -2, -2, -8, 0, 0, 0, NaN, 1, 2, -1, 4]), list(dtype, [10, 3, 2, 1 / 3, 0, 2, -1, 0, NaN, -1, Infinity, 0.5])),
      [1024, -8, 4, NaN, 1, 0, Infinity, 1, 1, 0.5, 1, 2],
      loose,
    )
  })
  add(`binary atan2 ${dtype} special values`, dtype, async device => {
    // The quadrants, the axes and infinity, by C99's table; the sign of zero is left to the cases on negative zero.
    const [y, x] = [list(dtype, [1, 1, -1, -1, 0, 1, -1, 0, Infinity, 1, NaN, 1]), list(dtype, [1, -1, -1, 1, 1, 0, 0, -1, 1, Infinity, 1, NaN])]
    const [half, quarter] = [Math.PI / 2, Math.PI / 4]
    await expectElements(device, applyBinary('atan2', y, x), [quarter, 3 * quarter, -3 * quarter, -quarter, 0, half, -half, Math.PI, half, 0, NaN, NaN], loose)
  })
  add(`binary negative zero ${dtype}`, dtype, async device => {
    const [x, y] = allPairs(dtype, [0, -0])
    await expectElements(device, applyBinary('add', x, y), [0, 0, 0, -0], { signedZero: true })
    await expectElements(device, applyBinary('mul', x, y), [0, -0, -0, 0], { signedZero: true })
    // Which zero wins is left open, as IEEE 754's maximum before 2019 and most engines do; that of equal ones is not.
    const equal = list(dtype, [0, -0])
    for (const kind of ['maximum', 'minimum'] as const) await expectElements(device, applyBinary(kind, equal, equal), [0, -0], { signedZero: true })
  })
}

function integerCases({ add }: Kit, dtype: DType): void {
  const [a, b] = allPairs(dtype, as(dtype, [0, 1, -1, 2, 7, -7, 100, ...limits(dtype)]))
  for (const kind of ['add', 'sub', 'mul', 'mod', 'pow', 'maximum', 'minimum'] as const) {
    const needs = dtype === 'int32' ? { exactIntegers: 2 ** 31 } : {}
    add(`binary ${kind} ${dtype} wraps`, dtype, device => expectReference(device, applyBinary(kind, a, b)), needs)
  }
}

/** Every binary kind in every dtype that it comes in, and every rule of broadcasting. */
export function binaryCases(kit: Kit): void {
  for (const dtype of numberDTypes) {
    for (const kind of binaryKinds) if (isFloat(dtype) || (kind !== 'div' && kind !== 'atan2')) broadcastCase(kit, kind, dtype)
  }
  for (const dtype of floatDTypes) floatCases(kit, dtype)
  for (const dtype of integerDTypes) integerCases(kit, dtype)
  kit.add('binary int32 known values', 'int32', async device => {
    const pow = applyBinary('pow', list('int32', [3, 8, -3, -1, -1, 2, 0]), list('int32', [15, 8, 5, -3, -4, -1, 0]))
    await expectElements(device, pow, [14348907, 16777216, -243, -1, 1, 0, 1])
    const mod = applyBinary('mod', list('int32', [5, -5, 5, -5, 5, 0]), list('int32', [3, 3, -3, -3, 0, 3]))
    await expectElements(device, mod, [2, 1, -1, -2, 0, 0])
    const sum = applyBinary('add', list('int32', [16777215, -16777215, 8388607]), list('int32', [1, -1, 8388608]))
    await expectElements(device, sum, [16777216, -16777216, 16777215])
  })
  kit.add('binary int32 known values that wrap', 'int32', async device => {
    const pow = applyBinary('pow', list('int32', [3, 7]), list('int32', [2147483647, 1000]))
    await expectElements(device, pow, [-1431655765, 432069569])
    const mul = applyBinary('mul', list('int32', [123456789, 2147483647, 65536]), list('int32', [987654321, 2147483647, 65536]))
    await expectElements(device, mul, [-67153019, 1, 0])
  }, { exactIntegers: 2 ** 31 })
  kit.add('binary bool maximum and minimum', 'bool', async device => {
    const [a, b] = allPairs('bool', [0, 1])
    await expectElements(device, applyBinary('maximum', a, b), [0, 1, 1, 1])
    await expectElements(device, applyBinary('minimum', a, b), [0, 0, 0, 1])
  })
  kit.add('binary of an array with itself', 'float32', async device => {
    // One handle on both sides, as in x * x: an engine must not take either for scratch.
    const x = list('float32', [1, 2, 3])
    const square: Program = { label: 'binary mul of x and x', inputs: [x], out: x, call: (kernels, a) => kernels.binary('mul', a!, a!, x) }
    await expectElements(device, square, [1, 4, 9])
    const size = sizeOf([2, 3])
    await expectReference(device, applyBinary('add', input('float32', [2, 3], new Array<number>(size).fill(1)), x))
  })
}
