import { barOf } from '@ashlar-examples/shared/progress'
import type { LiveScreen } from '@ashlar-examples/shared/screen'

/** Shows how far a file has come. */
export interface Progress {
  /** The file's size is known. */
  start(bytes: number, phase: string): void
  say(phase: string): void
  advance(bytes: number): void
  stop(): void
}

/** Smaller files are done before anybody can read a bar. */
const LARGE = 2 ** 23
const MEGABYTE = 1_000_000

/**
 * A bar on a terminal for files of 8 MiB and more, and nothing elsewhere.
 *
 * @param passes how often each byte is handled: reading, decoding, writing
 */
export function showProgress(screen: LiveScreen, passes: number): Progress {
  let bar: ReturnType<typeof barOf> | null = null
  return {
    start(bytes, phase) {
      if (!screen.live || bytes < LARGE) return
      bar = barOf(screen, { words: '{phase}', rest: ` {bar} {percentage} % of ${Math.round(bytes / MEGABYTE)} MB`, from: 50, taken: 36, clear: true })
      bar.start(passes * bytes, 0, { phase: phase.padEnd(8) })
    },
    say: phase => bar?.update({ phase: phase.padEnd(8) }),
    advance: bytes => bar?.increment(bytes),
    stop: () => bar?.stop(),
  }
}
