import { readFileSync } from 'node:fs'
import { afterEach, beforeEach } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import type { NDArray } from '@ashlar/core'
import { Context, getState, np, randomStateOf, registerBackend, seed, setState, unregisterBackend } from '@ashlar/core'
import type { Initializer } from '@ashlar/init'

registerBackend(cpuBackend())

/** Starts every test at seed 0; puts the random streams back and takes away the backend `two-gpus`. */
export function freshStreams(): void {
  let before = getState()
  beforeEach(() => {
    before = getState()
    seed(0)
  })
  afterEach(() => {
    unregisterBackend('two-gpus')
    setState(before)
  })
}

/** How many 32-bit outputs the main stream of the CPU has given since the seed. */
export function position(): number {
  return randomStateOf(new Context('cpu')).position
}

/** What an initializer writes into zeros of that shape. */
export function drawn(initializer: Initializer, shape: readonly number[], options: Parameters<typeof np.zeros>[1] = {}): NDArray {
  const data = np.zeros(shape, options)
  initializer.initWeight('w', data)
  return data
}

/** The numbers of an array, in C order. */
export function numbers(x: NDArray): number[] {
  return Array.from(x.toTypedArray(), Number)
}

export type GoldenRow = { error: string } | { seed?: number; dumps?: string; pos?: number; shape: number[]; data: number[] }

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`golden/${file}`, import.meta.url), 'utf8'))

export const golden = read('initializers.json') as Record<string, GoldenRow>

/** What a layer's parameters start with, by the layer's call. */
export const defaults = read('default-init.json') as Record<string, { params: { name: string; shape: number[]; data: number[] }[]; pos: number }>
