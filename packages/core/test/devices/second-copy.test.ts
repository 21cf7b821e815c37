import { describe, expect, it } from 'vitest'
import { autograd, isAshlarError, isNDArray, nextCount, np } from '@ashlar/core'
import { state } from '../../src/state.ts'
import { cleanState } from '../support/clean-state.ts'

const KEY = Symbol.for('@ashlar/core/state')
const holder = globalThis as unknown as Record<symbol, unknown>

/** Another instance of one module of core, as a second installed copy would load it. */
function secondCopy(file: string, copy: number): Promise<unknown> {
  return import(/* @vite-ignore */ `../../src/${file}?copy=${copy}`)
}

describe('a second copy of core', () => {
  cleanState()

  it('shares the state of the process', async () => {
    const other = await secondCopy('state.ts', 1) as { state: typeof state }
    expect(other.state === state).toBe(true)
    expect(autograd.record(() => other.state.recording)).toBe(true)
  })

  it('goes on counting names where the first one is', async () => {
    const other = await secondCopy('counters.ts', 1) as { nextCount: (name: string) => number }
    expect(other.nextCount === nextCount).toBe(false)
    nextCount('test-second-copy')
    expect([other.nextCount('test-second-copy'), nextCount('test-second-copy')]).toEqual([1, 2])
  })

  it('is refused where its state has another version', async () => {
    holder[KEY] = { ...state, version: state.version + 1 }
    try {
      const error: unknown = await secondCopy('state.ts', 2).catch((reason: unknown) => reason)
      expect(isAshlarError(error)).toBe(true)
      expect((error as Error).message).toContain('two versions of @ashlar/core are loaded')
      expect((error as Error).message).toContain('npm ls @ashlar/core')
    } finally {
      holder[KEY] = state
    }
  })

  it('has errors and arrays that the first one knows', async () => {
    const { ValueError, typeError } = await secondCopy('errors.ts', 1) as { ValueError: new (message: string) => Error; typeError: (message: string) => Error }
    expect(isAshlarError(new ValueError('no'))).toBe(true)
    expect(isAshlarError(typeError('no'))).toBe(true)
    const { isNDArray: otherKnows } = await secondCopy('array-core.ts', 1) as { isNDArray: typeof isNDArray }
    expect(otherKnows === isNDArray).toBe(false)
    expect(otherKnows(np.ones(1))).toBe(true)
  })
})
