import { broadcastShapes, isFloat, specOf } from '@ashlar/core'
import type { DType, Shape, Tensor } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { compareElements, execute, expectElements, expectReference, formatInput, input, read } from '../program.ts'
import type { Input, Program } from '../program.ts'
import { randomFrom } from '../random.ts'
import { referenceDevice } from '../reference/backend.ts'
import { as, limits, numberDTypes } from './dtypes.ts'

const FLAGS = [[false, false], [false, true], [true, false], [true, true]] as const
/** Rows, inner length and columns: of one, of remainders of every block size in use, and of nothing. */
const SIZES = [
  [1, 1, 1], [2, 3, 4], [1, 7, 5], [5, 7, 1], [3, 1, 6], [4, 4, 4], [5, 6, 7], [9, 5, 13], [17, 33, 19],
  [0, 3, 2], [2, 0, 3], [2, 3, 0],
] as const
const BATCHES: readonly (readonly [Shape, Shape])[] = [
  [[2], [2]], [[2], []], [[], [2]], [[1], [3]], [[3], [1]], [[2, 1], [1, 3]], [[2, 3], [3]], [[2, 3], [2, 1]], [[2, 1, 2], [3, 1]], [[0], [1]],
]

function swapped(shape: Shape, swap: boolean): number[] {
  return swap ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : [...shape]
}

/** A program that multiplies; the inputs are as stored, so transposed where flagged. */
export function applyMatmul(a: Input, b: Input, transposeA: boolean, transposeB: boolean): Program {
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), 'matmul')
  const out = specOf([...batch, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!], a.dtype)
  const flags = `${transposeA ? 'transposed ' : ''}${formatInput(a)} by ${transposeB ? 'transposed ' : ''}${formatInput(b)}`
  return {
    label: `matmul of ${flags}`,
    inputs: [a, b],
    out,
    call: (kernels, x, y) => kernels.matmul(x!, y!, transposeA, transposeB, out),
  }
}

/** Random operands of a product, stored as the flags say. */
export function factors(dtype: DType, left: Shape, right: Shape, transposeA: boolean, transposeB: boolean, seed: number): [Input, Input] {
  const random = randomFrom(seed)
  const make = (shape: Shape): Input => ({ ...specOf(shape, dtype), data: random.values(dtype, shape) })
  return [make(swapped(left, transposeA)), make(swapped(right, transposeB))]
}

function sizeCases({ add, tolerance }: Kit, dtype: DType): void {
  const comparison = isFloat(dtype) ? { tolerance: tolerance(dtype) } : {}
  for (const [ta, tb] of FLAGS) {
    const name = `matmul ${dtype}${ta ? ', left transposed' : ''}${tb ? ', right transposed' : ''}`
    add(name, dtype, async device => {
      for (const [m, k, n] of SIZES) {
        await expectReference(device, applyMatmul(...factors(dtype, [m, k], [k, n], ta, tb, m * 31 + n), ta, tb), comparison)
      }
    })
    add(`${name}, batched`, dtype, async device => {
      for (const [i, [left, right]] of BATCHES.entries()) {
        await expectReference(device, applyMatmul(...factors(dtype, [...left, 3, 2], [...right, 2, 4], ta, tb, i), ta, tb), comparison)
      }
      await expectReference(device, applyMatmul(...factors(dtype, [2, 1, 5], [5, 3], ta, tb, 50), ta, tb), comparison)
    })
  }
}

/** Products of every size class, transposed on either side, batched and broadcast. */
export function matmulCases(kit: Kit): void {
  for (const dtype of numberDTypes) sizeCases(kit, dtype)
  for (const dtype of ['float32', 'float64'] as const) {
    kit.add(`matmul ${dtype} known values`, dtype, async device => {
      const a = input(dtype, [2, 3], [1, 2, 3, 4, 5, 6])
      const b = input(dtype, [3, 2], [7, 8, 9, 10, 11, 12])
      await expectElements(device, applyMatmul(a, b, false, false), [58, 64, 139, 154])
      await expectElements(device, applyMatmul(a, b, true, true), [39, 49, 59, 54, 68, 82, 69, 87, 105])
    })
    kit.add(`matmul ${dtype} special values`, dtype, async device => {
      // 0 times infinity is NaN, also where a kernel might skip zeros; and NaN stays in its own row and column.
      const a = input(dtype, [3, 2], [0, 0, NaN, 1, 1, 2])
      const b = input(dtype, [2, 3], [1, Infinity, 2, 3, 4, 5])
      await expectElements(device, applyMatmul(a, b, false, false), [0, NaN, 0, NaN, NaN, NaN, 7, Infinity, 12])
    })
    kit.add(`matmul ${dtype} long sums`, dtype, async device => {
      const k = 2000
      const thirds = Array.from({ length: k * 2 }, (_, i) => 1 / (1 + (i % 7)))
      await expectReference(device, applyMatmul(input(dtype, [2, k], thirds), input(dtype, [k, 2], thirds), false, false), { tolerance: kit.tolerance(dtype) })
    })
  }
  kit.add('matmul int32 wraps', 'int32', async device => {
    const values = as('int32', [...limits('int32'), 123456789, -987654321, 65537, 3])
    await expectReference(device, applyMatmul(input('int32', [2, 3], values), input('int32', [3, 2], values), false, false))
  }, { exactIntegers: 2 ** 31 })
  kit.add('matmul of one right factor in two ways', 'float32', async device => {
    // As in y = x w and the gradient of x, g w transposed: an engine may remember w in a shape or an order that only fits one.
    const [x, w, g] = [[5, 3], [3, 4], [5, 4]].map((shape, i) => ({ ...specOf(shape, 'float32'), data: randomFrom(i).values('float32', shape) })) as [Input, Input, Input]
    for (const flat of [false, true]) {
      const tensors = [x, w, g].map(one => ({ shape: one.shape, dtype: one.dtype, size: one.size, handle: device.upload(one.data, one) })) as [Tensor, Tensor, Tensor]
      const [a, b, c] = tensors
      const handles: unknown[] = []
      const check = async (program: Program, handle: unknown): Promise<void> => {
        handles.push(handle)
        const expected = Array.from((await execute(referenceDevice, program)) as Float32Array)
        compareElements(await read(device, { ...program.out, handle }), expected, program.out, program.label, { tolerance: kit.tolerance('float32') })
      }
      const product = applyMatmul(x, w, false, false)
      const gradient = applyMatmul(g, w, false, true)
      await check(product, device.kernels.matmul(a, b, false, false, product.out))
      await check(gradient, device.kernels.matmul(c, b, false, true, gradient.out))
      if (flat) {
        // The same handle under another shape, as reshape gives it.
        const other = { ...w, ...specOf([2, 3, 2], 'float32') }
        const batched = applyMatmul(x, other, false, false)
        await check(batched, device.kernels.matmul(a, { ...b, ...specOf([2, 3, 2], 'float32') }, false, false, batched.out))
      }
      await check(product, device.kernels.matmul(a, b, false, false, product.out))
      for (const handle of handles) device.free(handle)
      for (const one of tensors) device.free(one.handle)
    }
  })
}
