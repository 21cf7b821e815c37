import cliProgress from 'cli-progress'
import type { Screen } from './screen.ts'

/** Shows how far a race is, until `stop`. */
export interface Progress {
  /** Who is on the track now. */
  racer(name: string): void
  tick(): void
  stop(): void
}

/** A bar on a terminal, nothing elsewhere: the tables are what counts there. */
export function showProgress(screen: Screen, title: string, total: number): Progress {
  if (!screen.live) return { racer: () => {}, tick: () => {}, stop: () => {} }
  const single = new cliProgress.SingleBar({
    // Words come first: the bar takes what they leave, and a narrow terminal has none.
    format: screen.columns < 60 ? `${title} {name}` : `${title} {name} {bar}  {duration_formatted}`,
    barsize: Math.max(5, Math.min(40, screen.columns - title.length - 24)),
    stream: screen.stream,
    hideCursor: true,
    clearOnComplete: true,
    // The program handles signals itself.
    gracefulExit: false,
  }, cliProgress.Presets.shades_classic)
  single.start(total, 0, { name: '' })
  return {
    racer: name => single.update({ name: name.padEnd(9) }),
    tick: () => single.increment(),
    stop: () => single.stop(),
  }
}
