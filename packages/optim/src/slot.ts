import type { NDArray } from '@ashlar/core'
import { callout, eq, isHalf, warn, where } from '@ashlar/core'
import type { Parameter } from '@ashlar/nn'
import type { Optimizer, OptimizerState, StepSettings } from './optimizer.ts'
import { isBuiltIn } from './registry.ts'

/** What is kept for one copy of a parameter. */
export interface Kept {
  /** The float32 copy of a weight of half precision, where the optimizer asks for one. */
  readonly master: NDArray | null
  readonly state: OptimizerState
}

/** One parameter with what its optimizer keeps, copy by copy. */
export interface Slot {
  readonly parameter: Parameter
  /** Null before the first step; one entry may stand for all copies after loading. */
  kept: readonly Kept[] | null
  updates: number
  /** Whether every copy's gradient is the sum of all since the last step. */
  summed: boolean
}

/** The arrays of an entry, the master first. */
export function arraysOf({ master, state }: Kept): NDArray[] {
  return master === null ? [...state] : [master, ...state]
}

/** State that outlives the step that made it: `scope` and `internal` leave it alone. */
export function own(kept: Kept): Kept {
  for (const array of arraysOf(kept)) array.pinned = true
  return kept
}

const usesMaster = (optimizer: Optimizer, weight: NDArray): boolean => optimizer.multiPrecision && isHalf(weight.dtype)

/** Fresh state for a weight. */
export function createKept(optimizer: Optimizer, weight: NDArray): Kept {
  const master = usesMaster(optimizer, weight) ? weight.detach().astype('float32') : null
  if (isHalf(weight.dtype) && master === null) {
    warn('Accumulating with float16 in optimizer can lead to poor accuracy or slow convergence. Consider using multi_precision=True option of the optimizer')
  }
  const basis = master ?? weight.detach()
  const state = isBuiltIn(optimizer) ? optimizer.createState(basis) : callout(() => optimizer.createState(basis), basis)
  return { master, state }
}

/**
 * Lets a slot's state follow its weights: made where there is none, moved where the weights have moved (the first entry
 * goes along, as every copy's is the same), with a master or without where their dtype has changed.
 */
export function settle(slot: Slot, optimizer: Optimizer, copies: readonly NDArray[]): readonly Kept[] {
  const before = slot.kept
  if (before === null) return (slot.kept = copies.map(weight => own(createKept(optimizer, weight))))
  const stays = before.length === copies.length && before.every((kept, i) => arraysOf(kept).every(array => array.context.equals(copies[i]!.context)))
  const suits = copies.every(weight => (before[0]!.master !== null) === usesMaster(optimizer, weight))
  if (stays && suits) return before
  slot.kept = copies.map((weight, i) => own(adapt(before[stays ? i : 0]!, weight, usesMaster(optimizer, weight))))
  release(before, slot.kept, 'when its parameter moved')
  return slot.kept
}

function adapt({ master, state }: Kept, weight: NDArray, wanted: boolean): Kept {
  const here = (array: NDArray): NDArray => (array.context.equals(weight.context) ? array : array.copyto(weight.context))
  if (!wanted) return { master: null, state: state.map(here) }
  return { master: master === null ? weight.detach().astype('float32') : here(master), state: state.map(array => here(array).astype('float32')) }
}

/** Frees what the next entries do not hold any more. */
export function release(before: readonly Kept[], after: readonly Kept[], how: string): void {
  if (before.every(({ master, state }) => master === null && state.length === 0)) return
  const held = new Set(after.flatMap(arraysOf))
  for (const array of before.flatMap(arraysOf)) if (!held.has(array)) array.release(how)
}

/** Steps one copy, and returns what is kept for it then. */
export function stepCopy(optimizer: Optimizer, weight: NDArray, { master, state }: Kept, settings: StepSettings): Kept {
  // A weight that was set since wins over the master; elsewhere the master says more than its rounding.
  const basis = master === null ? weight : where(eq(master.astype(weight.dtype), weight), master, weight.astype('float32'))
  const gradient = master === null ? weight.grad! : weight.grad!.astype('float32')
  const step = (): ReturnType<Optimizer['step']> => optimizer.step(basis, gradient, state, settings)
  const after = isBuiltIn(optimizer) ? step() : callout(step, [basis, gradient])
  weight.rename(after.weight.dtype === weight.dtype ? after.weight : after.weight.astype(weight.dtype))
  return own({ master: master === null ? null : after.weight, state: after.state })
}
