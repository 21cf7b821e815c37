import { decode, encode } from '@ashlar/io'
import { array, isAshlarError, np } from '@ashlar/core'
import { describe, expect, test } from 'vitest'
import { golden } from './support.ts'

const SEED = Number(process.env['ASHLAR_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32))

/** For each kind of file; ASHLAR_FUZZ_ROUNDS asks for more. */
const ROUNDS = Number(process.env['ASHLAR_FUZZ_ROUNDS'] ?? 300)

/** Numbers below a bound, the same for the same seed (Numerical Recipes' linear congruence). */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Reads bytes that may be damaged: they give arrays that can be used, or an error of ours that names the file. */
function readable(bytes: Uint8Array, what: string): boolean {
  try {
    const loaded = decode(bytes, { file: 'f', maxBytes: 2 ** 22 })
    for (const x of 'shape' in loaded && Array.isArray(loaded.shape) ? [loaded] : Object.values(loaded)) x.toTypedArray()
    return true
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (!isAshlarError(error) || !error.message.includes(`'f'`)) throw new Error(`${what} (ASHLAR_FUZZ_SEED=${SEED} brings it back): ${message}`, { cause: error })
    if (error.name === 'FormatError') {
      const { offset } = error as unknown as { offset: number }
      if (!(offset >= 0 && offset <= bytes.length)) throw new Error(`${what} (ASHLAR_FUZZ_SEED=${SEED} brings it back): offset ${offset} is not in the file`, { cause: error })
    }
    return false
  }
}

const half = array([[1, -2], [0.5, 4]], { dtype: 'float16' })
const FILES: Record<string, Uint8Array> = {
  'npy': encode('npy', np.arange(6).reshape([2, 3])),
  'npy, first axis fastest': golden('numpy/fortran.npy'),
  'npz': encode('npz', { 'x': np.arange(3), '0.weight': half }),
  'npz, packed': golden('numpy/packed.npz'),
  'npz of NumPy': golden('numpy/stored.npz'),
  'npz of MXNet': golden('v2-net.params'),
  'safetensors': encode('safetensors', { a: np.arange(3), b: half }, { metadata: { format: 'pt' } }),
  'safetensors of its own writer': golden('safetensors/dtypes.safetensors'),
  'torch': golden('torch/mlp.pt'),
  'torch views': golden('torch/views.pt'),
  'torch, 64-bit records': golden('torch/dtypes.pt'),
}

describe.each(Object.entries(FILES))('damaged %s', (name, bytes) => {
  test('C-1.8: cut short anywhere', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(readable(bytes.subarray(0, length), `${length} bytes of ${name}`), `${length} bytes of ${name}`).toBe(false)
    }
  })

  test('hostile numbers at every place', () => {
    const values = [[0xff], [0xff, 0xff], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f], [0, 0, 0, 0], [0x80]]
    for (let at = 0; at < bytes.length; at += bytes.length > 1000 ? 3 : 1) {
      for (const value of values) {
        const copy = bytes.slice()
        copy.set(value.slice(0, bytes.length - at), at)
        readable(copy, `${value} at byte ${at} of ${name}`)
      }
    }
  })

  test('flipped, exchanged, repeated and removed bytes', () => {
    const next = generator(SEED)
    for (let round = 0; round < ROUNDS; round++) {
      let copy = bytes.slice()
      for (let changes = 1 + next(4); changes > 0; changes--) {
        const [at, other, length] = [next(copy.length), next(copy.length), 1 + next(16)]
        switch (next(5)) {
          case 0: copy.copyWithin(at, other, other + length); break
          case 1: copy = new Uint8Array([...copy.subarray(0, at), ...copy.subarray(at + length)]); break
          case 2: copy = new Uint8Array([...copy.subarray(0, at), ...copy.subarray(other, other + length), ...copy.subarray(at)]); break
          default: copy[at]! ^= 1 << next(8)
        }
        if (copy.length === 0) copy = bytes.slice()
      }
      readable(copy, `round ${round} of ${name}`)
    }
  })
})

test('members with a right checksum and damaged arrays', () => {
  const next = generator(SEED)
  const inner = encode('npy', np.arange(6).reshape([2, 3]))
  for (let round = 0; round < ROUNDS; round++) {
    const copy = inner.slice()
    for (let flips = 1 + next(3); flips > 0; flips--) copy[next(copy.length)]! ^= 1 << next(8)
    readable(copy, `round ${round}`)
  }
})

test('pickles with right checksums and damaged instructions', async () => {
  const { unzipSync, zipSync } = await import('fflate')
  const next = generator(SEED)
  for (const name of ['mlp', 'views', 'checkpoint']) {
    const members = unzipSync(golden(`torch/${name}.pt`))
    const pickle = members[`${name}/data.pkl`]!
    for (let round = 0; round < ROUNDS; round++) {
      const copy = pickle.slice()
      for (let flips = 1 + next(3); flips > 0; flips--) {
        if (next(2) === 0) copy[next(copy.length)]! ^= 1 << next(8)
        else copy[next(copy.length)] = copy[next(copy.length)]!
      }
      readable(zipSync({ ...members, [`${name}/data.pkl`]: copy }, { level: 0 }) as Uint8Array, `round ${round} of ${name}'s pickle`)
    }
  }
})
