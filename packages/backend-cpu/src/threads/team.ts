import { MAY_SLEEP, startWorker } from '#worker'
import { warn } from '@ashlar/core'
import type { Heap } from '../wasm/heap.ts'
import { LOAD, MAX_ARGS, STATE, WORD, WORDS } from './worker-code.ts'

/** Control words begin here; below lies what a null pointer would hit. */
const CONTROL = 64
const MOST_THREADS = 31
/** How long a worker waits busily after its work, in microseconds. Waking one that sleeps takes longer than most tasks. */
const SPIN = 2000
const LOOKS = 20_000
/** How much longer than the caller's own task a worker's may take: all are of one size, but a busy machine is not fair. */
const UNFAIRNESS = 20
const PAGE = 65536

/** What is asked of one thread: a function, by its number, and what it gets, all whole numbers of 32 bits. */
export type Task = readonly [func: number, ...args: number[]]

type Full = readonly [number, number, number, number, number, number, number, number, number, number, number, number, number, number, number]

/** What a worker is started with. */
export interface WorkerData {
  readonly memory: WebAssembly.Memory
  /** Where its control words are. */
  readonly control: number
}

/** How a team comes by its workers. */
export interface TeamOptions {
  /** How many threads at most, the caller included. */
  readonly threads: number
  /** Starts a worker, and gives what ends it; `failed` is for one that ends by itself. */
  readonly start?: ((data: WorkerData, failed: (cause: unknown) => void) => () => void) | undefined
  /** Milliseconds beyond what its task can take after which a worker is given up; default 10,000. */
  readonly patience?: number | undefined
}

interface Member {
  readonly stop: () => void
  /** How many modules it has. */
  loaded: number
  /** Where the module lies that it was told to load. */
  loading: { readonly address: number; readonly bytes: number } | null
}

/**
 * Threads that share the memory. A call offers tasks, does the first itself, then all that nobody has taken by then, and returns when
 * all are done: so only a task that is being done is waited for, never a worker that is still starting, asleep, or gone.
 *
 * A task whose worker fails is done again by the caller. So a task must not write what it reads, and must write all that it writes.
 */
export class Team {
  readonly #heap: Heap
  readonly #functions: ((...args: number[]) => unknown)[] = []
  readonly #modules: Uint8Array[] = []
  readonly #members: Member[] = []
  readonly #words: Int32Array
  readonly #start: NonNullable<TeamOptions['start']>
  readonly #patience: number
  #threads = 1
  #spin = SPIN
  #failed = false
  #helped = 0
  #trap: { readonly cause: unknown } | null = null

  /** @param heap on memory that is shared, where there is to be more than one thread */
  constructor(heap: Heap, { threads, start = startWorker, patience = 10_000 }: TeamOptions) {
    this.#heap = heap
    this.#words = new Int32Array(heap.memory.buffer, CONTROL, WORDS * (MOST_THREADS - 1))
    this.#start = start
    this.#patience = patience
    this.threads = threads
  }

  /** How many threads are wanted, the caller included. */
  get threads(): number {
    return this.#threads
  }

  set threads(wanted: number) {
    this.#threads = Math.min(wanted, MOST_THREADS)
  }

  /** How long a worker waits busily after its work, in microseconds: less where others want the cores in between. */
  set spin(microseconds: number) {
    this.#spin = microseconds
    for (let i = 0; i < this.#members.length; i++) this.#words[i * WORDS + WORD.spin] = microseconds
  }

  /** How many tasks were done by others than the caller. */
  get helped(): number {
    return this.#helped
  }

  /** Adds a module's functions; the first has the number that is returned. */
  add(bytes: Uint8Array, functions: readonly ((...args: number[]) => unknown)[]): number {
    this.#modules.push(bytes)
    return this.#functions.push(...functions) - functions.length
  }

  /** How many threads can take part now. Workers start when this is first asked. */
  get size(): number {
    if (this.#threads <= 1 || this.#failed) return 1
    while (this.#members.length < this.#threads - 1 && !this.#failed) this.#hire()
    let ready = 1
    while (ready < this.#threads && Atomics.load(this.#words, (ready - 1) * WORDS + WORD.state) !== STATE.absent) ready++
    return this.#failed ? 1 : ready
  }

  /** Runs the tasks, at most {@link size} of them, at the same time. */
  run(tasks: readonly Task[]): void {
    if (tasks.length === 0) return
    if (tasks.length === 1) {
      this.#do(tasks[0]!)
      return this.#throw()
    }
    const started = performance.now()
    const offered = tasks.map((task, i) => i > 0 && this.#offer(i - 1, task))
    this.#do(tasks[0]!)
    const taken = tasks.map((task, i) => {
      if (i === 0 || (offered[i] === true && !this.#withdraw(i - 1))) return i > 0
      this.#do(task)
      return false
    })
    const now = performance.now()
    const end = now + this.#patience + UNFAIRNESS * (now - started)
    tasks.forEach((task, i) => {
      if (taken[i] !== true) return
      if (this.#isDone(i - 1, end)) this.#helped++
      else this.#do(task)
    })
    this.#throw()
  }

  /** Written out, since spreading an array takes longer than many a task. A function ignores what is too much. */
  #do(task: Task): void {
    const [func, a, b, c, d, e, f, g, h, i, j, k, l, m, n] = task as readonly number[] as Full
    try {
      this.#functions[func]!(a, b, c, d, e, f, g, h, i, j, k, l, m, n)
    } catch (cause) {
      // Others may be at work on the same arrays: what went wrong is thrown when they are done.
      this.#trap ??= { cause }
    }
  }

  #throw(): void {
    if (this.#trap === null) return
    const { cause } = this.#trap
    this.#trap = null
    throw cause
  }

  #hire(): void {
    const control = CONTROL + this.#members.length * WORDS * 4
    this.#words[this.#members.length * WORDS + WORD.spin] = this.#spin
    try {
      const stop = this.#start({ memory: this.#heap.memory, control }, cause => this.#fail('a thread ended', cause))
      this.#members.push({ stop, loaded: 0, loading: null })
    } catch (cause) {
      this.#fail('no thread can be started', cause)
    }
  }

  /** From now on the caller does everything. Said once. */
  #fail(what: string, cause: unknown): void {
    if (this.#failed) return
    this.#failed = true
    const reason = cause instanceof Error ? cause.message : String(cause)
    warn(`${what} (${reason}): the CPU backend goes on with one; ASHLAR_THREADS=1 or cpuBackend({ threads: 1 }) asks for no more`, { category: 'RuntimeWarning' })
  }

  /** Offers a task to a worker; false where it is not ready for it. */
  #offer(worker: number, task: Task): boolean {
    if (!this.#isUpToDate(worker)) return false
    this.#hand(worker, task)
    return true
  }

  /** Whether a worker is idle and has all modules. One that lacks some is told to load the next, and is not waited for. */
  #isUpToDate(worker: number): boolean {
    const member = this.#members[worker]
    if (member === undefined || Atomics.load(this.#words, worker * WORDS + WORD.state) !== STATE.idle) return false
    if (member.loading !== null) {
      this.#heap.give(member.loading.address, member.loading.bytes)
      member.loading = null
      if (!this.#succeeded(worker)) return false
      member.loaded++
    }
    const module = this.#modules[member.loaded]
    if (module === undefined) return true
    const bytes = (module.length + 63) & ~63
    const address = this.#heap.take(bytes)
    if (address === 0) return false
    member.loading = { address, bytes }
    new Uint8Array(this.#heap.memory.buffer, address, module.length).set(module)
    this.#hand(worker, [LOAD, address, module.length])
    return false
  }

  /** The worker is idle, so that nobody else touches its words; the last write publishes the others. */
  #hand(worker: number, task: Task): void {
    const words = this.#words
    const base = worker * WORDS
    if (task.length > MAX_ARGS + 1) throw new RangeError(`a task has ${task.length - 1} arguments`)
    words[base + WORD.pages] = this.#heap.memory.buffer.byteLength / PAGE
    for (let i = 0; i < task.length; i++) words[base + WORD.func + i] = task[i]!
    Atomics.store(words, base + WORD.state, STATE.offered)
    if (Atomics.load(words, base + WORD.asleep) === 1) Atomics.notify(words, base + WORD.state)
  }

  /** Takes an offer back; false where the worker was faster. */
  #withdraw(worker: number): boolean {
    return Atomics.compareExchange(this.#words, worker * WORDS + WORD.state, STATE.offered, STATE.idle) === STATE.offered
  }

  /** Waits for a task that was taken, until it is done, has failed, or takes so long that its worker must be dead. */
  #isDone(worker: number, end: number): boolean {
    const words = this.#words
    const state = worker * WORDS + WORD.state
    for (;;) {
      for (let i = 0; i < LOOKS; i++) if (Atomics.load(words, state) !== STATE.taken) return this.#succeeded(worker)
      if (performance.now() > end) {
        this.#members[worker]!.stop()
        this.#fail('a thread does not answer', `for ${this.#patience} ms`)
        return false
      }
      if (MAY_SLEEP) Atomics.wait(words, state, STATE.taken, 10)
    }
  }

  #succeeded(worker: number): boolean {
    if (Atomics.exchange(this.#words, worker * WORDS + WORD.failed, 0) === 0) return true
    this.#fail('a thread failed', 'it may have no memory for its code')
    return false
  }
}
