import { autograd, scope } from '@ashlar/core'
import type { Context, DType, NDArray } from '@ashlar/core'
import { onContext } from './session.ts'
import { FUNCTIONS } from './torch-functions.ts'
import type { Options } from './torch-functions.ts'
import { TORCH_OPS } from './torch-ops.ts'

/** An array of the golden cases. */
export interface GoldenArray {
  readonly shape: readonly number[]
  /** Left out for floats. */
  readonly dtype?: DType
  readonly data: readonly (number | 'nan' | 'inf' | '-inf')[]
}

/** A golden case: see {@link TORCH_OPS}. */
export interface GoldenCase {
  readonly id: string
  readonly op: string
  readonly options: Options
  readonly inputs: readonly GoldenArray[]
  /** One array, or a list where the operation gives several. */
  readonly out: GoldenArray | readonly GoldenArray[]
  readonly head?: GoldenArray | readonly GoldenArray[]
  readonly grads?: readonly (GoldenArray | null)[]
  readonly second?: readonly (GoldenArray | null)[]
}

/** All golden cases, those of operations that core does not have yet included. */
export const goldenCases: readonly GoldenCase[] = /* #__PURE__ */ JSON.parse(TORCH_OPS) as GoldenCase[]

/** An element as a number. */
export function goldenNumber(value: number | 'nan' | 'inf' | '-inf'): number {
  return value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value)
}

/** What a case gives: its outputs, their gradients, and those of the gradients' sum, one list after the other. */
export interface Parts<T> {
  readonly outputs: readonly T[]
  readonly gradients: readonly T[]
  readonly second: readonly T[]
}

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value as readonly T[] : [value as T])
const present = <T>(list: readonly (T | null)[] = []): T[] => list.filter((entry): entry is T => entry !== null)

/** What PyTorch gives. */
export function expectedParts({ out, grads, second }: GoldenCase): Parts<GoldenArray> {
  return { outputs: listOf(out), gradients: present(grads), second: present(second) }
}

/** Inputs are multiples of 2^-12, but for probabilities: rounding undoes what nine digits have lost. */
function exact(value: number): number {
  const rounded = Math.round(value * 4096) / 4096
  return value !== 0 && Math.abs(rounded - value) <= 1e-8 * Math.abs(value) ? rounded : value
}

function load({ shape, dtype, data }: GoldenArray, float: DType, context: Context): NDArray {
  const values = data.map(goldenNumber)
  return onContext(context, dtype === undefined ? values.map(exact) : values, shape, dtype ?? float)
}

/** Runs a case on a device; everything but what it gives is gone afterwards. */
export function runGolden(test: GoldenCase, float: DType, context: Context): Parts<NDArray> {
  return scope(() => {
    const inputs = test.inputs.map(input => load(input, float, context))
    const leaves = inputs.filter((_, i) => test.grads !== undefined && test.grads[i] !== null)
    // `null`: grad() needs no place to write to.
    for (const leaf of leaves) leaf.attachGrad('null')
    const outputs = listOf<NDArray>(autograd.record(() => FUNCTIONS[test.op]!(inputs, test.options)))
    if (leaves.length === 0) return { outputs, gradients: [], second: [] }
    // Positions have no gradient, so a case has heads for its first outputs only.
    const headGrads = listOf(test.head!).map(head => load(head, float, context))
    const heads = outputs.slice(0, headGrads.length)
    if (test.second === undefined) return { outputs, gradients: autograd.grad(heads, leaves, { headGrads }), second: [] }
    const gradients = autograd.record(() => autograd.grad(heads, leaves, { headGrads, createGraph: true }))
    const total = autograd.record(() => gradients.map(gradient => gradient.sum()).reduce((a, b) => a.add(b)))
    const second = autograd.grad(total, leaves, { retainGraph: true })
    // Once more, from all ends at once, so that nothing stays on the tape.
    autograd.grad([...heads, total], leaves)
    return { outputs, gradients, second }
  })
}
