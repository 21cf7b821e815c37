/** Words of the state, which is also the number of outputs generated at a time. */
const stateLength = 624
/** Distance of the word that is mixed into another when the state is renewed. */
const shiftLength = 397

/** A copy of a generator's state; see {@link MT19937.save}. */
export interface MT19937State {
  readonly words: Uint32Array
  /** Index into `words` of the next output. */
  readonly index: number
  /** How often the words have been renewed since seeding. */
  readonly renewals: number
}

/**
 * The 32-bit Mersenne Twister MT19937 with the standard seeding by one number (`init_genrand`).
 *
 * Source: M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
 * generator" (1998), with the initialisation of 2002.
 */
export class MT19937 {
  #words = new Uint32Array(stateLength)
  #index = stateLength
  #renewals = 0

  /** @param seed an integer; only its lowest 32 bits count */
  constructor(seed: number) {
    this.seed(seed)
  }

  /** Starts the sequence of a seed; `position` is 0 again. */
  seed(seed: number): void {
    const words = this.#words
    let word = seed >>> 0
    words[0] = word
    for (let i = 1; i < stateLength; i++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0
      words[i] = word
    }
    this.#index = stateLength
    this.#renewals = 0
  }

  /** The next output, an integer in [0, 2^32). */
  next(): number {
    if (this.#index === stateLength) this.#renew()
    // The index stays below the length, so the fallback is never used.
    let word = this.#words[this.#index++] ?? 0
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }

  /** Number of outputs consumed since seeding. */
  get position(): number {
    return (this.#renewals - 1) * stateLength + this.#index
  }

  /** A copy of the state, which later draws do not change. */
  save(): MT19937State {
    return { words: this.#words.slice(), index: this.#index, renewals: this.#renewals }
  }

  /** Continues from a saved state, which may come from another generator and may be restored again. */
  restore(state: MT19937State): void {
    this.#words.set(state.words)
    this.#index = state.index
    this.#renewals = state.renewals
  }

  #renew(): void {
    const words = this.#words
    const wrap = stateLength - shiftLength
    // Three loops instead of one with remainders: the words mixed in lie ahead, then behind, then at the start.
    for (let i = 0; i < wrap; i++) words[i] = twist(words[i]!, words[i + 1]!, words[i + shiftLength]!)
    for (let i = wrap; i < stateLength - 1; i++) words[i] = twist(words[i]!, words[i + 1]!, words[i - wrap]!)
    const last = stateLength - 1
    words[last] = twist(words[last]!, words[0]!, words[shiftLength - 1]!)
    this.#index = 0
    this.#renewals++
  }
}

/** Mixes the top bit of one word and the other bits of the next into a third. */
function twist(word: number, following: number, mixed: number): number {
  const joined = (word & 0x80000000) | (following & 0x7fffffff)
  return mixed ^ (joined >>> 1) ^ (-(joined & 1) & 0x9908b0df)
}
