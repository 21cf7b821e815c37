import { collectCases, referenceBackend, testBackend } from '@ashlar/backend-kit'
import type { Device, UnaryKind } from '@ashlar/core'
import { expect, it } from 'vitest'
import { expectFailure } from '../src/test-backend.ts'

/** The reference, but one of its functions only cuts off. */
function without(wrong: UnaryKind): ReturnType<typeof referenceBackend> {
  const device = referenceBackend().open(0)
  const { unary } = device.kernels
  const kernels: Device['kernels'] = { ...device.kernels, unary: (kind, x, out) => unary(kind === wrong ? 'trunc' : kind, x, out) }
  return { ...referenceBackend(), open: () => ({ ...device, kernels }) }
}

// Backends of every form, and one whose known failures are on the list: the suite passes as a whole.
testBackend({
  backend: () => Promise.resolve(without('tan')),
  skip: [{ reason: 'tan is wrong', tests: [/^unary tan float32/, /^function np.tan /, /^program of each unary kind/] }, { reason: 'here too', tests: [/^unary tan float64/] }],
})

it('has a name of its own for every case', () => {
  const names = collectCases().map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

it('fails a skipped test that passes, and says where to mend it', async () => {
  await expect(expectFailure(Promise.resolve(), 'no longer so')).rejects.toThrow('passes now: take it off the skip list (no longer so)')
  await expectFailure(Promise.reject(new Error('as expected')), 'still so')
})

it('names kernel, inputs, place and both values in a failure', async () => {
  const wrong = without('neg').open(0)
  const kase = collectCases().find(({ name }) => name === 'unary negative zero float32')!
  await expect(kase.run(wrong)).rejects.toThrow('unary neg of float32 (2,) [0, -0] -> float32 (2,), element (0,): got 0, expected -0')
})

it('names the seed of a random case in its failure', async () => {
  const device = referenceBackend().open(0)
  const { matmul } = device.kernels
  const wrong: Device = {
    ...device,
    kernels: { ...device.kernels, matmul: (a, b, ta, _tb, out) => matmul(a, b, ta, false, { ...out, shape: [...out.shape.slice(0, -1), b.shape.at(-1)!] }) },
  }
  const kase = collectCases({ seed: 77 }).find(({ name }) => name === 'fuzz matmul float32')!
  await expect(kase.run(wrong)).rejects.toThrow(/ASHLAR_KIT_SEED=77 brings it back/)
})

it('repeats random cases of a seed, and varies them with it', async () => {
  const shapesOf = async (seed: number): Promise<string> => {
    const device = referenceBackend().open(0)
    const shapes: string[] = []
    const { transpose } = device.kernels
    const spy: Device = { ...device, kernels: { ...device.kernels, transpose: (x, p, out) => (shapes.push(x.shape.join()), transpose(x, p, out)) } }
    await collectCases({ seed }).find(({ name }) => name === 'fuzz movement float32')!.run(spy)
    return shapes.join(' ')
  }
  expect(await shapesOf(5)).toBe(await shapesOf(5))
  expect(await shapesOf(5)).not.toBe(await shapesOf(6))
})
