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
  test('have defaults, those of the model', () => {
    expect(optionsOf()).toEqual({ model: 'digits', ctx: { type: 'gpu', index: 0 }, binding: undefined, batch: 64, steps: 690, hidden: [128], lr: 0.005, seed: 0, json: false })
    expect(optionsOf('--model', 'mlp')).toMatchObject({ batch: 1024, steps: 100, hidden: [2048, 2048], lr: 0.001 })
    expect(optionsOf('--model', 'cnn')).toMatchObject({ batch: 256, steps: 100, hidden: [512], lr: 0.001 })
  })

  test('are read', () => {
    const argv = '--model cnn --ctx tfjs-cpu(0) --binding tfjs-node --batch 8 --steps 3 --hidden 64,32 --lr 1e-2 --seed 7 --json'.split(' ')
    expect(optionsOf(...argv)).toEqual({ model: 'cnn', ctx: { type: 'tfjs-cpu', index: 0 }, binding: 'tfjs-node', batch: 8, steps: 3, hidden: [64, 32], lr: 0.01, seed: 7, json: true })
    // It makes one type of device only.
    expect(optionsOf('--binding', 'tfjs-node').ctx.type).toBe('tfjs-cpu')
    expect(optionsOf('--binding', 'tfjs-node-gpu').ctx.type).toBe('gpu')
  })

  test('--help lists all of them, the networks, the devices and an example', async () => {
    const { code, out, err } = await runHere(['--help'])
    expect([code, err]).toEqual([0, ''])
    for (const name of ['model', 'ctx', 'binding', 'batch', 'steps', 'hidden', 'lr', 'seed', 'json', 'help']) expect(out).toContain(`  --${name} `)
    for (const name of ['digits', 'mlp', 'cnn', 'gpu', 'cpu', 'tfjs-cpu', 'tfjs-wasm']) expect(out).toMatch(new RegExp(`^  ${name}  .*\\w`, 'm'))
    expect(out).toContain('Example:')
  })

  test.each([
    [['--model', 'lenet'], 'Expected digits, mlp or cnn'],
    [['--ctx', 'cuda'], 'Expected one of gpu, cpu, tfjs-cpu, tfjs-wasm'],
    [['--ctx', 'GPU!'], 'Expected one of gpu'],
    [['--binding', 'tfjs'], 'Expected tfjs-node-gpu or tfjs-node'],
    [['--binding', 'tfjs-node', '--ctx', 'gpu'], '--binding tfjs-node makes no device gpu; take tfjs-node-gpu'],
    [['--binding', 'tfjs-node', '--ctx', 'cpu'], 'leave --binding out'],
    [['--batch', '0'], 'whole number from 1'],
    [['--steps', '1.5'], 'whole number from 1'],
    [['--hidden', '128,'], 'such as 128 or 2048,2048'],
    [['--lr', '0'], 'a number above 0'],
    [['--seed', '-1'], 'whole number from 0'],
    [['--step', '3'], 'Did you mean --steps?'],
    [['12'], 'too many arguments'],
  ])('%j is refused in one line', async (argv, words) => {
    const { code, out, err } = await runHere(argv)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^cuda-digits: .*\n$/)
    expect(err).toContain(words)
  })
})
