import type { NDArray } from '@ashlar/core'
import { Context, NotImplementedError, np } from '@ashlar/core'

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
  data.set(np.random[kind](first, second, data.shape, { ctx: new Context('cpu') }).asInContext(data.context))
}

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

  constructor(kwargs: Readonly<Record<string, unknown>> = {}) {
    this.kwargs = kwargs
  }

  /** Writes first values into `data`, which holds zeros. */
  initWeight(name: string, _data: NDArray): void {
    throw new NotImplementedError(`${this.constructor.name} does not override initWeight, asked for ${name}`, { op: 'Initializer' })
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
