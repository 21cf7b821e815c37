import { describe, expect, it } from 'vitest'
import { np, npx } from 'ashlar'

describe('B-14.7: NumPy semantics are always on', () => {
  it('setNp does nothing, and the modes are true', () => {
    expect([npx.isNpShape(), npx.isNpArray()]).toEqual([true, true])
    expect(npx.setNp()).toBeUndefined()
    expect([npx.isNpShape(), npx.isNpArray()]).toEqual([true, true])
    expect([np.ones([]).shape, np.zeros([0, 2]).size]).toEqual([[], 0])
  })

  it('there is no way back to legacy arrays', () => {
    for (const back of [() => npx.resetNp(), () => npx.setNp(false), () => npx.setNp(true, false)]) {
      expect(back).toThrow(expect.objectContaining({ name: 'NotImplementedError', message: expect.stringContaining('legacy') }))
    }
    expect([npx.isNpShape(), npx.isNpArray()]).toEqual([true, true])
  })
})
