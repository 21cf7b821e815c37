import { createHash } from 'node:crypto'
import { cpuBackend } from '@ashlar/backend-cpu'
import { specOf } from '@ashlar/core'
import type { DType, Shape, Tensor, TypedArray } from '@ashlar/core'

/** What a device is asked for, by name, on arrays that are large enough for threads. Handles are freed. */
export type Results = Record<string, TypedArray>

/** Numbers that are the same in every process. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

/** Makes arrays on the CPU device, and frees them all at the end. */
export class Desk {
  readonly device: ReturnType<ReturnType<typeof cpuBackend>['open']> = cpuBackend().open(0)
  readonly #handles: unknown[] = []

  tensor(dtype: DType, shape: Shape, data: ArrayLike<number>): Tensor {
    const spec = specOf(shape, dtype)
    const values = dtype === 'float32' ? Float32Array.from(data) : dtype === 'float64' ? Float64Array.from(data) : Uint8Array.from(data)
    return this.keep(spec, this.device.upload(values, spec))
  }

  keep(spec: { readonly shape: Shape; readonly dtype: DType; readonly size: number }, handle: unknown): Tensor {
    this.#handles.push(handle)
    return { shape: spec.shape, dtype: spec.dtype, size: spec.size, handle }
  }

  read(x: Tensor): TypedArray {
    return this.device.download(x)
  }

  clear(): void {
    for (const handle of this.#handles.splice(0)) this.device.free(handle)
  }
}

/** Products of all transpositions and odd shapes, elementary functions, arithmetic and reductions of one float type. */
export function compute(dtype: 'float32' | 'float64', whole: boolean): Results {
  const desk = new Desk()
  const { device } = desk
  const next = generator(7)
  // Whole numbers give the same results whatever the order of summation.
  const values = (n: number): number[] => Array.from({ length: n }, () => (whole ? Math.floor(next() * 7) - 3 : next() * 4 - 2))
  const results: Results = {}
  const note = (name: string, shape: Shape, of: DType, make: (spec: ReturnType<typeof specOf>) => unknown): void => {
    const spec = specOf(shape, of)
    results[`${name} ${dtype}`] = desk.read(desk.keep(spec, make(spec)))
  }
  const { kernels } = device
  const shapes = [[97, 83, 101], [13, 300, 401], [401, 1031, 3], [256, 64, 192], [5, 700, 301], [7, 1025, 129]] as const
  for (const [m, k, n] of whole ? shapes.slice(0, 3) : shapes) {
    for (const [ta, tb] of [[false, false], [true, false], [false, true], [true, true]] as const) {
      const a = desk.tensor(dtype, ta ? [k, m] : [m, k], values(m * k))
      const b = desk.tensor(dtype, tb ? [n, k] : [k, n], values(k * n))
      note(`matmul ${m} ${k} ${n} ${ta ? 'T' : 'N'}${tb ? 'T' : 'N'}`, [m, n], dtype, spec => kernels.matmul(a, b, ta, tb, spec))
    }
  }
  const [rows, columns] = [523, 401]
  const shape = [rows, columns]
  const x = desk.tensor(dtype, shape, values(rows * columns))
  const y = desk.tensor(dtype, shape, values(rows * columns))
  const row = desk.tensor(dtype, [columns], values(columns))
  if (!whole) for (const kind of ['exp', 'tanh'] as const) note(kind, shape, dtype, spec => kernels.unary(kind, x, spec))
  note('neg', shape, dtype, spec => kernels.unary('neg', x, spec))
  note('add', shape, dtype, spec => kernels.binary('add', x, y, spec))
  note('mul a row', shape, dtype, spec => kernels.binary('mul', x, row, spec))
  note('lt', shape, 'bool', spec => kernels.compare('lt', x, y, spec))
  for (const kind of ['sum', 'max'] as const) {
    note(`${kind} of rows`, [rows], dtype, spec => kernels.reduce(kind, x, [1], spec))
    note(`${kind} of columns`, [columns], dtype, spec => kernels.reduce(kind, x, [0], spec))
    note(`${kind} of all`, [], dtype, spec => kernels.reduce(kind, x, [0, 1], spec))
  }
  const condition = desk.tensor('bool', shape, values(rows * columns).map(value => (value > 0 ? 1 : 0)))
  note('where', shape, dtype, spec => kernels.where(condition, x, y, spec))
  if (!whole) for (const name of ['softmax', 'logSoftmax', 'sigmoid']) note(name, shape, dtype, spec => device.overrides![name]!([x], { axis: 1 } as never, spec))
  desk.clear()
  return results
}

/** A fingerprint of each result's bits. */
export function fingerprints(results: Results): Record<string, string> {
  return Object.fromEntries(Object.entries(results).map(([name, { buffer, byteOffset, byteLength }]) => [
    name, createHash('sha256').update(new Uint8Array(buffer, byteOffset, byteLength)).digest('hex').slice(0, 16),
  ]))
}
