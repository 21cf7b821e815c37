import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'

registerBackend(cpuBackend())

/** What `fn` threw. */
export function thrownBy(fn: () => unknown): Error & { code?: string } {
  try {
    fn()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
