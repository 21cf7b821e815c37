import { parallelism, threadsVariable } from '#worker'
import { MemoryError, ValueError, warn } from '@ashlar/core'
import type { TypedArray } from '@ashlar/core'
import type { TeamOptions } from '../threads/team.ts'
import { Team } from '../threads/team.ts'
import { instruction, int, simd } from './code.ts'
import { compareLoop, whereLoop } from './choose.ts'
import { convolutionModule } from './convolution.ts'
import { copyModule } from './copy.ts'
import { exp, log, sigmoid, tanh } from './elementary.ts'
import { fusedModule } from './fused.ts'
import { gemmModule, scratchBytes } from './gemm.ts'
import { Heap } from './heap.ts'
import { lanes } from './lanes.ts'
import { FORMS, binaryLoop, unaryLoop } from './loops.ts'
import { Module } from './module.ts'
import { normalizeModule } from './normalize.ts'
import { poolingModule } from './pooling.ts'
import { reduceColumns, reduceRows } from './reduce.ts'
import { softmaxRows } from './softmax.ts'

/** What is asked of the environment. All but `threads` is for tests: it takes away what an environment may lack. */
export interface EngineOptions {
  /** How many threads work on large arrays, the caller included; default `ASHLAR_THREADS` in Node, else what the machine has. */
  readonly threads?: number | undefined
  readonly vectors?: boolean
  readonly relaxed?: boolean
  readonly shared?: boolean
  /** Makes memory, or throws. */
  readonly memory?: (descriptor: WebAssembly.MemoryDescriptor) => WebAssembly.Memory
  readonly start?: TeamOptions['start']
  readonly patience?: number
}

export type FloatType = 'f32' | 'f64'
type Exports = Record<string, (...args: number[]) => number>

const MAX_PAGES = 65536
const LEAST_PAGES = 64
/** Memory that is not shared has its full size from the start, as views on it would be lost when it grew. */
const UNSHARED_PAGES = 4096

/** Whether the environment accepts what a function is made of. */
function accepts(write: (m: Module) => void): boolean {
  const m = new Module()
  write(m)
  return WebAssembly.validate(m.encode(false, 1))
}

/** An address space, or a policy, may allow less than is asked for: half of it is tried then. */
function memoryOf(shared: boolean, { memory = descriptor => new WebAssembly.Memory(descriptor) }: EngineOptions): WebAssembly.Memory | null {
  for (let maximum = shared ? MAX_PAGES : UNSHARED_PAGES; maximum >= LEAST_PAGES; maximum /= 2) {
    try {
      return memory({ initial: shared ? LEAST_PAGES : maximum, maximum, shared })
    } catch {
      continue
    }
  }
  return null
}

/**
 * Whether code may be compiled here and now: a page's policy may forbid it, and some browsers refuse to compile more than 4 KB at once on
 * the main thread.
 */
function compiles(): boolean {
  const m = new Module()
  m.func(null, [], f => f.raw(new Array<number>(8192).fill(0x01)))
  try {
    return new WebAssembly.Module(m.encode(false, 1)) instanceof WebAssembly.Module
  } catch {
    return false
  }
}

/** WebAssembly memory, and the functions that work on it, each family compiled when first needed. */
export class Engine {
  readonly heap: Heap
  readonly relaxed: boolean
  readonly team: Team
  #threads: number
  readonly #memory: WebAssembly.Memory
  readonly #shared: boolean
  readonly #families = new Map<string, ReadonlyMap<string, number>>()
  /** Scratch of each thread. */
  readonly #scratch: number[] = []
  readonly #stages: number[] = []

  constructor(memory: WebAssembly.Memory, threads: number, { relaxed = true, start, patience }: EngineOptions = {}) {
    this.#memory = memory
    this.#threads = threads
    this.#shared = !(memory.buffer instanceof ArrayBuffer)
    this.heap = new Heap(memory)
    this.relaxed = relaxed && accepts(m => void m.func(null, ['v128'], (f, x) => f.raw([...instruction('v128', simd(0x105), x, x, x).bytes, 0x1a])))
    this.team = new Team(this.heap, { threads: this.#shared ? threads : 1, start, patience })
  }

  /** How many threads may work at the same time; where memory is not shared, those of others only. */
  get threads(): number {
    return this.#threads
  }

  set threads(wanted: number) {
    this.#threads = wanted
    if (this.#shared) this.team.threads = wanted
  }

  get buffer(): ArrayBufferLike {
    return this.#memory.buffer
  }

  /** Whether an array lies in this memory. Shared memory that has grown has several buffers, all of them valid. */
  owns(array: TypedArray): boolean {
    return this.#shared ? !(array.buffer instanceof ArrayBuffer) : array.buffer === this.#memory.buffer
  }

  /** The numbers of a family's functions, by name. */
  family(name: keyof typeof FAMILIES, type: FloatType): ReadonlyMap<string, number> {
    const key = `${name} ${type}`
    return this.#families.get(key) ?? this.#compile(key, FAMILIES[name](type, this.relaxed))
  }

  /** Scratch memory for products of one thread; 0 where there is no memory for it. */
  scratch(thread: number): number {
    return (this.#scratch[thread] ||= this.heap.take((scratchBytes(8) + 63) & ~63))
  }

  /** A place for a small operand that lies outside of this memory; 0 where there is none left. */
  stage(side: 0 | 1): number {
    return (this.#stages[side] ||= this.heap.take(4096))
  }

  /** @throws MemoryError where there is none for the code */
  #compile(key: string, module: Module): ReadonlyMap<string, number> {
    const bytes = module.encode(this.#shared, MAX_PAGES)
    const exported = this.#instantiate(bytes)
    const first = this.team.add(bytes, Object.values(exported))
    const numbers = new Map(Object.keys(exported).map((name, i) => [name, first + i]))
    this.#families.set(key, numbers)
    return numbers
  }

  #instantiate(bytes: Uint8Array<ArrayBuffer>): Exports {
    try {
      return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: this.#memory } }).exports as Exports
    } catch (cause) {
      throw new MemoryError(`WebAssembly code of ${bytes.length} bytes cannot be compiled`, { op: 'backend-cpu', hint: 'the process may be out of memory', cause })
    }
  }
}

function mathModule(type: FloatType, relaxed: boolean): Module {
  const m = new Module()
  const l = lanes(type, relaxed)
  for (const form of FORMS) {
    for (const kind of ['add', 'sub', 'mul', 'div', 'max', 'min'] as const) binaryLoop(m, `${kind} ${form}`, l, form, (_, a, b) => l.op(kind, a, b))
  }
  for (const kind of ['neg', 'abs', 'sqrt', 'ceil', 'floor', 'trunc', 'nearest'] as const) unaryLoop(m, kind, l, (_, __, xs) => xs.map(x => l.op(kind, x)))
  if (type === 'f32') for (const [name, math] of Object.entries({ exp, log, tanh, sigmoid })) unaryLoop(m, name, l, math)
  return m
}

/** What has no double variant: double precision is the plain kernels' for these. */
function rowsModule(type: FloatType, relaxed: boolean): Module {
  const m = new Module()
  if (type === 'f64') return m
  const [narrow, wide] = [lanes('f32', relaxed), lanes('f64', relaxed)]
  for (const form of FORMS) {
    for (const kind of ['eq', 'ne', 'lt', 'le'] as const) compareLoop(m, `${kind} ${form}`, narrow, form, kind)
    whereLoop(m, `where ${form}`, narrow, form)
  }
  for (const kind of ['sum', 'max', 'min'] as const) {
    reduceRows(m, `${kind} rows`, narrow, wide, kind)
    reduceColumns(m, `${kind} columns`, narrow, wide, kind)
  }
  softmaxRows(m, 'softmax', narrow, false)
  softmaxRows(m, 'logSoftmax', narrow, true)
  return m
}

const FAMILIES: Readonly<Record<'gemm' | 'math' | 'rows' | 'convolution' | 'fused' | 'pooling' | 'normalize' | 'copy', (type: FloatType, relaxed: boolean) => Module>> = {
  gemm: (type, relaxed) => gemmModule(lanes(type, relaxed), relaxed ? 6 : 5),
  math: mathModule,
  rows: rowsModule,
  convolution: (_, relaxed) => convolutionModule(lanes('f32', relaxed), relaxed ? 6 : 5),
  pooling: (_, relaxed) => poolingModule(lanes('f32', relaxed)),
  copy: (_, relaxed) => copyModule(lanes('f32', relaxed)),
  normalize: (_, relaxed) => normalizeModule(lanes('f32', relaxed), lanes('f64', relaxed)),
  fused: (_, relaxed) => fusedModule(lanes('f32', relaxed)),
}

let options: EngineOptions = {}
let made: Engine | null | undefined

/**
 * Says how the engine is made; once it is there, the number of threads can still be changed.
 *
 * @throws ValueError where `ASHLAR_THREADS` would decide and is no number of threads
 */
export function configureEngine(wanted: EngineOptions): void {
  const next = { ...options, ...wanted }
  const threads = threadsOf(next)
  options = next
  if (made) made.threads = threads
}

/** The engine of this process, made when first asked for; null where the environment has no such thing. */
export function engine(): Engine | null {
  return made === undefined ? (made = makeEngine(options)) : made
}

function threadsOf({ threads }: EngineOptions): number {
  if (threads !== undefined) return threads
  const variable = threadsVariable()?.trim() ?? ''
  if (variable === '') return parallelism()
  if (/^[1-9]\d*$/.test(variable)) return Number(variable)
  throw new ValueError(`ASHLAR_THREADS is '${variable}'`, { op: 'cpuBackend', hint: 'set it to how many threads are to be used, 1 or more, or not at all' })
}

/** What is lacking is said once: results are the same all the same. */
function lacking(what: string, consequence: string): void {
  warn(`${what}: the CPU backend ${consequence}`, { category: 'RuntimeWarning' })
}

const PLAIN = 'computes in plain JavaScript, which is slower'

function makeEngine(from: EngineOptions): Engine | null {
  const vectors = from.vectors !== false && typeof WebAssembly === 'object' && accepts(m => void m.func(null, [], f => f.raw([...instruction('v128', simd(0x11), int(0)).bytes, 0x1a])))
  if (!vectors || !compiles()) {
    lacking(vectors ? 'WebAssembly may not be compiled here' : 'there is no WebAssembly SIMD', PLAIN)
    return null
  }
  const threads = threadsOf(from)
  const shared = from.shared !== false && typeof SharedArrayBuffer === 'function' && (globalThis.crossOriginIsolated ?? true) ? memoryOf(true, from) : null
  const memory = shared ?? memoryOf(false, from)
  if (memory === null) lacking('there is no WebAssembly memory', PLAIN)
  else if (shared === null && threads > 1) lacking('memory cannot be shared with other threads', 'uses one')
  return memory === null ? null : new Engine(memory, threads, from)
}
