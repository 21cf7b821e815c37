import { DTYPES, isBigInt, isFloat, isHalf, specOf } from '@ashlar/core'
import type { DType } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, formatInput, input, list } from '../program.ts'
import type { Input, Program } from '../program.ts'
import type { Values } from '../reference/values.ts'
import { allDTypes, as, extremes, limits } from './dtypes.ts'

/** A program that casts an input. */
export function applyCast(x: Input, dtype: DType): Program {
  const out = specOf(x.shape, dtype)
  return { label: `cast of ${formatInput(x)} to ${dtype}`, inputs: [x], out, call: (kernels, a) => kernels.cast(a!, out) }
}

/** What a source dtype can hold that is worth casting; whole parts stay within 32 bits, beyond which engines differ. */
function sourceOf(dtype: DType): Values {
  if (dtype === 'bool') return [0, 1]
  if (isHalf(dtype)) return [0, -0, 0.5, -0.5, 2.75, -2.75, 100, -100, 200, 300, -300]
  if (isFloat(dtype)) return [0, -0, 0.5, -0.5, 2.7, -2.7, 100, -100, 200, 300.5, -300.5, 70000, -70000, 16777216]
  return as(dtype, [0, 1, -1, 5, 100, 200, -100, 300, ...extremes(dtype)])
}

/** Every pair of dtypes. */
export function castCases({ add, tolerance }: Kit): void {
  for (const from of allDTypes) {
    for (const to of allDTypes) {
      const comparison = isFloat(to) ? { tolerance: tolerance(to) } : {}
      add(`cast ${from} to ${to}`, [from, to], async device => {
        await expectReference(device, applyCast(list(from, sourceOf(from)), to), comparison)
        await expectReference(device, applyCast(input(from, [2, 0], []), to), comparison)
        await expectReference(device, applyCast(input(from, [], [1]), to), comparison)
      })
    }
  }
  const known: readonly (readonly [DType, Values, DType, Values])[] = [
    ['float32', [2.7, -2.7, 0.9, -0.9], 'int32', [2, -2, 0, 0]],
    ['float32', [255, 256, 300, -1], 'uint8', [255, 0, 44, 255]],
    ['float32', [127, 128, 200, -129], 'int8', [127, -128, -56, 127]],
    ['float32', [0, -0, 0.2, NaN, Infinity], 'bool', [0, 0, 1, 1, 1]],
    ['int32', [0, 256, -1], 'bool', [0, 1, 1]],
    ['int32', [2147483647, -2147483648], 'float64', [2147483647, -2147483648]],
    ['int64', [4294967297n, -1n, 9007199254740993n], 'int32', [1, -1, 1]],
    ['int64', [9007199254740993n, -1n], 'uint64', [9007199254740993n, 18446744073709551615n]],
    ['float64', [4294967296, -4294967297, 1e15], 'int64', [4294967296n, -4294967297n, 1000000000000000n]],
    ['uint32', [4294967295], 'float64', [4294967295]],
    ['int64', [4294967296n], 'bool', [1]],
  ]
  for (const [from, values, to, expected] of known) {
    add(`cast ${from} to ${to} known values`, [from, to], device =>
      expectElements(device, applyCast(list(from, values), to), expected, isFloat(to) ? { tolerance: tolerance(to) } : {}))
  }
  for (const dtype of allDTypes) {
    if (isBigInt(dtype) || isFloat(dtype) || dtype === 'bool' || DTYPES[dtype].bits > 16) continue
    add(`cast ${dtype} to float32 and back, all values`, [dtype, 'float32'], async device => {
      const [low, high] = limits(dtype) as [number, number]
      const values = Array.from({ length: high - low + 1 }, (_, i) => low + i)
      await expectElements(device, applyCast(list(dtype, values), 'float32'), values)
      await expectElements(device, applyCast(list('float32', values), dtype), values)
    })
  }
}
