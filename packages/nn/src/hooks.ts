import { AssertionError, describe, typeError } from '@ashlar/core'
import type { Block } from './block.ts'

/** Runs before `forward`, with the inputs. What it returns is ignored. */
export type ForwardPreHook = (block: Block, inputs: readonly unknown[]) => void
/** Runs after `forward`, with the inputs and the output. What it returns is ignored. */
export type ForwardHook = (block: Block, inputs: readonly unknown[], output: unknown) => void

/** Detaches a hook again: with `detach()`, or at the end of a scope, `using handle = net.registerForwardHook(…)`. */
export class HookHandle {
  #remove: (() => void) | null = null

  /** Adds a hook to those of a block. @throws AssertionError for a handle that has been attached before */
  attach<H>(hooks: Set<H>, hook: H): this {
    if (this.#remove !== null) throw new AssertionError('The same handle cannot be attached twice.', { op: 'HookHandle.attach', hint: 'registering the hook again gives a handle of its own' })
    hooks.add(hook)
    this.#remove = () => hooks.delete(hook)
    return this
  }

  /** Takes the hook away; a second time does nothing. */
  detach(): void {
    this.#remove?.()
  }

  [Symbol.dispose](): void {
    this.detach()
  }
}

/** Adds a hook; the same function twice runs once. */
export function attachHook<H>(hooks: Set<H>, hook: H): HookHandle {
  if (typeof hook !== 'function') throw typeError(`a hook is a function, got ${describe(hook)}`, { op: 'registerForwardHook' })
  return new HookHandle().attach(hooks, hook)
}
