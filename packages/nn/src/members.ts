import { AssertionError, describe, typeError } from '@ashlar/core'
import type { Block } from './block.ts'
import { Callable } from './callable.ts'
import { Parameter } from './parameter.ts'

const isBlock = (value: unknown): value is Block => value instanceof Callable

/** What a block is made of, read off its fields whenever somebody asks. */
export class Members {
  readonly #owner: Block
  readonly #children = new Map<string, Block>()
  readonly #parameters = new Map<string, Parameter>()
  /** What fields held when last looked, of blocks and parameters. */
  readonly #fields = new Map<string, Block | Parameter>()

  constructor(owner: Block) {
    this.#owner = owner
  }

  get children(): Map<string, Block> {
    this.look()
    return this.#children
  }

  get parameters(): ReadonlyMap<string, Parameter> {
    this.look()
    return this.#parameters
  }

  get fieldChildren(): [string, Block][] {
    this.look()
    return [...this.#children].filter(([key, child]) => this.#fields.get(key) === child)
  }

  /** Brings the lists up to date. @throws TypeError, AssertionError, ValueError for a field that may not hold what it holds now, until it is mended */
  look(): void {
    const owner = this.#owner as unknown as Record<string, unknown>
    for (const key of Object.keys(owner)) {
      const value = owner[key]
      const before = this.#fields.get(key)
      if (value === before || (before === undefined && typeof value !== 'function' && !(value instanceof Parameter))) continue
      this.#notice(key, before, value)
    }
    // Subclasses may write into the map of children.
    if (this.#owner.choosesChildren) for (const child of this.#children.values()) this.#owner.checkChild(child)
  }

  #notice(key: string, before: Block | Parameter | undefined, value: unknown): void {
    if (before !== undefined) this.#checkReplacement(key, before, value)
    if (value instanceof Parameter) this.#parameters.set(key, value)
    else if (isBlock(value)) {
      this.#owner.checkChild(value)
      this.#children.set(key, value)
    } else return
    this.#fields.set(key, value)
  }

  #checkReplacement(key: string, before: Block | Parameter, value: unknown): void {
    if (before instanceof Parameter && value instanceof Parameter) {
      throw new AssertionError(`Overriding Parameter attribute ${key} is not allowed.`, { op: this.#owner.constructor.name, hint: `use setData for other values; to share parameters between blocks, give the option 'params' at construction` })
    }
    if (typeof value === 'function' && value instanceof (before.constructor as new () => unknown)) return
    throw typeError(`Changing attribute type for ${key} from ${before.constructor.name} to ${describe(value)} is not allowed.`, { op: this.#owner.constructor.name, hint: `another ${before.constructor.name} may stand there` })
  }
}
