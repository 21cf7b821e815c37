import { setImmediate } from 'node:timers/promises'
import { setWarningHandler } from '@ashlar/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Team } from '../src/threads/team.ts'
import type { TeamOptions } from '../src/threads/team.ts'
import { WORDS } from '../src/threads/worker-code.ts'
import { int } from '../src/wasm/code.ts'
import { Heap } from '../src/wasm/heap.ts'
import { Module } from '../src/wasm/module.ts'
import type { Fault } from './support/dying-worker.ts'
import { faulty } from './support/dying-worker.ts'

let warnings: string[] = []
beforeEach(() => {
  warnings = []
  setWarningHandler(message => void warnings.push(message))
})
afterEach(() => void setWarningHandler())

/** A module whose function counts up to `times` at an address, so that it takes a while, and then adds `value` to what it began with: 0. */
function counting(value: number): Module {
  const m = new Module()
  m.func('count', ['i32', 'i32'], (f, address, times) => {
    const i = f.local(0)
    f.range(i, times, 1, () => f.store(address, i))
    f.store(address, times.add(int(value)))
  })
  return m
}

interface Crew {
  readonly heap: Heap
  readonly team: Team
  /** Adds a module, and gives the number of its function. */
  add(value: number): number
  read(address: number): number
}

function crew(options: Partial<TeamOptions> & { readonly threads: number }): Crew {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 1024, shared: true })
  const heap = new Heap(memory)
  const team = new Team(heap, options)
  return {
    heap, team,
    add(value) {
      const bytes = counting(value).encode(true, 65536)
      const { count } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports
      return team.add(bytes, [count as (...args: number[]) => unknown])
    },
    read: address => new Int32Array(memory.buffer, address, 1)[0]!,
  }
}

/** Runs a function on every thread's own place, and checks what it wrote. */
function work({ team, heap, read }: Crew, func: number, value: number, threads: number, times = 200_000): void {
  const places = Array.from({ length: threads }, () => heap.take(64))
  team.run(places.map(place => [func, place, times]))
  expect(places.map(read)).toEqual(places.map(() => times + value))
  for (const place of places) heap.give(place, 64)
}

describe('a team', () => {
  it('does tasks on all its threads, of modules that come later too, and gives their bytes\' memory back', async () => {
    const all = crew({ threads: 3 })
    while (all.team.size < 3) await setImmediate()
    let func = 0
    for (const value of [5, 7, 11]) {
      func = all.add(value)
      const before = all.team.helped
      while (all.team.helped < before + 4) work(all, func, value, 3)
    }
    const { heap } = all
    // A thread that slept through the last module takes it when it wakes; a module that were never given back would end this by its time.
    while (heap.idle.bytes < heap.extent) {
      work(all, func, 11, 3)
      await setImmediate()
    }
    expect(heap.idle.bytes).toBe(heap.extent)
    expect(warnings).toEqual([])
  })

  it('workers see memory that has grown since they started', async () => {
    const all = crew({ threads: 2 })
    const func = all.add(1)
    while (all.team.size < 2) await setImmediate()
    while (all.team.helped === 0) work(all, func, 1, 2)
    for (let i = 0; i < 50; i++) {
      expect(all.heap.take(16 * 65536)).toBeGreaterThan(0)
      work(all, func, 1, 2)
    }
    // A module at an address that was not there at first.
    const other = all.add(2)
    const before = all.team.helped
    while (all.team.helped === before) work(all, other, 2, 2)
    expect(warnings).toEqual([])
  })

  it('tasks that are taken back are done once, whoever was faster', async () => {
    const all = crew({ threads: 2 })
    const func = all.add(3)
    while (all.team.size < 2) await setImmediate()
    while (all.team.helped === 0) work(all, func, 3, 2)
    // Of all lengths, so that offers are taken back just when they are being taken.
    for (let times = 0; times < 3000; times++) work(all, func, 3, 2, times)
    expect(warnings).toEqual([])
  })

  it('threads can become fewer, and more', async () => {
    const all = crew({ threads: 1 })
    const func = all.add(1)
    expect(all.team.size).toBe(1)
    all.team.threads = 3
    while (all.team.size < 3) await setImmediate()
    work(all, func, 1, 3)
    all.team.threads = 2
    expect(all.team.size).toBe(2)
    work(all, func, 1, 2)
    all.team.threads = 1000
    expect(all.team.threads).toBe(31)
    // The last worker's words lie below the first block.
    expect(64 + 30 * WORDS * 4).toBeLessThanOrEqual(4096)
  })

  it('an error of a task comes out when the others are done', async () => {
    const all = crew({ threads: 2 })
    const func = all.add(1)
    const failing = all.team.add(counting(9).encode(true, 65536), [() => { throw new Error('a trap') }])
    while (all.team.size < 2) await setImmediate()
    const place = all.heap.take(64)
    for (let i = 1; i < 50; i++) {
      expect(() => all.team.run([[failing, 0, 0], [func, place, i * 1000]])).toThrow('a trap')
      expect(all.read(place)).toBe(i * 1000 + 1)
    }
    all.team.run([])
  })

  it('where no worker can be started, the caller does everything, and says so once', () => {
    const all = crew({ threads: 3, start: () => { throw new Error('not allowed') } })
    const func = all.add(1)
    expect(all.team.size).toBe(1)
    work(all, func, 1, 1)
    expect(all.team.size).toBe(1)
    expect(warnings).toEqual(['no thread can be started (not allowed): the CPU backend goes on with one; ASHLAR_THREADS=1 or cpuBackend({ threads: 1 }) asks for no more'])
  })

  const faults: readonly (readonly [Fault, warning: string | null])[] = [
    ['never starts', null],
    ['never takes a task', null],
    ['fails in every task', 'a thread failed'],
    ['takes a task and is gone', 'a thread '],
  ]
  it.each(faults)('a worker that %s is not waited for for ever, and its tasks are done', async (fault, warning) => {
    const all = crew({ threads: 2, start: faulty(fault), patience: 50 })
    const func = all.add(1)
    while (fault !== 'never starts' && all.team.size < 2) await setImmediate()
    for (let i = 0; i < 400 && (i < 20 || (warning !== null && warnings.length === 0)); i++) {
      work(all, func, 1, all.team.size, 1_000_000)
      await setImmediate()
    }
    expect(warnings.length).toBe(warning === null ? 0 : 1)
    if (warning === null) return
    expect(warnings[0]).toContain(warning)
    expect(all.team.size).toBe(1)
    work(all, func, 1, 1)
  })
})
