import { cpuBackend } from '@ashlar/backend-cpu'
import { specOf } from '@ashlar/core'
import type { DType, Shape, Tensor, TypedArray } from '@ashlar/core'
import { expect, it } from 'vitest'

const device = cpuBackend().open(0)

function tensor(dtype: DType, shape: Shape, data: TypedArray): Tensor {
  const spec = specOf(shape, dtype)
  return { ...spec, handle: device.upload(data, spec) }
}

it('gives erf to 1e-15 in double', () => {
  // To 17 digits from a 40-digit computation; either side of the borders of each rational function.
  const table = [
    [1e-300, 1.1283791670955126e-300], [0.1, 0.1124629160182849], [0.46875, 0.49261347321793797], [0.46876, 0.4926225311068465],
    [1, 0.8427007929497149], [-1.5, -0.9661051464753108], [2.9, 0.9999589021219005], [4, 0.9999999845827421], [4.001, 0.9999999847092178], [5.9, 0.9999999999999999], [30, 1], [-Infinity, -1],
  ] as const
  const x = tensor('float64', [table.length], Float64Array.from(table, ([argument]) => argument))
  const y = device.download({ ...x, handle: device.kernels.unary('erf', x, x) })
  table.forEach(([argument, value], i) => expect(Math.abs(Number(y[i]) / value - 1), `erf(${argument})`).toBeLessThanOrEqual(1e-15))
})

it('keeps the digits of a long float32 sum', () => {
  const n = 1 << 20
  const x = tensor('float32', [n], new Float32Array(n).fill(0.1))
  const out = specOf([], 'float32')
  const sum = device.download({ ...out, handle: device.kernels.reduce('sum', x, [0], out) })
  expect(sum[0]).toBe(Math.fround(Math.fround(0.1) * n)) // a float32 accumulator would be off in the fourth digit
})

it('raises integers to any power modulo their width', () => {
  const spec = specOf([4], 'int32')
  const a = tensor('int32', [4], Int32Array.of(3, -2147483648, 5, 46341))
  const b = tensor('int32', [4], Int32Array.of(2147483647, 1, 13, 2))
  // 3^(2^31-1), 5^13 and 46341^2 modulo 2^32, by arithmetic on whole numbers.
  expect(device.download({ ...spec, handle: device.kernels.binary('pow', a, b, spec) })).toEqual(Int32Array.of(-1431655765, -2147483648, 1220703125, -2147479015))
})

it('multiplies matrices larger than one packed piece', () => {
  // k * n is past the 65536 elements that are packed at a time; entries are small whole numbers, so sums are exact.
  const [m, k, n] = [5, 700, 301]
  const a = Float32Array.from({ length: m * k }, (_, i) => (i * 7) % 5 - 2)
  const b = Float32Array.from({ length: k * n }, (_, i) => (i * 11) % 7 - 3)
  const out = specOf([m, n], 'float32')
  const handle = device.kernels.matmul(tensor('float32', [m, k], a), tensor('float32', [k, n], b), false, false, out)
  const product = device.download({ ...out, handle })
  const expected = new Float32Array(m * n)
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) for (let p = 0; p < k; p++) expected[i * n + j]! += a[i * k + p]! * b[p * n + j]!
  expect(product).toEqual(expected)
})

it('names one memory by every index', () => {
  const backend = cpuBackend()
  expect(backend.open(0)).toBe(backend.open(7))
})
