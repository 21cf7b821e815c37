import { state } from './state.ts'

/** The next number for a name such as `dense`, counted from 0 through the whole process (behaviour B-4.2). */
export function nextCount(name: string): number {
  const count = state.counters.get(name) ?? 0
  state.counters.set(name, count + 1)
  return count
}

/** Starts all names at 0 again, as in a fresh process: for tests and notebooks. */
export function resetNames(): void {
  state.counters.clear()
}
