import { describe, expect, test } from 'vitest'
import type { Options } from '../src/options.ts'
import { parseOptions } from '../src/options.ts'
import { runHere } from './running.ts'

function optionsOf(...argv: string[]): Options {
  const request = parseOptions(argv)
  if ('help' in request) throw new Error('this is the help')
  return request.options
}

describe('options', () => {
  test('have defaults', () => {
    expect(optionsOf()).toMatchObject({ epochs: 30, batchSize: 64, hidden: [128], lr: 0.005, seed: 0, ctx: { type: 'cpu', index: 0 }, quiet: false, hiddenGiven: false })
    expect(optionsOf().load).toBeUndefined()
  })

  test('are read', () => {
    const argv = '--epochs 3 --batch-size=16 --hidden 128,64 --lr 1e-2 --seed 7 --ctx gpu(1) --out o --data d.csv --load f.params --quiet'.split(' ')
    expect(optionsOf(...argv)).toEqual({
      epochs: 3, batchSize: 16, hidden: [128, 64], lr: 0.01, seed: 7, ctx: { type: 'gpu', index: 1 }, out: 'o', data: 'd.csv', load: 'f.params', quiet: true, hiddenGiven: true,
    })
    expect(optionsOf('--ctx', 'gpujs-cpu').ctx).toEqual({ type: 'gpujs-cpu', index: 0 })
  })

  test('--help lists all of them, with defaults and an example', async () => {
    const { code, out, err } = await runHere(['--help'])
    expect([code, err]).toEqual([0, ''])
    for (const name of ['epochs', 'batch-size', 'hidden', 'lr', 'seed', 'ctx', 'out', 'data', 'load', 'quiet', 'help']) expect(out).toContain(`  --${name} `)
    expect(out).toMatch(/--epochs.*default: 30/)
    for (const type of ['cpu', 'gpu', 'tfjs-cpu', 'tfjs-wasm', 'gpujs-cpu', 'gpujs-webasm']) expect(out).toMatch(new RegExp(`^  ${type}  .*\\w`, 'm'))
    expect(out).toContain('Example:')
  })

  test.each([
    [['--epochs', 'many'], 'whole number from 1'],
    [['--epochs', '0'], 'whole number from 1'],
    [['--epochs', '2.5'], 'whole number from 1'],
    [['--epochs'], 'argument missing'],
    [['--batch-size', '-1'], 'whole number from 1'],
    [['--hidden', '128,'], 'such as 128 or 128,64'],
    [['--hidden', '0'], 'such as 128 or 128,64'],
    [['--hidden', '99999999999'], 'such as 128 or 128,64'],
    [['--lr', '0'], 'a number above 0'],
    [['--lr=-1'], 'a number above 0'],
    [['--lr', 'NaN'], 'a number above 0'],
    [['--seed', '-1'], 'whole number from 0'],
    [['--ctx', 'GPU!'], 'cpu, gpu or gpu(1)'],
    [['--ctx', 'cuda'], '--help lists the types'],
    [['--out', ''], 'Expected a name'],
    [['--epoch', '3'], 'Did you mean --epochs?'],
    [['12'], 'too many arguments'],
  ])('%j is refused in one line', async (argv, words) => {
    const { code, out, err } = await runHere(argv)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(/^digits: .*\n$/)
    expect(err).toContain(words)
  })
})
