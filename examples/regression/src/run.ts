import { join } from 'node:path'
import { writePage } from '@ashlar-examples/shared/page'
import { prepareFolder, relativePath } from '@ashlar-examples/shared/paths'
import type { Screen } from '@ashlar-examples/shared/screen'
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import type { Descent } from './descend.ts'
import { descend } from './descend.ts'
import { numberText, polynomialText, powerText } from './format.ts'
import { errorOf, leastSquares } from './least-squares.ts'
import type { Options } from './options.ts'
import { plot } from './plot.ts'
import { TRUTH, drawPoints } from './points.ts'
import { reportOf } from './report.ts'

/** A polynomial, found in two ways. */
export interface Fit extends Descent {
  readonly degree: number
  /** The coefficients of least squares. */
  readonly solved: readonly number[]
  /** The mean squared error that they leave: no polynomial of that degree leaves less. */
  readonly least: number
}

/** One run from the points to the page. */
export async function run(options: Options, screen: Screen, signal: AbortSignal): Promise<void> {
  const file = join(options.out, 'regression.html')
  prepareFolder(options.out)
  registerBackend(cpuBackend())
  const points = drawPoints(options.points, options.noise, options.seed)
  const [x, y] = [points.x, points.y].map(array => Array.from(array.toTypedArray(), Number)) as [number[], number[]]
  screen.print(`Points: ${options.points} around y = ${polynomialText(TRUTH)}, noise ${options.noise} (seed ${options.seed})`)
  const fits: Fit[] = []
  for (const degree of options.degrees) {
    screen.print(`\nDegree ${degree}: ${degree + 1} coefficients, ${options.steps} steps of ${options.lr} times the gradient`)
    const descent = await descend(points, { ...options, degree, signal }, (step, loss) => {
      if (isShown(step, options.steps)) screen.print(`step ${String(step).padStart(String(options.steps).length)}  loss ${numberText(loss)}`)
    })
    const solved = leastSquares(x, y, degree)
    const fit = { degree, ...descent, solved, least: errorOf(solved, x, y) }
    for (const line of compare(fit)) screen.print(line)
    fits.push(fit)
  }
  screen.print('')
  for (const line of plot({ x, y }, fits, screen)) screen.print(line)
  writePage(file, reportOf({ x, y }, fits, options))
  screen.print(`\nPage: ${relativePath(file)}`)
}

/** The first steps, in which most happens, then every tenth of all. */
function isShown(step: number, steps: number): boolean {
  return step < 3 || step % Math.ceil(steps / 10) === 0 || step === steps
}

const WIDTHS = [6, 9, 15, 18, 12]

/** The coefficients found by descent next to the true ones and those of least squares. */
function compare({ degree, coefficients, solved, losses, least }: Fit): string[] {
  const row = (cells: readonly string[]): string => cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i]!) : cell.padStart(WIDTHS[i]!))).join('')
  const rows = coefficients.map((found, power) => [
    powerText(power), numberText(TRUTH[power] ?? 0), numberText(solved[power]!), numberText(found), Math.abs(found - solved[power]!).toExponential(1),
  ])
  const losing = ['loss', '', numberText(least), numberText(losses.at(-1)!), Math.abs(losses.at(-1)! - least).toExponential(1)]
  const note = degree < TRUTH.length - 1 ? ['(A polynomial of a lower degree than the truth need not have its coefficients.)'] : []
  return ['', row(['', 'true', 'least squares', 'gradient descent', 'difference']), ...[...rows, losing].map(row), ...note]
}
