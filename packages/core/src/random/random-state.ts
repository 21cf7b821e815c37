import { MT19937, type MT19937State } from './mt19937.ts'
import { ParallelStream, type ParallelStreamState } from './parallel-stream.ts'
import { generatorSeed } from './seeding.ts'

/** A copy of a device's random state; see {@link RandomState.save}. */
export interface RandomSnapshot {
  readonly main: MT19937State
  readonly parallel: ParallelStreamState
}

/**
 * The random streams of one device. All CPU contexts share the state of device id 0; a fresh process starts with seed 0.
 */
export class RandomState {
  /** What `np.random` and the initialisers draw from, in order. */
  readonly main: MT19937
  /** What `randint`, dropout masks and the legacy samplers draw from. */
  readonly parallel: ParallelStream
  readonly #deviceId: number

  /** @param deviceId id of the device, a non-negative integer */
  constructor(deviceId: number = 0) {
    this.#deviceId = deviceId
    this.main = new MT19937(generatorSeed(0, deviceId))
    this.parallel = new ParallelStream(0, deviceId)
  }

  /**
   * Starts both streams again from a user's seed.
   *
   * @throws RangeError unless seed is a safe integer (negative ones are allowed); the state is unchanged then
   */
  seed(seed: number): void {
    this.main.seed(generatorSeed(seed, this.#deviceId))
    this.parallel.seed(seed)
  }

  /** Number of 32-bit outputs that the main stream has given since the seed. */
  get position(): number {
    return this.main.position
  }

  /** A copy of both streams' states, which later draws do not change. */
  save(): RandomSnapshot {
    return { main: this.main.save(), parallel: this.parallel.save() }
  }

  /** Continues from a saved state. */
  restore(snapshot: RandomSnapshot): void {
    this.main.restore(snapshot.main)
    this.parallel.restore(snapshot.parallel)
  }
}
