import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cpuBackend, device, io, np, registerBackend, unregisterBackend } from 'ashlar'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Result } from './running.ts'
import { runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()
const SHORT = ['--epochs', '4', '--hidden', '32', '--lr', '0.02']

/** The part of a run's output that names no file. */
const numbers = (out: string): string => out.split('\n').filter(line => !/^(Saved|Report)/.test(line)).join('\n')

describe('a short training', () => {
  let first: Result
  const out = join(folder, 'new', 'first')
  beforeAll(async () => {
    first = await runProcess([...SHORT, '--seed', '3', '--out', out])
  })

  test('learns to read, and its file makes a second network that reads the same', () => {
    expect(first.err).toBe('')
    expect(first.code).toBe(0)
    expect(Number(/Held back: ([\d.]+) %/.exec(first.out)![1])).toBeGreaterThan(90)
    expect(first.out).toContain('Loaded into a second network: 359 of 359 read the same, largest difference 0\n')
    expect(readdirSync(out).sort()).toEqual(['digits.html', 'digits.params'])
  })

  test('prints the same for the same seed, and something else for another one', async () => {
    const [again, other] = await Promise.all([
      runProcess([...SHORT, '--seed', '3', '--out', join(folder, 'again')]),
      runProcess([...SHORT, '--seed', '4', '--out', join(folder, 'other')]),
    ])
    expect(numbers(again.out)).toBe(numbers(first.out))
    expect(numbers(other.out)).not.toBe(numbers(first.out))
    expect(readFileSync(join(folder, 'again', 'digits.params'))).toEqual(readFileSync(join(out, 'digits.params')))
  })

  test('draws misread digits in plain characters where there is no terminal', () => {
    expect(first.out).toMatch(/read as \d/)
    expect(first.out).toMatch(/@@/)
    expect(first.out).not.toContain('\x1b')
  })

  test('can be looked at again with --load, which takes the layers from the file', async () => {
    const page = readFileSync(join(out, 'digits.html'), 'utf8')
    const again = await runHere(['--load', join(out, 'digits.params'), '--seed', '3', '--out', out])
    expect(again.err).toBe('')
    expect(again.out).toContain('64 → 32 → 10')
    const result = (text: string): string => /Held back: .*/.exec(text)![0]
    expect(result(again.out)).toBe(result(first.out))
    expect(readFileSync(join(out, 'digits.html'), 'utf8')).toBe(page)
    expect(existsSync(join(out, 'digits-evaluation.html'))).toBe(true)
  })

  test('reads the same on another device', async () => {
    registerBackend(device.simulatedGpus(1, { backend: cpuBackend() }))
    try {
      const onGpu = await runHere([...SHORT, '--seed', '3', '--ctx', 'gpu', '--out', join(folder, 'gpu')])
      expect(onGpu.err).toBe('')
      expect(numbers(onGpu.out).replace('gpu(0)', 'cpu(0)')).toBe(numbers(first.out))
    } finally {
      unregisterBackend('simulated-gpus')
    }
  })

  test('with --quiet prints the result alone', async () => {
    const { out: text } = await runHere(['--epochs', '1', '--quiet', '--out', join(folder, 'quiet')])
    expect(text).toMatch(/^Held back: .*\nReport: .*\n$/)
  })
})

describe('files that do not fit', () => {
  const weights = (...layers: [number, number][]): Record<string, ReturnType<typeof np.zeros>> =>
    Object.fromEntries(layers.flatMap(([units, from], i) => [[`${i}.weight`, np.zeros([units, from])], [`${i}.bias`, np.zeros([units])]]))

  const bad: [name: string, content: Record<string, ReturnType<typeof np.zeros>> | string, words: string, more?: string[]][] = [
    ['pixels.params', weights([8, 63], [10, 8]), '[8,63]'],
    ['middle.params', weights([8, 64], [10, 9]), '[10,9]'],
    ['classes.params', weights([8, 64], [9, 8]), 'expected (10, '],
    ['hidden.params', weights([8, 64], [10, 8]), 'of --hidden 16', ['--hidden', '16']],
    ['half.params', { '0.weight': np.zeros([8, 64]) }, 'missing'],
    ['other.params', { bias: np.zeros([3]) }, 'no parameters of this network'],
    ['nan.params', Object.fromEntries(Object.entries(weights([10, 64])).map(([name, array]) => [name, array.add(Number.NaN)])), 'a loss of NaN'],
    ['text.params', 'hello, this is no file of parameters', 'Invalid NDArray file format'],
    ['empty.params', '', 'Invalid NDArray file format'],
  ]

  test.each(bad)('%s is refused in one line, and left as it is', async (name, content, words, more = []) => {
    const file = join(folder, name)
    if (typeof content === 'string') writeFileSync(file, content)
    else io.save(file, content)
    const before = readFileSync(file)
    const { code, out, err } = await runHere(['--load', file, '--out', join(folder, 'out'), ...more])
    expect(err).toMatch(/^digits: .*\n$/)
    expect(err).toContain(name)
    expect(err).toContain(words)
    expect([code, out]).toEqual([1, ''])
    expect(readFileSync(file)).toEqual(before)
  })

  test('a cut or missing file of parameters ends the process with 1 and one line', async () => {
    const file = join(folder, 'cut.params')
    io.save(file, weights([8, 64], [10, 8]))
    writeFileSync(file, readFileSync(file).subarray(0, 900))
    for (const { code, out, err } of await Promise.all([file, join(folder, 'not-there.params')].map(each => runProcess(['--load', each])))) {
      expect(err).toMatch(/^digits: cannot use the parameters of .*\n$/)
      expect([code, out]).toEqual([1, ''])
    }
  })

  test('a place that cannot be written is refused before training', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, 'mine')
    expect(await runHere(['--out', file])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('there is a file of that name') })
    expect(await runHere(['--out', join(file, 'below')])).toMatchObject({ code: 1, out: '' })
    expect(readFileSync(file, 'utf8')).toBe('mine')
    mkdirSync(join(folder, 'taken', 'digits.params'), { recursive: true })
    expect(await runHere(['--out', join(folder, 'taken')])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is a folder') })
  })

  test('a training that fails leaves the file of an earlier one', async () => {
    const out = join(folder, 'failing')
    mkdirSync(out)
    writeFileSync(join(out, 'digits.params'), 'earlier')
    const { code, err } = await runHere(['--lr', '1e30', '--epochs', '2', '--out', out])
    expect(code).toBe(1)
    expect(err).toMatch(/^digits: the loss is .*try an --lr below.*\n$/)
    expect(readdirSync(out)).toEqual(['digits.params'])
    expect(readFileSync(join(out, 'digits.params'), 'utf8')).toBe('earlier')
  })
})
