import type { NDArray } from '@ashlar/core'
import { Context, NotImplementedError, ValueError, array, internal, np, typeError, warn } from '@ashlar/core'
import { fillBilinear } from './bilinear.ts'
import type { InitDesc } from './init-desc.ts'

/** Python's JSON: a blank after each separator. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${pythonJson(entry)}`).join(', ')}}`
  }
  return JSON.stringify(value)
}

/** Draws into `data`, from the CPU's stream whatever the device (behaviour N-04). */
export function draw(data: NDArray, kind: 'uniform' | 'normal', first: number, second: number): void {
  internal(() => void data.set(np.random[kind](first, second, data.shape, { ctx: new Context('cpu') }).asInContext(data.context)))
}

/** Tells, in words, what was drawn. */
export type Summary = (data: NDArray) => string

/** The root of the mean square, which is the spread around 0. */
const spread: Summary = data => String(internal(() => np.sqrt(np.mean(np.square(data.astype('float32')))).item()))

type Step = 'initWeight' | 'initBias' | 'initGamma' | 'initBeta' | 'initZero' | 'initOne' | 'initQuantizedWeight' | 'initQuantizedBias'

/** What the end of a name asks for; the first that fits counts. */
const ENDINGS: readonly (readonly [ending: string, step: Step])[] = [
  ['weight', 'initWeight'], ['bias', 'initBias'], ['gamma', 'initGamma'], ['beta', 'initBeta'], ['min', 'initZero'], ['max', 'initOne'],
]
const QUANTIZED: typeof ENDINGS = [['weight_quantize', 'initQuantizedWeight'], ['bias_quantize', 'initQuantizedBias']]
/** Names of running statistics, which old programs initialize by name. */
const MOVING: typeof ENDINGS = [['moving_mean', 'initZero'], ['moving_var', 'initOne'], ['moving_inv_var', 'initZero'], ['moving_avg', 'initZero']]

/**
 * The base of initializers. A subclass overrides `initWeight`, which gets the parameter's name and an array of zeros on
 * the CPU to write into.
 *
 * @example
 * ```ts
 * import { np, registerBackend, type NDArray } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Initializer } from '@ashlar/init'
 *
 * registerBackend(cpuBackend())
 * class Ramp extends Initializer {
 *   override initWeight(name: string, data: NDArray): void {
 *     data.set(np.arange(data.size).reshape(data.shape))
 *   }
 * }
 * const weight = np.zeros([2, 2])
 * new Ramp().initWeight('weight', weight)
 * console.log(weight)
 * // array([[0., 1.],
 * //        [2., 3.]])
 * ```
 */
export class Initializer {
  /** The options it was made with, under the names that files and messages use. */
  readonly kwargs: Readonly<Record<string, unknown>>
  #summary: Summary | null = null

  constructor(kwargs: Readonly<Record<string, unknown>> = {}) {
    this.kwargs = kwargs
  }

  /**
   * Writes first values into `data`, as the parameter asks for them (behaviour B-11.5): with its own initializer where its
   * description names one, else by the end of its name, where `bias` and `beta` are 0, `gamma` is 1, and `weight` is
   * {@link initWeight}.
   *
   * @param desc the parameter's description; a name alone is deprecated, and knows the old names of running statistics too
   * @throws ValueError `Unknown initialization pattern for …` for other names
   */
  call(desc: InitDesc | string, data: NDArray): void {
    if (typeof desc === 'string') return this.#callByName(desc, data)
    if (typeof (desc as InitDesc | null)?.name !== 'string') throw typeError('expected an InitDesc or the name of a parameter', { op: 'Initializer.call' })
    desc.globalInit ??= this
    const own = desc.initializer
    if (own !== null) {
      own.initWeight(desc.name, data)
      return this.report(desc.name, own.dumps(), data)
    }
    this.#callStep(desc.name, data, [...ENDINGS, ...QUANTIZED])
  }

  #callByName(name: string, data: NDArray): void {
    warn('Calling initializer with init(str, NDArray) has been deprecated. Please use init.call(new InitDesc(name), data) instead.', { category: 'DeprecationWarning' })
    if (name.startsWith('upsampling')) return this.initBilinear(name, data)
    if (name.startsWith('stn_loc') && name.endsWith('weight')) return this.initZero(name, data)
    if (name.startsWith('stn_loc') && name.endsWith('bias')) return this.initLocBias(name, data)
    this.#callStep(name, data, [...MOVING, ...ENDINGS])
  }

  #callStep(name: string, data: NDArray, endings: typeof ENDINGS): void {
    const found = endings.find(([ending]) => name.endsWith(ending))
    if (found === undefined) return this.initDefault(name, data)
    this[found[1]](name, data)
    this.report(name, found[0], data)
  }

  /** Writes first values into `data`, which holds zeros. */
  initWeight(name: string, _data: NDArray): void {
    throw new NotImplementedError(`${this.constructor.name} does not override initWeight, asked for ${name}`, { op: 'Initializer' })
  }

  initBias(name: string, data: NDArray): void { this.initZero(name, data) }

  initGamma(name: string, data: NDArray): void { this.initOne(name, data) }

  initBeta(name: string, data: NDArray): void { this.initZero(name, data) }

  initZero(_name: string, data: NDArray): void { data.set(0) }

  initOne(_name: string, data: NDArray): void { data.set(1) }

  initBilinear(name: string, data: NDArray): void { fillBilinear(name, data) }

  /** The transform that changes nothing, of a spatial transformer. */
  initLocBias(name: string, data: NDArray): void {
    if (data.size !== 6 || data.ndim !== 1) throw new ValueError(`the bias of a localisation network has 6 entries, ${name} does not`, { op: 'Initializer', shapes: [data.shape] })
    internal(() => void data.set(array([1, 0, 0, 0, 1, 0]).asInContext(data.context)))
  }

  /** Whole numbers from -127 to 126. */
  initQuantizedWeight(_name: string, data: NDArray): void {
    internal(() => void data.set(np.random.randint(-127, 127, data.shape, { ctx: new Context('cpu'), dtype: 'int32' }).asInContext(data.context)))
  }

  initQuantizedBias(name: string, data: NDArray): void { this.initZero(name, data) }

  /** What happens to names that tell nothing. */
  initDefault(name: string, _data: NDArray): void {
    throw new ValueError(`Unknown initialization pattern for ${name}`, { op: 'Initializer', hint: `give the parameter an initializer of its own, or a name that ends in one of ${ENDINGS.map(([ending]) => ending).join(', ')}` })
  }

  /**
   * Whether {@link call} tells what it did, through `warn` with the category `Info`.
   *
   * @param summary what to tell of the values (default the root of their mean square)
   */
  setVerbosity(verbose = false, summary: Summary = spread): this {
    if (typeof verbose !== 'boolean' || typeof summary !== 'function') throw typeError('expected true or false, and a function that tells something of an array', { op: 'setVerbosity' })
    this.#summary = verbose ? summary : null
    return this
  }

  /** Tells how `name` got its values, where that was asked for. */
  protected report(name: string, how: string, data: NDArray): void {
    if (this.#summary !== null) warn(`Initialized ${name} as ${how}: ${this.#summary(data)}`, { category: 'Info' })
  }

  /** `["normal", {"sigma": 0.5}]`: the lower-case class name and the options. */
  dumps(): string {
    return pythonJson([this.constructor.name.toLowerCase(), this.kwargs])
  }

  /** Whether another initializer is of the same class and has the same options. */
  equals(other: unknown): boolean {
    return other instanceof Initializer && other.constructor === this.constructor && other.dumps() === this.dumps()
  }
}
