import type { Page } from '@ashlar-examples/shared/page'
import { escape, section, table } from '@ashlar-examples/shared/page'
import { drawCurves, drawLosses } from './chart.ts'
import { numberText, polynomialText, powerText } from './format.ts'
import type { Options } from './options.ts'
import type { Cloud } from './plot.ts'
import { TRUTH } from './points.ts'
import type { Fit } from './run.ts'
import { STYLE } from './style.ts'

const styleOf = (i: number): string => `fit${i}`

/** The page of a run. */
export function reportOf(cloud: Cloud, fits: readonly Fit[], options: Options): Page {
  const farthest = Math.max(...fits.flatMap(fit => fit.coefficients.map((found, power) => Math.abs(found - fit.solved[power]!))))
  return {
    title: 'Regression by gradient descent',
    result: `${fits.length === 1 ? 'One polynomial' : `${fits.length} polynomials`} through ${cloud.x.length} noisy points; after ${options.steps} steps no coefficient is farther than ${farthest.toExponential(1)} away from the solution of least squares.`,
    style: STYLE,
    sections: [
      section('curves', 'Points and curves', `${legend(fits, true)}\n<figure>${drawCurves(cloud, [{ style: 'truth', coefficients: TRUTH }, ...fits.map(({ coefficients }, i) => ({ style: styleOf(i), coefficients }))], curvesLabel(cloud, fits))}</figure>`),
      section('losses', 'How the loss fell', `${legend(fits, false)}\n<figure>${drawLosses(fits.map(({ losses }, i) => ({ style: styleOf(i), losses })), lossesLabel(fits))}<figcaption>Mean squared error after each step; both axes are logarithmic. It levels out at what noise and degree leave.</figcaption></figure>`),
      ...fits.map(fit => section(`degree${fit.degree}`, `Degree ${fit.degree}`, coefficientsTable(fit))),
      section('settings', 'Settings', table('Settings', ['Setting', 'Value'], settingsOf(options))),
    ],
  }
}

function legend(fits: readonly Fit[], drawn: boolean): string {
  const entries = [
    ...(drawn ? [{ style: 'truth', name: `the truth, ${polynomialText(TRUTH)}` }] : []),
    ...fits.map(({ degree }, i) => ({ style: styleOf(i), name: `fit of degree ${degree}` })),
  ]
  return `<ul class="legend">${entries.map(({ style, name }) => `<li><svg viewBox="0 0 28 8" aria-hidden="true"><path class="curve ${style}" d="M0 4H28"/></svg> ${escape(name)}</li>`).join('')}</ul>`
}

function curvesLabel(cloud: Cloud, fits: readonly Fit[]): string {
  return `${cloud.x.length} points, the true curve, and fits of degree ${fits.map(({ degree }) => degree).join(', ')}. Their coefficients are in the tables below.`
}

function lossesLabel(fits: readonly Fit[]): string {
  return `Loss by step. ${fits.map(({ degree, losses }) => `Degree ${degree}: from ${numberText(losses[0]!)} to ${numberText(losses.at(-1)!)}.`).join(' ')}`
}

function coefficientsTable({ degree, coefficients, solved, losses, least }: Fit): string {
  const rows = coefficients.map((found, power) => [powerText(power), numberText(TRUTH[power] ?? 0), numberText(solved[power]!), numberText(found), Math.abs(found - solved[power]!).toExponential(1)])
  const last = losses.at(-1)!
  return table(`Coefficients of degree ${degree}`, ['', 'True', 'Least squares', 'Gradient descent', 'Difference'], [
    ...rows, ['Loss', '', numberText(least), numberText(last), Math.abs(last - least).toExponential(1)],
  ])
}

function settingsOf(options: Options): string[][] {
  return [
    ['Points', String(options.points)], ['Noise', String(options.noise)], ['Steps', String(options.steps)],
    ['Learning rate', String(options.lr)], ['Seed', String(options.seed)],
  ]
}
