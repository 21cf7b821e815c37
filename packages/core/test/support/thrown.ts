import { expect } from 'vitest'
import { isAshlarError } from '@ashlar/core'

/** The error that `fn` throws, which has to be one of ours and to begin with the operation in brackets. */
export function thrownBy(fn: () => unknown): Error & { code: string; op?: string; hint?: string; shapes?: readonly (readonly number[])[] } {
  let value: unknown
  try {
    value = fn()
  } catch (error) {
    if (!isAshlarError(error)) throw error
    expect(error.message).toMatch(/^\[[\w.]+\] /u)
    return error
  }
  throw new Error(`nothing was thrown, got ${String(value)}`)
}
