import { afterEach } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend, unregisterBackend } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { simulatedGpus } from '@ashlar/device'

registerBackend(cpuBackend())

/** Takes the simulated devices away after each test. */
export function withoutGpusAfterwards(): void {
  afterEach(() => void unregisterBackend('simulated-gpus'))
}

export function simulate(count: number): void {
  registerBackend(simulatedGpus(count, { backend: cpuBackend() }))
}

/** The numbers of an array, in C order. */
export function numbers(x: NDArray): number[] {
  return Array.from(x.toTypedArray(), Number)
}
