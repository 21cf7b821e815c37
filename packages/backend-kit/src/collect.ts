import type { Capabilities, DType, Device } from '@ashlar/core'
import { toleranceOf } from './case.ts'
import type { CollectOptions, KernelCase, Kit, Needs } from './case.ts'
import { binaryCases } from './cases/binary.ts'
import { castCases } from './cases/cast.ts'
import { compareCases } from './cases/compare.ts'
import { fuzzCases } from './cases/fuzz.ts'
import { indexingCases } from './cases/indexing.ts'
import { largeIntegerCases } from './cases/large-integers.ts'
import { manyAxesCases } from './cases/many-axes.ts'
import { matmulCases } from './cases/matmul.ts'
import { movementCases } from './cases/movement.ts'
import { reduceCases } from './cases/reduce.ts'
import { storageCases } from './cases/storage.ts'
import { unaryCases } from './cases/unary.ts'
import { autogradCases } from './operations/autograd-cases.ts'
import { deviceCases } from './operations/device-cases.ts'
import { functionCases } from './operations/function-cases.ts'
import { goldenOperationCases } from './operations/golden-cases.ts'
import { gradientCases } from './operations/gradient-cases.ts'
import { memoryCases } from './operations/memory-cases.ts'
import { overrideCases } from './operations/override-cases.ts'
import { programCases } from './operations/program-cases.ts'
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
  const { tolerance = {}, seed = 1, overrides = [] } = options
  const cases: KernelCase[] = []
  const add = (name: string, wanted: DType | readonly DType[], run: (device: Device) => Promise<void>, needs: Needs = {}): void => {
    const dtypes = typeof wanted === 'string' ? [wanted] : wanted
    cases.push({ name, dtypes, run: device => withoutLeaks(device, run), appliesTo: capabilities => applies(capabilities, dtypes, needs) })
  }
  const kit: Kit = {
    tolerance: dtype => toleranceOf(dtype, tolerance),
    overrides,
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
    manyAxesCases, largeIntegerCases,
    goldenOperationCases, functionCases, programCases, overrideCases, gradientCases, autogradCases, memoryCases, deviceCases,
  ]) family(kit)
  return cases
}

/** Runs a case, and fails where the device itself counts more in memory afterwards. */
async function withoutLeaks(device: Device, run: (device: Device) => Promise<void>): Promise<void> {
  const held = (): number => device.memory?.().live.buffers ?? 0
  const before = held()
  await run(device)
  const left = held() - before
  if (left > 0) throw new Error(`the device holds ${left} buffers more than before, though every handle was freed`)
}

/** The largest magnitude that int32 has. */
const INT32 = 2 ** 31

function applies({ dtypes: declared, syncRead, exactIntegers = INT32 }: Capabilities, dtypes: readonly DType[], needs: Needs): boolean {
  return dtypes.every(dtype => declared.includes(dtype)) && (syncRead || needs.syncRead !== true) && exactIntegers >= (needs.exactIntegers ?? 0)
}
