import cliProgress from 'cli-progress'
import type { Screen } from './screen.ts'

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
export function showProgress(screen: Screen, passes: number): Progress {
  let bar: cliProgress.SingleBar | null = null
  return {
    start(bytes, phase) {
      if (!screen.live || bytes < LARGE) return
      bar = new cliProgress.SingleBar({
        format: screen.columns < 50 ? '{phase}' : `{phase} {bar} {percentage} % of ${Math.round(bytes / MEGABYTE)} MB`,
        barsize: Math.max(5, Math.min(40, screen.columns - 36)),
        stream: screen.stream,
        hideCursor: true,
        clearOnComplete: true,
        gracefulExit: false,
      }, cliProgress.Presets.shades_classic)
      bar.start(passes * bytes, 0, { phase: phase.padEnd(8) })
    },
    say: phase => bar?.update({ phase: phase.padEnd(8) }),
    advance: bytes => bar?.increment(bytes),
    stop: () => bar?.stop(),
  }
}
