import { AssertionError, describe, typeError } from '@ashlar/core'
import type { Block } from './block.ts'
import { Callable } from './callable.ts'
import { Parameter } from './parameter.ts'

const isBlock = (value: unknown): value is Block => value instanceof Callable

/** An index such as `net[0]`, which Sequential sets beside its children. */
const isIndex = (key: string): boolean => /^\d+$/.test(key)

/** What a block is made of, read off its fields whenever somebody asks. */
export class Members {
  readonly #owner: Block
  readonly #children = new Map<string, Block>()
  readonly #parameters = new Map<string, Parameter>()
  /** Field names that held a block when last looked. */
  readonly #fields = new Set<string>()

  constructor(owner: Block) {
    this.#owner = owner
  }

  get children(): Map<string, Block> {
    this.#look()
    return this.#children
  }

  get parameters(): ReadonlyMap<string, Parameter> {
    this.#look()
    return this.#parameters
  }

  get fieldChildren(): [string, Block][] {
    this.#look()
    return [...this.#children].filter(([key]) => this.#fields.has(key))
  }

  #look(): void {
    const owner = this.#owner as unknown as Record<string, unknown>
    for (const key of Object.keys(owner)) {
      if (isIndex(key)) continue
      const value = owner[key]
      const before = this.#fields.has(key) ? this.#children.get(key) : this.#parameters.get(key)
      if (value === before) continue
      if (before !== undefined) this.#checkReplacement(key, before, value)
      if (isBlock(value)) {
        this.#children.set(key, value)
        this.#fields.add(key)
      } else if (value instanceof Parameter) this.#parameters.set(key, value)
    }
  }

  #checkReplacement(key: string, before: Block | Parameter, value: unknown): void {
    if (before instanceof Parameter && value instanceof Parameter) {
      throw new AssertionError(`Overriding Parameter attribute ${key} is not allowed.`, { op: this.#owner.constructor.name, hint: `use setData, or share parameters with the option 'params'` })
    }
    if (typeof value === 'function' && value instanceof (before.constructor as new () => unknown)) return
    throw typeError(`Changing attribute type for ${key} from ${before.constructor.name} to ${describe(value)} is not allowed.`, { op: this.#owner.constructor.name })
  }
}
