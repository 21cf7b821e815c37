import { cpuBackend } from '@ashlar/backend-cpu'
import { setWarningHandler, specOf } from '@ashlar/core'
import type { DType, TypedArray } from '@ashlar/core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { blasHost } from '../src/blas/host.node.ts'
import { selectAgain } from '../src/blas/product.ts'
import { engine } from '../src/wasm/engine.ts'

// Our own products, whatever BLAS this machine has.
const device = cpuBackend().open(0)
const e = engine()!
beforeAll(() => void selectAgain({ ...blasHost(), wanted: 'off' }))
afterAll(() => {
  const before = setWarningHandler(() => {})
  selectAgain()
  setWarningHandler(before)
})

type Sizes = readonly [m: number, k: number, n: number]

interface Batches {
  readonly a?: readonly number[]
  readonly b?: readonly number[]
  readonly out?: readonly number[]
}

function multiply(dtype: DType, [m, k, n]: Sizes, ta: boolean, tb: boolean, a: TypedArray, b: TypedArray, batch: Batches = {}): TypedArray {
  const left = specOf([...(batch.a ?? []), ...(ta ? [k, m] : [m, k])], dtype)
  const right = specOf([...(batch.b ?? []), ...(tb ? [n, k] : [k, n])], dtype)
  const out = specOf([...(batch.out ?? []), m, n], dtype)
  const sides = [device.upload(a, left), device.upload(b, right)] as const
  const handle = device.kernels.matmul({ ...left, handle: sides[0] }, { ...right, handle: sides[1] }, ta, tb, out)
  const product = device.download({ ...out, handle }) as TypedArray
  // What is not freed fills the pool, and then other kernels take over.
  for (const used of [...sides, handle]) device.free(used)
  return product
}

const FORMS = [[false, false], [false, true], [true, false], [true, true]] as const
const SHAPES: readonly Sizes[] = [
  [1, 1, 600], [1, 600, 1], [600, 1, 1], [300, 1, 5], [5, 1, 300], // one of everything
  [1, 64, 64], [64, 64, 1], [64, 70, 2], [256, 10, 3], [1, 2000, 300], [300, 2000, 1], // vectors
  [2, 256, 20], [2, 256, 10], [8, 40, 9], [7, 256, 10], [12, 30, 15], [11, 1025, 13], // few rows
  [256, 256, 10], [13, 300, 17], [100, 33, 5], [64, 64, 16], [31, 40, 4], [19, 1100, 7], // few columns
  [64, 64, 64], [97, 515, 129], [130, 200, 140], [3, 700, 301], [300, 3, 310], // large enough to be packed
]

it.for(SHAPES)('%i x %i x %i: every product is that of the definition', shape => {
  const [m, k, n] = shape
  const a = Float64Array.from({ length: m * k }, (_, i) => ((i * 7) % 11) - 5)
  const b = Float64Array.from({ length: k * n }, (_, i) => ((i * 5) % 13) - 6)
  for (const [ta, tb] of FORMS) {
    const expected: number[] = []
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let p = 0; p < k; p++) sum += a[ta ? p * m + i : i * k + p]! * b[tb ? j * k + p : p * n + j]!
        expected.push(sum)
      }
    }
    expect(Array.from(multiply('float64', shape, ta, tb, a, b), Number)).toEqual(expected)
    expect(Array.from(multiply('float32', shape, ta, tb, Float32Array.from(a), Float32Array.from(b)), Number)).toEqual(expected)
  }
})

const BATCHES: readonly { readonly a: readonly number[]; readonly b: readonly number[]; readonly out: readonly number[] }[] = [
  { a: [9], b: [9], out: [9] },
  { a: [], b: [9], out: [9] }, // one matrix for all
  { a: [1, 1], b: [3, 4], out: [3, 4] },
  { a: [3, 4], b: [1], out: [3, 4] },
  { a: [3, 1], b: [1, 4], out: [3, 4] }, // neither one for each nor one for all
  { a: [4], b: [3, 4], out: [3, 4] },
]
it.for([[8, 8, 8], [5, 40, 9], [70, 30, 20], [33, 20, 6], [3, 50, 40], [1, 30, 20], [20, 30, 1], [80, 100, 60]] as const)('%i x %i x %i: products of batches are those of their matrices', shape => {
  const [m, k, n] = shape
  const whole = (size: number, factor: number): Float32Array => Float32Array.from({ length: size }, (_, i) => ((i * factor) % 11) - 5)
  for (const batch of BATCHES) {
    const sizeOf = (dims: readonly number[]): number => dims.reduce((x, y) => x * y, 1)
    const a = whole(sizeOf(batch.a) * m * k, 7)
    const b = whole(sizeOf(batch.b) * k * n, 3)
    for (const [ta, tb] of FORMS) {
      const actual = multiply('float32', shape, ta, tb, a, b, batch)
      for (let item = 0; item < sizeOf(batch.out); item++) {
        const [row, column] = [Math.floor(item / batch.out.at(-1)!), item % batch.out.at(-1)!]
        // Where a side's matrix for this item lies: dimensions of 1, or none, serve for all.
        const place = (dims: readonly number[]): number => (dims.length > 1 && dims[0]! > 1 ? row * dims[1]! : 0) + ((dims.at(-1) ?? 1) > 1 ? column : 0)
        const [x, y] = [place(batch.a) * m * k, place(batch.b) * k * n]
        const alone = multiply('float32', shape, ta, tb, a.slice(x, x + m * k), b.slice(y, y + k * n))
        expect(Buffer.compare(bytesOf(alone), bytesOf(actual.subarray(item * m * n, (item + 1) * m * n) as TypedArray)), `${JSON.stringify(batch)}, item ${item}, ${ta} ${tb}`).toBe(0)
      }
    }
  }
})

function bytesOf(x: TypedArray): Uint8Array {
  return new Uint8Array(x.buffer, x.byteOffset, x.byteLength)
}

it('does not write behind a result', () => {
  // Blocks of one size class lie one after the other, so a result's neighbour shows what was written too much.
  for (const [m, k, n] of [[100, 33, 5], [64, 64, 5], [53, 300, 7]] as const) {
    const spec = specOf([m * n], 'float32')
    const neighbours = Array.from({ length: 8 }, () => device.upload(new Float32Array(m * n).fill(7), spec))
    const free = neighbours.splice(3, 1)[0]!
    device.free(free)
    multiply('float32', [m, k, n], false, false, new Float32Array(m * k).fill(1), new Float32Array(k * n).fill(1))
    for (const handle of neighbours) {
      expect(device.download({ ...spec, handle })).toEqual(new Float32Array(m * n).fill(7))
      device.free(handle)
    }
  }
})

it('gives the same digits on any number of threads', async context => {
  const threads = e.threads
  const shapes = [[256, 256, 10], [300, 200, 13], [8, 600, 133], [5, 400, 300], [240, 64, 64], [130, 300, 140], [700, 9, 100]] as const
  const wave = (size: number, speed: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(i * speed))
  const cases = shapes.flatMap(shape => FORMS.map(([ta, tb]) => ({ shape, ta, tb, a: wave(shape[0] * shape[1], 0.37), b: wave(shape[1] * shape[2], 0.73) })))
  const batches = [[[40, 50, 30], [31]], [[64, 32, 64], [8, 4]], [[70, 300, 10], [5]], [[4, 900, 60], [9]]] as const
  const batched = batches.flatMap(([shape, dims]) => FORMS.map(([ta, tb]) => {
    const count = dims.reduce<number>((x, y) => x * y, 1)
    return { shape, ta, tb, a: wave(count * shape[0] * shape[1], 0.37), b: wave(count * shape[1] * shape[2], 0.73), dims: { a: dims, b: dims, out: dims } }
  }))
  const bits = (x: TypedArray): string => Buffer.from(bytesOf(x)).toString('base64')
  /** The digits of each product, in a form that is compared fast. */
  const all = (): Record<string, string> => Object.fromEntries([...cases, ...batched].map(({ shape, ta, tb, a, b, ...rest }) => [
    `${shape.join(' x ')} ${ta} ${tb}`, bits(multiply('float32', shape, ta, tb, a, b, 'dims' in rest ? rest.dims : {})),
  ]))
  try {
    e.threads = 1
    const one = all()
    for (const count of [2, 3]) {
      e.threads = count
      void all() // starts the threads
      if (!(await vi.waitFor(() => { if (e.team.size < count) throw new Error('not yet'); return true }, 30_000).catch(() => false))) return context.skip('no threads here')
      const several = all()
      expect(Object.keys(one).filter(name => several[name] !== one[name]), `on ${count} threads`).toEqual([])
    }
  } finally {
    e.threads = threads
  }
})
