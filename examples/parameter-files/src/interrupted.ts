/** Ends a run early because the person at the keyboard, or the system, asked for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}; nothing was written`)
    this.signal = signal
  }
}
