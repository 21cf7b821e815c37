import type { Kit, Tolerance } from '../case.ts'
import { compareElements } from '../program.ts'
import { formatShape, sameShape } from '@ashlar/core'
import type { DType } from '@ashlar/core'
import type { GoldenArray, Parts } from './golden.ts'
import { expectedParts, goldenCases, goldenNumber, runGolden } from './golden.ts'
import type { Result } from './session.ts'
import { onDevice, readAll } from './session.ts'
import { FUNCTIONS } from './torch-functions.ts'

/** Operations that decide on the host where elements go; without synchronous reads they do not exist. */
const HOST: ReadonlySet<string> = new Set(['argsort', 'topk', 'rfft'])

/** Dtypes that operations use within, whatever they compute in. */
export const BASE: readonly DType[] = ['float32', 'int32', 'bool']

/** An operation is some kernels long, each of which may be off by its tolerance. */
export function ofOperation({ rtol, atol }: Tolerance): Tolerance {
  return { rtol: 4 * rtol, atol: 4 * atol }
}

/** Reads what a case gives. */
export async function readParts(parts: Parts<Parameters<typeof readAll>[0][number]>): Promise<Parts<Result>> {
  const { outputs, gradients, second } = parts
  const all = await readAll([...outputs, ...gradients, ...second])
  return {
    outputs: all.slice(0, outputs.length),
    gradients: all.slice(outputs.length, outputs.length + gradients.length),
    second: all.slice(outputs.length + gradients.length),
  }
}

/** Fails at the first array that is not as expected. */
export function compareParts(actual: Parts<Result>, expected: Parts<Pick<Result, 'shape'> & { readonly values: readonly number[] }>, label: string, tolerance: Tolerance): void {
  for (const part of ['outputs', 'gradients', 'second'] as const) {
    const [some, wanted] = [actual[part], expected[part]]
    if (some.length !== wanted.length) throw new Error(`${label}: ${some.length} ${part}, expected ${wanted.length}`)
    for (const [i, result] of some.entries()) {
      const place = `${label}, ${part}[${i}]`
      if (!sameShape(result.shape, wanted[i]!.shape)) throw new Error(`${place}: got shape ${formatShape(result.shape)}, expected ${formatShape(wanted[i]!.shape)}`)
      compareElements(result.data, wanted[i]!.values, result, place, { tolerance })
    }
  }
}

const numbered = ({ shape, data }: GoldenArray): { shape: readonly number[]; values: number[] } => ({ shape, values: data.map(goldenNumber) })

/** Outputs, gradients and second-order gradients of operations as PyTorch computes them. */
export function goldenOperationCases({ add, tolerance }: Kit): void {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const test of goldenCases) {
      if (!(test.op in FUNCTIONS)) continue
      // The golden values have nine digits.
      const given = ofOperation(tolerance(dtype))
      const within = { rtol: Math.max(given.rtol, 1e-8), atol: Math.max(given.atol, 1e-9) }
      const { outputs, gradients, second } = expectedParts(test)
      const expected = { outputs: outputs.map(numbered), gradients: gradients.map(numbered), second: second.map(numbered) }
      add(`op ${test.id} ${dtype}`, [...BASE, dtype], device =>
        onDevice(device, async ({ context }) => {
          compareParts(await readParts(runGolden(test, dtype, context)), expected, test.id, within)
        }), { syncRead: HOST.has(test.op) })
    }
  }
}
