import type { NDArray } from '@ashlar/core'
import { AssertionError, describe, formatShape, internal, isNDArray, sameShape, typeError, warn } from '@ashlar/core'
import type { InitDesc } from './init-desc.ts'
import { Initializer } from './initializer.ts'
import { checkOptions } from './options.ts'
import { create } from './registry.ts'
import type { InitializerLike } from './registry.ts'

/** Named arrays, such as `io.load(file)` gives. */
export type NamedArrays = Readonly<Record<string, NDArray>> | ReadonlyMap<string, NDArray>

/**
 * Values from a file, by the parameter's full name, with or without `arg:` or `aux:` in front; another initializer for
 * parameters that it does not have.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Load } from '@ashlar/init'
 *
 * registerBackend(cpuBackend())
 * const loaded = new Load({ 'arg:dense0_weight': np.array([[1, 2]]) }, { defaultInit: 'zeros' })
 * const weight = np.zeros([1, 2])
 * loaded.initWeight('dense0_weight', weight)
 * console.log(weight)
 * // array([[1., 2.]])
 * ```
 */
export class Load extends Initializer {
  readonly param: ReadonlyMap<string, NDArray>
  readonly defaultInit: Initializer | null
  readonly verbose: boolean

  /** @throws TypeError for what holds no named arrays */
  constructor(param: NamedArrays, options: { readonly defaultInit?: InitializerLike | null; readonly verbose?: boolean } = {}) {
    checkOptions(options, ['defaultInit', 'verbose'], 'Load')
    const { defaultInit = null, verbose = false } = options
    const found = new Map<string, NDArray>()
    for (const [name, value] of entriesOf(param)) {
      if (!isNDArray(value)) throw typeError(`expected named arrays, got ${describe(value)} as '${name}'`, { op: 'Load' })
      found.set(name.replace(/^(arg|aux):/, ''), value)
    }
    super({ param: [...found.keys()] })
    this.param = found
    this.defaultInit = defaultInit === null ? null : create(defaultInit)
    this.verbose = verbose
  }

  /** Values that are there win over the initializer that a parameter brings itself. */
  override call(desc: InitDesc | string, data: NDArray): void {
    const name = typeof desc === 'string' ? desc : desc.name
    if (!this.#take(name, data)) this.#fallback(name).call(desc, data)
  }

  /**
   * @throws AssertionError where the shapes differ, and where there is neither a value nor another initializer; `data` stays
   *   as it was
   */
  override initWeight(name: string, data: NDArray): void {
    if (!this.#take(name, data)) this.#fallback(name).initWeight(name, data)
  }

  /** An initializer made of other values is another one. */
  override equals(other: unknown): boolean {
    return other === this
  }

  #take(name: string, data: NDArray): boolean {
    const value = this.param.get(name)
    if (value === undefined) return false
    if (!sameShape(value.shape, data.shape)) {
      throw new AssertionError(`Parameter ${name} cannot be initialized from loading. Shape mismatch, target ${formatShape(data.shape)} vs loaded ${formatShape(value.shape)}`, { op: 'Load', shapes: [data.shape, value.shape] })
    }
    internal(() => void data.set(value.astype(data.dtype).asInContext(data.context)))
    this.#tell(name, 'by loading')
    return true
  }

  #fallback(name: string): Initializer {
    if (this.defaultInit === null) throw new AssertionError(`Cannot Initialize ${name}. Not found in loaded param and no default Initializer is provided.`, { op: 'Load', hint: 'give { defaultInit }' })
    this.#tell(name, 'by default')
    return this.defaultInit
  }

  #tell(name: string, how: string): void {
    if (this.verbose) warn(`Initialized ${name} ${how}`, { category: 'Info' })
  }
}

function entriesOf(param: unknown): Iterable<readonly [string, unknown]> {
  if (param instanceof Map) return param as ReadonlyMap<string, unknown>
  if (typeof param === 'object' && param !== null && !Array.isArray(param) && !isNDArray(param)) return Object.entries(param)
  throw typeError(`expected named arrays, got ${describe(param)}`, { op: 'Load', hint: typeof param === 'string' ? 'read the file first: new Load(io.load(file))' : 'give an object or a Map' })
}
