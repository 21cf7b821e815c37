import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { np } from '@ashlar/core'
import { learn, openTrack } from '../src/digits.ts'
import { RACERS } from '../src/racers.ts'
import { digitsTable, rankLearned, sparkline, valleyTable } from '../src/tables.ts'
import { WALLS, arrivalOf, endOf, heightOf, race } from '../src/valley.ts'
import { keepRandomState, runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()
const racerOf = (name: string): (typeof RACERS)[number] => RACERS.find(racer => racer.name === name)!
const rest = async (): Promise<void> => {}

describe('the valley', () => {
  keepRandomState()

  test('is Rosenbrock\'s', () => {
    for (const [x, y] of [[1, 1], [0, 0], [-1.2, 1], [0.5, -2]] as const) {
      expect(heightOf(np.array([x, y])).item()).toBeCloseTo((1 - x) ** 2 + WALLS * (y - x * x) ** 2, 4)
    }
  })

  test('plain descent goes as by hand, with the rate that led lowest', async () => {
    const steps = 20
    const way = await race(racerOf('sgd'), steps, 0, rest)
    const ends = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1].map(rate => {
      let [x, y] = [-1.2, 1]
      for (let step = 0; step < steps; step++) [x, y] = [x - rate * (-2 * (1 - x) - 4 * WALLS * x * (y - x * x)), y - rate * 2 * WALLS * (y - x * x)]
      return { rate, x, y, height: (1 - x) ** 2 + WALLS * (y - x * x) ** 2 }
    })
    const best = ends.filter(end => Number.isFinite(end.height)).toSorted((a, b) => a.height - b.height)[0]!
    expect(way.rate).toBe(best.rate)
    expect(way.points).toHaveLength(steps + 1)
    expect(way.points.at(-1)![0]).toBeCloseTo(best.x, 3)
    expect(way.points.at(-1)![1]).toBeCloseTo(best.y, 3)
  })

  test('every racer gets lower than it started', async () => {
    for (const racer of RACERS) {
      const way = await race(racer, 25, 0, rest)
      expect(endOf(way), racer.name).toBeLessThan(way.heights[0]!)
    }
  })

  test('an arrival is where a racer stays', () => {
    expect(arrivalOf({ heights: [5, 1, 3, 1, 0] }, 2)).toBe(3)
    expect(arrivalOf({ heights: [1, 1] }, 2)).toBe(0)
    expect(arrivalOf({ heights: [1, Number.NaN] }, 2)).toBeNull()
  })
})

describe('the digits', () => {
  keepRandomState()

  test('are learned from the same start by all, and read by who has learned', async () => {
    const track = openTrack(0)
    expect([track.learn.x.shape, track.heldBack.x.shape, track.batches]).toEqual([[1438, 64], [359, 64], 23])
    const untouched = await Promise.all(['sgd', 'adam'].map(name => learn({ ...racerOf(name), rate: 0 }, track, 1, 0, rest)))
    expect(untouched[0]!.losses).toEqual(untouched[1]!.losses)
    const { losses, accuracies } = await learn(racerOf('adam'), track, 2, 0, rest)
    expect(losses[1]).toBeLessThan(losses[0]!)
    expect(accuracies[1]).toBeGreaterThan(0.85)
  })
})

describe('tables', () => {
  const way = (name: string, heights: number[]) => ({ racer: racerOf(name), rate: 0.1, points: heights.map(() => [0, 0] as const), heights })

  test('sparklines go from the lowest to the highest of their range', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8, 0, 8)).toBe('▁▂▃▄▅▆▇█')
    expect(sparkline([-5, 99, Number.NaN], 3, 0, 8)).toBe('▁██')
    expect(sparkline([1, 5, 9], 2, 0, 8)).toBe('▂█')
    expect(sparkline([3], 5, 3, 3)).toBe('▁')
  })

  test('rank by where a way ends; who left the valley is last', () => {
    const lines = valleyTable([way('sgd', [5, Number.NaN]), way('adam', [5, 0.0001]), way('nag', [5, 1])], 80)
    expect(lines.slice(1).map(line => line.split(' ')[0])).toEqual(['adam', 'nag', 'sgd'])
    expect(lines[1]).toMatch(/^adam +0\.1 +1\.0e-4 +1 /)
    expect(lines[3]).toMatch(/gone +– /)
  })

  test('fit a narrow terminal', () => {
    const ways = [way('momentum', Array.from({ length: 300 }, (_, i) => i))]
    for (const columns of [40, 60, 80]) for (const line of valleyTable(ways, columns)) expect(line.length).toBeLessThanOrEqual(columns)
    const learned = [{ racer: racerOf('momentum'), losses: [2, 1], accuracies: [0.1, 0.99] }]
    for (const columns of [40, 60]) for (const line of digitsTable(learned, columns)) expect(line.length).toBeLessThanOrEqual(columns)
  })

  test('rank readers by accuracy, then by loss', () => {
    const reader = (name: string, loss: number, accuracy: number) => ({ racer: racerOf(name), losses: [loss], accuracies: [accuracy] })
    const ranked = rankLearned([reader('sgd', 0.1, 0.5), reader('adam', 0.4, 0.9), reader('nag', 0.3, 0.9), reader('lars', Number.NaN, 0.9)])
    expect(ranked.map(({ racer }) => racer.name)).toEqual(['nag', 'adam', 'lars', 'sgd'])
  })
})

describe('the program', () => {
  keepRandomState()

  test('races, and writes the page; the same seed gives the same race', async () => {
    const run = async (name: string): Promise<string> => {
      const out = join(folder, name)
      const result = await runHere(['--steps', '20', '--epochs', '1', '--only', 'momentum,Adam,sgld', '--seed', '3', '--out', out])
      expect([result.code, result.err]).toEqual([0, ''])
      expect(result.out).toMatch(/Report: .*optimizer-race\.html\n$/)
      for (const racer of ['momentum', 'adam', 'sgld']) expect(result.out.match(new RegExp(`^${racer} `, 'gm'))).toHaveLength(2)
      return readFileSync(join(out, 'optimizer-race.html'), 'utf8')
    }
    expect(await run('first')).toBe(await run('second'))
  })

  test('leaves the digits out where they are not wanted', async () => {
    const { code, out } = await runHere(['--steps', '3', '--epochs', '0', '--only', 'sgd', '--out', join(folder, 'valley')])
    expect(code).toBe(0)
    expect(out).not.toContain('digits')
  })

  test('--help lists the options, the racers and an example', async () => {
    const { code, out } = await runHere(['--help'])
    expect(code).toBe(0)
    for (const name of ['steps', 'epochs', 'seed', 'only', 'out', 'help']) expect(out).toContain(`  --${name} `)
    for (const { name } of RACERS) expect(out).toContain(name)
    expect(out).toContain('Example:')
  })

  test.each([
    [['--steps', '0'], 'whole number from 1'], [['--epochs', '-1'], 'whole number from 0'], [['--seed', 'x'], 'whole number from 0'], [['--only', 'sgd,bolt'], `There is no 'bolt'`],
    [['--out', ''], 'Expected a name'], [['--step', '3'], 'Did you mean --steps?'], [['12'], 'too many arguments'],
  ])('%j is refused in one line', async (argv, words) => {
    const { code, out, err } = await runHere(argv)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^optimizer-race: .*\n$/)
    expect(err).toContain(words)
  })

  test('a file in the place of the folder is said so', async () => {
    writeFileSync(join(folder, 'taken'), '')
    const { code, err } = await runHere(['--out', join(folder, 'taken')])
    expect(code).toBe(1)
    expect(err).toContain('there is a file of that name; --out names another one')
  })

  test('Ctrl-C ends it at once, and leaves no page', async () => {
    const out = join(folder, 'stopped')
    const { code, err } = await runProcess(['--steps', '3', '--only', 'sgd', '--epochs', '10000', '--out', out], (text, kill) => {
      if (text.includes('The valley')) kill('SIGINT')
    })
    expect([code, err]).toEqual([130, 'optimizer-race: stopped by Ctrl-C; no report was written\n'])
    expect(existsSync(join(out, 'optimizer-race.html'))).toBe(false)
  })
})
