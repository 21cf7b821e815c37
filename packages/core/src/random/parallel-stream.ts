import { logFloat32 } from './logarithm.ts'
import { MT19937, type MT19937State } from './mt19937.ts'
import { fillNormalUnpaired } from './normal.ts'
import { generatorSeed } from './seeding.ts'
import { fillUniform, nextUniform, type RealArray } from './uniform.ts'

const engineCount = 1024
/** Fewest elements that a further engine is used for. */
const elementsPerEngine = 64

/** The arrays that random integers are written to. */
export type IntegerArray = Int8Array | Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array | BigInt64Array

/** A copy of a stream's state: its seed and the states of the engines used so far, by their number. */
export interface ParallelStreamState {
  readonly seed: number
  readonly engines: ReadonlyMap<number, MT19937State>
}

/**
 * The second random stream of a device, which MXNet's parallel kernels draw from (`randint`, dropout masks, the legacy
 * `nd.random`): 1024 generators that each serve a contiguous part of a fill and keep their state between fills.
 */
export class ParallelStream {
  readonly #deviceId: number
  #seed: number
  /** Engines are created when first used: most programs need a few. */
  #engines = new Map<number, MT19937>()

  /**
   * @param seed the user's seed, any safe integer
   * @param deviceId id of the device; 0 gives the CPU's stream
   */
  constructor(seed: number, deviceId: number = 0) {
    this.#seed = seed
    this.#deviceId = deviceId
  }

  /** Starts all generators again: number k with `seed * 127 + k`. */
  seed(seed: number): void {
    this.#seed = seed
    this.#engines.clear()
  }

  /** Fills `out` with float32 draws from [low, high). */
  fillUniform(out: RealArray, low: number, high: number): void {
    this.#forParts(out, (engine, part) => fillUniform(engine, part, low, high))
  }

  /** Fills `out` with float32 draws `mean + z * scale`, z standard normal. */
  fillNormal(out: RealArray, mean: number, scale: number): void {
    this.#forParts(out, (engine, part) => fillNormalUnpaired(engine, part, mean, scale))
  }

  /** Fills `out` with float32 draws `-log(1 - u) * scale`, as the legacy `nd.random.exponential`. */
  fillExponential(out: RealArray, scale: number): void {
    const width = Math.fround(scale)
    this.#forParts(out, (engine, part) => {
      for (let i = 0; i < part.length; i++) {
        part[i] = -logFloat32(Math.fround(1 - nextUniform(engine))) * width
      }
    })
  }

  /**
   * Fills `out` with integers in [low, high): `low + ((a * 2^31 + b) mod (high - low))` of two outputs a, b each.
   *
   * @throws RangeError unless low, high and their difference are safe integers and low < high
   */
  fillInteger(out: IntegerArray, low: number, high: number): void {
    const range = high - low
    if (![low, high, range].every(Number.isSafeInteger) || range <= 0) {
      throw new RangeError(`low and high must be safe integers with low < high, got ${low} and ${high}`)
    }
    this.#forParts(out, (engine, part) => {
      for (let i = 0; i < part.length; i++) {
        // a * 2^31 is a 32-bit number times a power of two: exact, and so is its remainder.
        const first = (engine.next() * 2 ** 31) % range
        // Adding the two remainders could leave the safe integers; subtracting the complement cannot.
        const sum = first - (range - (engine.next() % range))
        const value = low + (sum < 0 ? sum + range : sum)
        if (part instanceof BigInt64Array) part[i] = BigInt(value)
        else part[i] = value
      }
    })
  }

  /** A copy of the state, which later draws do not change. */
  save(): ParallelStreamState {
    const engines = new Map([...this.#engines].map(([number, engine]) => [number, engine.save()]))
    return { seed: this.#seed, engines }
  }

  /** Continues from a saved state. */
  restore(state: ParallelStreamState): void {
    this.seed(state.seed)
    for (const [number, engine] of state.engines) this.#engine(number).restore(engine)
  }

  /** Calls `fill` with each part of `out` and the generator that serves it. */
  #forParts<T extends IntegerArray>(out: T, fill: (engine: MT19937, part: T) => void): void {
    const engines = Math.min(Math.ceil(out.length / elementsPerEngine), engineCount)
    const step = Math.ceil(out.length / engines)
    for (let number = 0; number * step < out.length; number++) {
      fill(this.#engine(number), out.subarray(number * step, (number + 1) * step) as T)
    }
  }

  #engine(number: number): MT19937 {
    let engine = this.#engines.get(number)
    if (engine === undefined) {
      engine = new MT19937(generatorSeed(this.#seed, this.#deviceId * engineCount + number))
      this.#engines.set(number, engine)
    }
    return engine
  }
}
