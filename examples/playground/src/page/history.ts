/** The losses after so many steps; null where no points are held back. */
export interface Moment {
  readonly steps: number
  readonly train: number
  readonly heldBack: number | null
}

/** More would not be seen on the chart. */
const MOST = 400

/**
 * A history with one moment more. A moment of the same step replaces the last one; where there are too many, every other one goes, so that
 * a curve of any length stays drawn quickly, from its first step to its last.
 */
export function remember(history: readonly Moment[], moment: Moment): Moment[] {
  const last = history.at(-1)
  const kept = last !== undefined && last.steps >= moment.steps ? history.filter(({ steps }) => steps < moment.steps) : history
  const longer = [...kept, moment]
  return longer.length <= MOST ? longer : longer.filter((_, i) => i % 2 === 0 || i === longer.length - 1)
}
