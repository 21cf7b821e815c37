import { describe, typeError } from '@ashlar/core'
import type { Initializer } from './initializer.ts'
import { checkOptions } from './options.ts'
import { create } from './registry.ts'

/** What an {@link InitDesc} takes beside the name. */
export interface InitDescOptions {
  /** The parameter's attributes; `__init__` is its own initializer: one, its name, or what `dumps()` gave. */
  readonly attrs?: Readonly<Record<string, unknown>>
  /** The initializer of the whole network, for initializers that hand on to it. */
  readonly globalInit?: Initializer | null
}

/**
 * Describes a parameter to an initializer: `initializer.call(new InitDesc('dense0_weight'), data)`.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { InitDesc, Normal } from '@ashlar/init'
 *
 * registerBackend(cpuBackend())
 * const [gamma, own] = [np.zeros(2), np.zeros(2)]
 * new Normal().call(new InitDesc('batchnorm0_gamma'), gamma)
 * new Normal().call(new InitDesc('weight', { attrs: { __init__: '["constant", {"value": 3}]' } }), own)
 * console.log(gamma, own)
 * // array([1., 1.]) array([3., 3.])
 * ```
 */
export class InitDesc {
  readonly name: string
  readonly attrs: Readonly<Record<string, unknown>>
  globalInit: Initializer | null

  constructor(name: string, options: InitDescOptions = {}) {
    if (typeof name !== 'string') throw typeError(`the name of a parameter is a text, got ${describe(name)}`, { op: 'InitDesc' })
    checkOptions(options, ['attrs', 'globalInit'], 'InitDesc')
    this.name = name
    this.attrs = options.attrs ?? {}
    this.globalInit = options.globalInit ?? null
  }

  /** The parameter's own initializer, if it has one. */
  get initializer(): Initializer | null {
    const own = this.attrs['__init__'] ?? ''
    return own === '' ? null : create(own as Initializer | string)
  }

  toString(): string {
    return this.name
  }
}
