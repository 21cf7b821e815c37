import cliProgress from 'cli-progress'
import type { LiveScreen } from './screen.ts'

/** How a bar looks. Texts are formats of cli-progress: `{name}` stands for a value. */
export interface BarOptions {
  readonly words: string
  /** What follows the words where the screen has `from` columns, `{bar}` among it. */
  readonly rest: string
  readonly from: number
  /** Columns that the bar has to leave to the texts. */
  readonly taken: number
  /** Whether a complete bar goes away. */
  readonly clear?: boolean
}

/** A progress bar for a screen that is live, not started yet. Words come first: the bar takes what they leave, and a narrow terminal has none. */
export function barOf(screen: LiveScreen, { words, rest, from, taken, clear = false }: BarOptions): cliProgress.SingleBar {
  return new cliProgress.SingleBar({
    format: screen.columns < from ? words : `${words}${rest}`,
    barsize: Math.max(5, Math.min(40, screen.columns - taken)),
    stream: screen.stream,
    hideCursor: true,
    clearOnComplete: clear,
    // Programs handle signals themselves.
    gracefulExit: false,
  }, cliProgress.Presets.shades_classic)
}
