import { cpuBackend, cpuReport } from '@ashlar/backend-cpu'
import { setWarningHandler, specOf } from '@ashlar/core'
import type { DType, Tensor } from '@ashlar/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AS_IT_LIES, ROW_MAJOR, TRANSPOSED } from '../src/blas/library.ts'
import type { BlasHost, Gemm, Library } from '../src/blas/library.ts'
import { NAMINGS, productName } from '../src/blas/names.ts'
import { selectAgain } from '../src/blas/product.ts'
import { engine } from '../src/wasm/engine.ts'

const device = cpuBackend().open(0)
const e = engine()!

/** A library in TypeScript, which multiplies in the engine's memory by the definition of BLAS; the tests break it. */
function fakeGemm(type: 'f32' | 'f64', calls: number[][]): Gemm {
  const FloatArray = type === 'f32' ? Float32Array : Float64Array
  return (...args) => {
    const [order, ta, tb, m, n, k, alpha, a, lineA, b, lineB, beta, c, lineC] = args
    calls.push(args)
    // What a BLAS checks: at least this far apart have lines to be.
    if (order !== ROW_MAJOR || lineA < (ta === TRANSPOSED ? m : k) || lineB < (tb === TRANSPOSED ? k : n) || lineC < n) throw new Error(`illegal value in ${args.join(' ')}`)
    const memory = new FloatArray(e.buffer as ArrayBuffer)
    const at = (address: number, index: number): number => memory[address / memory.BYTES_PER_ELEMENT + index]!
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let p = 0; p < k; p++) sum += at(a, ta === AS_IT_LIES ? i * lineA + p : p * lineA + i) * at(b, tb === AS_IT_LIES ? p * lineB + j : j * lineB + p)
        const place = c / memory.BYTES_PER_ELEMENT + i * lineC + j
        memory[place] = alpha * sum + (beta === 0 ? 0 : beta * memory[place]!)
      }
    }
  }
}

interface Fake extends BlasHost {
  readonly calls: number[][]
  readonly opened: string[]
  readonly threads: number[]
}

function fake(own: Partial<BlasHost> = {}, broken: Partial<Library> = {}): Fake {
  const calls: number[][] = []
  const opened: string[] = []
  const threads: number[] = []
  return {
    calls, opened, threads,
    wanted: undefined,
    obstacle: null,
    candidates: () => ['/lib/first', '/lib/second'],
    trial: () => null,
    open(path) {
      opened.push(path)
      const library = { name: 'Fake', naming: NAMINGS[0]!, gemm: { f32: fakeGemm('f32', calls), f64: fakeGemm('f64', calls) }, setThreads: (count: number) => void threads.push(count), address: () => 0 }
      return path === '/lib/second' ? library : { ...library, ...broken }
    },
    ...own,
  }
}

let warnings: string[] = []
let before: ReturnType<typeof setWarningHandler>
beforeEach(() => {
  warnings = []
  before = setWarningHandler(message => warnings.push(message))
})
afterEach(() => {
  selectAgain()
  setWarningHandler(before)
})

function tensor(dtype: DType, shape: readonly number[], value: (i: number) => number): Tensor {
  const spec = specOf(shape, dtype)
  const data = dtype === 'float32' ? Float32Array.from({ length: spec.size }, (_, i) => value(i)) : Float64Array.from({ length: spec.size }, (_, i) => value(i))
  return { ...spec, handle: device.upload(data, spec) }
}

/** The product of small whole numbers on the device, and by the definition. */
function product(dtype: DType, [m, k, n]: readonly [number, number, number], ta = false, tb = false): { actual: number[]; expected: number[] } {
  const left = (i: number): number => ((i * 7) % 11) - 5
  const right = (i: number): number => ((i * 5) % 13) - 6
  const a = tensor(dtype, ta ? [k, m] : [m, k], left)
  const b = tensor(dtype, tb ? [n, k] : [k, n], right)
  const out = specOf([m, n], dtype)
  const handle = device.kernels.matmul(a, b, ta, tb, out)
  const expected: number[] = []
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let p = 0; p < k; p++) sum += left(ta ? p * m + i : i * k + p) * right(tb ? j * k + p : p * n + j)
      expected.push(sum)
    }
  }
  const actual = Array.from(device.download({ ...out, handle }), Number)
  // What is not freed fills the pool, and then other kernels take over.
  for (const used of [a.handle, b.handle, handle]) device.free(used)
  return { actual, expected }
}

const LARGE = [40, 50, 30] as const

describe.for(['float32', 'float64'] as const)('%s', dtype => {
  const shapes = [LARGE, [300, 1, 200], [8, 130, 200], [200, 130, 2]] as const
  it.for(shapes.map(shape => ({ name: shape.join(' x '), shape })))('multiplies $name by the library, however either side lies', ({ shape }) => {
    const host = fake()
    expect(selectAgain(host).state).toBe('used')
    const checks = host.calls.length
    for (const [ta, tb] of [[false, false], [false, true], [true, false], [true, true]] as const) {
      const { actual, expected } = product(dtype, shape, ta, tb)
      expect(actual).toEqual(expected)
    }
    expect(host.calls.length).toBe(checks + 4)
  })
})

it('keeps small products, those of few rows, and those of integers, to itself', () => {
  const host = fake()
  selectAgain(host)
  const checks = host.calls.length
  expect(product('float32', [8, 20, 30]).actual).toEqual(product('float32', [8, 20, 30]).expected)
  for (const shape of [[1, 300, 200], [300, 200, 1], [2, 130, 200]] as const) expect(product('float32', shape).actual).toEqual(product('float32', shape).expected)
  expect(product('int32', LARGE).actual).toEqual(product('int32', LARGE).expected)
  expect(host.calls.length).toBe(checks)
})

it('uses the first library that is there, and says which', () => {
  const host = fake()
  expect(selectAgain(host)).toEqual({ state: 'used', path: '/lib/first', library: 'Fake', problems: [] })
  expect(host.opened).toEqual(['/lib/first'])
  expect(cpuReport().blas.path).toBe('/lib/first')
  expect(warnings).toEqual([])
})

it('uses the library that ASHLAR_BLAS names and no other', () => {
  const host = fake({ wanted: '/lib/second' })
  expect(selectAgain(host).path).toBe('/lib/second')
  const missing = fake({ wanted: '/lib/missing', open: () => { throw new Error('no such file') } })
  expect(selectAgain(missing)).toMatchObject({ state: 'refused', path: null })
  expect(warnings).toEqual(['/lib/missing is not used: no such file; products run on WebAssembly'])
})

it('uses none where ASHLAR_BLAS is off', () => {
  const host = fake({ wanted: 'off', candidates: () => { throw new Error('nobody asked') } })
  expect(selectAgain(host)).toEqual({ state: 'off', path: null, library: null, problems: [] })
  expect(product('float32', LARGE).actual).toEqual(product('float32', LARGE).expected)
  expect([host.opened, warnings]).toEqual([[], []])
})

it('says nothing where nothing is there, unless a library was asked for by name', () => {
  const obstacle = 'the package koffi is not installed'
  expect(selectAgain(fake({ candidates: () => [] })).state).toBe('absent')
  expect(selectAgain(fake({ obstacle })).state).toBe('absent')
  expect(warnings).toEqual([])
  selectAgain(fake({ obstacle, wanted: '/lib/first' }))
  expect(warnings).toEqual(['/lib/first cannot be used: the package koffi is not installed; products run on WebAssembly'])
})

it('never opens what crashed in a trial', () => {
  const host = fake({ trial: path => (path === '/lib/first' ? 'it crashed in a trial (SIGSEGV)' : null) })
  expect(selectAgain(host).path).toBe('/lib/second')
  expect(host.opened).toEqual(['/lib/second'])
  expect(warnings).toEqual(['/lib/first is not used: it crashed in a trial (SIGSEGV); /lib/second is used instead'])
})

const gemm = fakeGemm('f32', [])
const faults: readonly (readonly [string, Gemm])[] = [
  ['has its sides exchanged', (order, ta, tb, m, n, k, alpha, a, lineA, b, ...rest) => gemm(order, ta, tb, m, n, k, alpha, b, lineA, a, ...rest)],
  ['adds to what was there', (...args) => gemm(...(args.with(11, 1) as Parameters<Gemm>))],
  ['writes behind the end', (...args) => { gemm(...args); new Float32Array(e.buffer as ArrayBuffer)[args[12] / 4 + args[3] * args[4]] = 0 }],
  ['does nothing', () => {}],
  ['is off by little', (...args) => { gemm(...args); new Float32Array(e.buffer as ArrayBuffer)[args[12] / 4]! += 2 ** -10 }],
]
it.for(faults)('refuses a library that %s', ([, f32]) => {
  const wrong = { gemm: { f32, f64: fakeGemm('f64', []) } }
  expect(selectAgain(fake({ candidates: () => ['/lib/first'] }, wrong))).toMatchObject({ state: 'refused', library: null })
  for (let i = 0; i < 3; i++) expect(product('float32', LARGE).actual).toEqual(product('float32', LARGE).expected)
  expect(warnings).toEqual(['/lib/first is not used: its float32 products are wrong; products run on WebAssembly'])
  expect(selectAgain(fake({}, wrong)).path).toBe('/lib/second')
})

it('gives back the memory in which it checked', () => {
  const { buffers } = e.heap.idle
  selectAgain(fake())
  const once = e.heap.idle
  selectAgain(fake({}, { gemm: { f32: () => {}, f64: () => {} } }))
  expect(e.heap.idle).toEqual(once)
  expect(once.buffers).toBeGreaterThanOrEqual(buffers)
})

it('tells the library how many threads to use, again when that changes', () => {
  const host = fake()
  const threads = e.threads
  try {
    selectAgain(host)
    expect(host.threads).toEqual([threads])
    e.threads = threads + 1
    product('float32', LARGE)
    product('float32', LARGE)
    expect(host.threads).toEqual([threads, threads + 1])
  } finally {
    e.threads = threads
  }
  selectAgain(fake({}, { setThreads: null }))
  expect(product('float32', LARGE).actual).toEqual(product('float32', LARGE).expected)
})

it('knows the names of every kind of build', () => {
  expect(NAMINGS.map(naming => productName(naming, 'f32'))).toEqual(['cblas_sgemm', 'cblas_sgemm64_', 'scipy_cblas_sgemm64_', 'scipy_cblas_sgemm'])
  expect(NAMINGS.map(naming => productName(naming, 'f64'))).toEqual(['cblas_dgemm', 'cblas_dgemm64_', 'scipy_cblas_dgemm64_', 'scipy_cblas_dgemm'])
})
