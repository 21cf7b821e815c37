import type { Context } from '@ashlar/core'
import { AshlarError, AssertionError } from '@ashlar/core'
import type { Slot } from './slot.ts'

/** Whether the last `backward` wrote a gradient of this parameter, on any of its contexts. */
export function anyFresh({ parameter }: Slot): boolean {
  return parameter.listData().some(data => data.freshGrad)
}

/** Refuses a gradient that no `backward` wrote since the last step, on any context (behaviour B-7.3). */
export function checkFresh({ parameter }: Slot): void {
  const stale = parameter.listData().find(data => !data.freshGrad)
  if (stale === undefined) return
  throw new AshlarError(`Gradient of Parameter \`${parameter.name}\` on context ${stale.context} has not been updated by backward since last \`step\`. This could mean a bug in your model that made it only use a subset of the Parameters (Blocks) for this iteration. If you are intentionally only using a subset, call step with ignore_stale_grad=True to suppress this warning and skip updating of Parameters with stale gradient`, {}, 'UserWarning', 'ERR_STALE_GRADIENT')
}

/** Writes the sum of the gradients into every copy; one that is stale adds nothing. */
export function sumGradients(slot: Slot): void {
  const copies = slot.parameter.listData()
  if (copies.length === 1) return
  const fresh = copies.filter(data => data.freshGrad).map(data => data.grad!)
  if (fresh.length === 0) return
  const home = fresh[0]!.context
  const total = fresh.slice(1).reduce((sum, gradient) => sum.add(gradient.asInContext(home)), fresh[0]!)
  for (const { grad } of copies) grad!.rename(total.asInContext(grad!.context))
  slot.summed = true
}

const same = (some: readonly Context[], others: readonly Context[]): boolean => some.length === others.length && some.every((context, i) => context.equals(others[i]!))

/** @throws AssertionError where the parameters lie on different contexts */
export function checkContexts(slots: readonly Slot[]): void {
  const text = (contexts: readonly Context[]): string => `[${contexts.join(', ')}]`
  const first = slots[0]?.parameter
  for (const { parameter } of slots) {
    if (!same(parameter.listCtx(), first!.listCtx())) {
      throw new AssertionError(`All Parameters must be initialized on the same set of contexts, but Parameter ${parameter.name} is initialized on ${text(parameter.listCtx())} while previous Parameters are initialized on ${text(first!.listCtx())}.`, { op: 'Trainer' })
    }
  }
}
