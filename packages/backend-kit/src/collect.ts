import type { DType, Device } from '@ashlar/core'
import { toleranceOf } from './case.ts'
import type { CollectOptions, KernelCase, Kit } from './case.ts'
import { binaryCases } from './cases/binary.ts'
import { castCases } from './cases/cast.ts'
import { compareCases } from './cases/compare.ts'
import { fuzzCases } from './cases/fuzz.ts'
import { indexingCases } from './cases/indexing.ts'
import { matmulCases } from './cases/matmul.ts'
import { movementCases } from './cases/movement.ts'
import { reduceCases } from './cases/reduce.ts'
import { storageCases } from './cases/storage.ts'
import { unaryCases } from './cases/unary.ts'
import { randomFrom } from './random.ts'

/**
 * All cases of the kit, as data: what {@link testBackend} declares as tests. A case runs on an open device and rejects
 * where it is wrong; cases of a dtype that the device does not declare do not apply to it.
 *
 * @param options tolerances, and the seed of the random cases, by default 1
 *
 * @example
 * ```ts
 * import { collectCases, referenceBackend } from '@ashlar/backend-kit'
 * const device = referenceBackend().open(0)
 * const ties = collectCases().find(c => c.name === 'unary rint float32')
 * await ties?.run(device)
 * console.log(ties?.dtypes)
 * // [ 'float32' ]
 * ```
 */
export function collectCases(options: CollectOptions = {}): KernelCase[] {
  const { tolerance = {}, seed = 1 } = options
  const cases: KernelCase[] = []
  const add = (name: string, dtypes: DType | readonly DType[], run: (device: Device) => Promise<void>): void => {
    cases.push({ name, dtypes: typeof dtypes === 'string' ? [dtypes] : dtypes, run })
  }
  const kit: Kit = {
    tolerance: dtype => toleranceOf(dtype, tolerance),
    add,
    fuzz(name, dtypes, rounds, run) {
      add(name, dtypes, async device => {
        for (let round = 0; round < rounds; round++) {
          try {
            await run(device, randomFrom(seed + round * 7919))
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error)
            throw new Error(`${message} (round ${round}; ASHLAR_KIT_SEED=${seed} brings it back)`, { cause: error })
          }
        }
      })
    },
  }
  for (const family of [
    storageCases, unaryCases, binaryCases, compareCases, castCases, reduceCases, matmulCases, movementCases, indexingCases, fuzzCases,
  ]) family(kit)
  return cases
}
