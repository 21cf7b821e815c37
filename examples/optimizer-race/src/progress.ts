import { barOf } from '@ashlar-examples/shared/progress'
import type { LiveScreen } from '@ashlar-examples/shared/screen'

/** Shows how far a race is, until `stop`. */
export interface Progress {
  /** Who is on the track now. */
  racer(name: string): void
  tick(): void
  stop(): void
}

/** A bar on a terminal, nothing elsewhere: the tables are what counts there. */
export function showProgress(screen: LiveScreen, title: string, total: number): Progress {
  if (!screen.live) return { racer: () => {}, tick: () => {}, stop: () => {} }
  const single = barOf(screen, { words: `${title} {name}`, rest: ' {bar}  {duration_formatted}', from: 60, taken: title.length + 24, clear: true })
  single.start(total, 0, { name: '' })
  return {
    racer: name => single.update({ name: name.padEnd(9) }),
    tick: () => single.increment(),
    stop: () => single.stop(),
  }
}
