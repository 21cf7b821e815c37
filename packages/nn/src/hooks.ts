import { AssertionError } from '@ashlar/core'
import type { Block } from './block.ts'

/** Runs before `forward`, with the inputs. What it returns is ignored. */
export type ForwardPreHook = (block: Block, inputs: readonly unknown[]) => void
/** Runs after `forward`, with the inputs and the output. What it returns is ignored. */
export type ForwardHook = (block: Block, inputs: readonly unknown[], output: unknown) => void

/** Detaches a hook again. */
export class HookHandle {
  private remove: (() => void) | null

  constructor(remove: () => void) {
    this.remove = remove
  }

  /** @throws AssertionError the second time */
  detach(): void {
    if (this.remove === null) throw new AssertionError('the hook was detached already', { op: 'HookHandle.detach' })
    this.remove()
    this.remove = null
  }

  [Symbol.dispose](): void {
    if (this.remove !== null) this.detach()
  }
}

/** Adds a hook; the same function twice runs once. */
export function attachHook<H>(hooks: Set<H>, hook: H): HookHandle {
  hooks.add(hook)
  return new HookHandle(() => hooks.delete(hook))
}
