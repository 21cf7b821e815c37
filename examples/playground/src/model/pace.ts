/** Says how many steps are due, so that they come at an even rate whatever a turn takes. */
export class Pace {
  #stepsPerSecond: number
  #last: number
  /** Steps that are due, and the beginning of the next one. */
  #owed = 0

  constructor(stepsPerSecond: number, now: number) {
    this.#stepsPerSecond = stepsPerSecond
    this.#last = now
  }

  /** The rate from now on. */
  set(stepsPerSecond: number, now: number): void {
    this.#stepsPerSecond = stepsPerSecond
    this.start(now)
  }

  /** Begins anew: what was owed before a pause is not made up for. The first step is due at once. */
  start(now: number): void {
    this.#last = now
    this.#owed = 1
  }

  /** How many steps are due; what a slow machine falls behind by more than a tenth of a second is forgotten. */
  due(now: number): number {
    if (this.#stepsPerSecond === Infinity) return Infinity
    const most = Math.max(1, this.#stepsPerSecond / 10)
    this.#owed = Math.min(most, this.#owed + (now - this.#last) / 1000 * this.#stepsPerSecond)
    this.#last = now
    return Math.floor(this.#owed)
  }

  /** Tells that steps were made. */
  made(steps: number): void {
    if (this.#stepsPerSecond !== Infinity) this.#owed -= steps
  }

  /** Milliseconds until the next step is due. */
  wait(): number {
    return this.#stepsPerSecond === Infinity ? 0 : Math.max(0, (1 - this.#owed) / this.#stepsPerSecond * 1000)
  }
}
