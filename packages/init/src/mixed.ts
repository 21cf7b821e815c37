import type { NDArray } from '@ashlar/core'
import { AssertionError, ValueError, describe, typeError } from '@ashlar/core'
import { InitDesc } from './init-desc.ts'
import { Initializer } from './initializer.ts'
import { create } from './registry.ts'
import type { InitializerLike } from './registry.ts'

/**
 * Several initializers, chosen by the parameter's name: the first whose pattern matches the start of the name.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Mixed } from '@ashlar/init'
 *
 * registerBackend(cpuBackend())
 * const mixed = new Mixed(['dense0.*', '.*'], ['ones', 'zeros'])
 * const [first, other] = [np.zeros(2), np.ones(2)]
 * mixed.initWeight('dense0_weight', first)
 * mixed.initWeight('dense1_weight', other)
 * console.log(first, other)
 * // array([1., 1.]) array([0., 0.])
 * ```
 */
export class Mixed extends Initializer {
  readonly #choices: readonly (readonly [pattern: RegExp, initializer: Initializer])[]

  /**
   * @param patterns regular expressions, or their text, matched from the start of the full name
   * @throws AssertionError unless there is an initializer for each pattern, ValueError for a pattern that is none
   */
  constructor(patterns: readonly (string | RegExp)[], initializers: readonly InitializerLike[]) {
    if (!Array.isArray(patterns) || !Array.isArray(initializers)) throw typeError('expected a list of patterns and a list of initializers', { op: 'Mixed' })
    if (patterns.length !== initializers.length) throw new AssertionError(`${patterns.length} patterns for ${initializers.length} initializers`, { op: 'Mixed' })
    const choices = patterns.map((pattern, i) => [compile(pattern), create(initializers[i]!)] as const)
    super({ patterns: choices.map(([pattern]) => pattern.source), initializers: choices.map(([, initializer]) => initializer.dumps()) })
    this.#choices = choices
  }

  /** The chosen initializer is called as if it had been given alone, so a parameter's own wins over it. */
  override call(desc: InitDesc | string, data: NDArray): void {
    const chosen = this.#choose(typeof desc === 'string' ? desc : desc.name)
    if (typeof desc === 'string' || desc.attrs['__init__'] !== this) return chosen.call(desc, data)
    chosen.call(new InitDesc(desc.name, { attrs: { ...desc.attrs, __init__: chosen }, globalInit: this }), data)
  }

  /** @throws ValueError where no pattern matches */
  override initWeight(name: string, data: NDArray): void {
    this.#choose(name).initWeight(name, data)
  }

  #choose(name: string): Initializer {
    for (const [pattern, initializer] of this.#choices) {
      pattern.lastIndex = 0
      if (pattern.test(name)) return initializer
    }
    throw new ValueError(`Parameter name ${name} did not match any pattern`, { op: 'Mixed', hint: `add the pattern '.*' at the end` })
  }
}

/** Sticky, which holds every alternative to the start. */
function compile(pattern: unknown): RegExp {
  if (!(typeof pattern === 'string' || pattern instanceof RegExp)) throw typeError(`expected a pattern, got ${describe(pattern)}`, { op: 'Mixed' })
  try {
    return typeof pattern === 'string' ? new RegExp(pattern, 'y') : new RegExp(pattern.source, `${pattern.flags.replaceAll(/[gy]/g, '')}y`)
  } catch (cause) {
    throw new ValueError(`'${pattern}' is no pattern`, { op: 'Mixed', cause })
  }
}
