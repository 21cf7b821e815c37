import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Interrupted } from '@ashlar-examples/shared/errors'
import type { NDArray } from '@ashlar/core'
import { np, seed } from '@ashlar/core'
import { decodeEntries, encode, load, loadEntries, save, saveEntries } from '@ashlar/io'
import { Block, Dense, Sequential } from '@ashlar/nn'
import { describe, expect, test } from 'vitest'
import { patternOf, renamed, renamingOf } from '../src/names.ts'
import { runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const golden = (name: string): string => fileURLToPath(new URL(`golden/${name}`, import.meta.url))

/** Names, shapes and elements of a file. */
const held = (file: string): unknown => {
  const { names, arrays } = loadEntries(file)
  return arrays.map((x, i) => [names?.[i] ?? null, x.dtype, x.shape, [...x.toTypedArray()].map(Number)])
}

const MLP = at('mlp.params')
copyFileSync(golden('mlp.params'), MLP)

describe('list', () => {
  test('tells names, shapes, dtypes and sizes', async () => {
    const { code, out, err } = await runHere(['list', MLP])
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe(`${MLP}: MXNet .params
  hidden.weight  (256, 20)  float32  5,120
  hidden.bias    (256,)     float32    256
  output.weight  (10, 256)  float32  2,560
  output.bias    (10,)      float32     10
4 arrays, 7,946 elements, 31,784 bytes
`)
  })

  test('reads every format, several files at once, and shows what could be mistaken in quotes', async () => {
    saveEntries(at('odd.npz'), [['a b', np.ones(1)], ['\x1b[31m', np.ones(1)], ['', np.ones(1)], ['größe', np.ones(1)]])
    const files = ['x-files', 'v2-x-file', 'v2-net.params', 'dtypes.safetensors', 'checkpoint.pt'].map(golden)
    const { code, out } = await runHere(['list', ...files, at('odd.npz')])
    expect(code).toBe(0)
    expect(out.split('\n\n').map(text => /: (.*)/.exec(text)![1])).toEqual(['MXNet .params', 'NumPy .npy', 'NumPy .npz', 'safetensors', 'PyTorch', 'NumPy .npz'])
    expect(out).toContain('  [1]  (4,)  float32  4\n')
    expect(out).toContain('  format = "np"\n')
    expect(out).toContain('  optimizer.state.0.momentum  (1,)    float32  1\n')
    expect(out).toContain('  "a b"         (1,)  float32  1\n  "\\u001b[31m"  (1,)  float32  1\n  ""            (1,)  float32  1\n  größe         (1,)  float32  1\n')
  })
})

describe('convert', () => {
  test('takes a network from format to format, and back to the same bytes', async () => {
    const steps = ['a.npz', 'b.safetensors', 'c.params']
    let from = MLP
    for (const step of steps) {
      const { code, out, err } = await runHere(['convert', from, at(step)])
      expect([code, out, err]).toEqual([0, `${at(step)}: 4 arrays, from ${from}\n`, ''])
      from = at(step)
    }
    expect(readFileSync(at('c.params')).equals(readFileSync(MLP))).toBe(true)
  })

  test('the files are those of networks: saveParameters and loadParameters go by the extension and the content', async () => {
    const build = (): Sequential => new Sequential(new Dense(4, { activation: 'relu' }), new Dense(2)) as unknown as Sequential
    seed(0)
    const net = build()
    net.initialize()
    const x = np.random.uniform({ size: [3, 5] })
    const y = net(x).tolist()
    for (const [extension, mark] of [['params', 0x12], ['npz', 0x50], ['safetensors', 0x00]] as const) {
      const file = at(`net.${extension}`)
      net.saveParameters(file)
      if (extension !== 'safetensors') expect(readFileSync(file)[0]).toBe(mark)
      else expect(readFileSync(file)[8]).toBe(0x7b)
      await runHere(['convert', file, at(`from-${extension}.npz`), '--compress'])
      for (const each of [file, at(`from-${extension}.npz`)]) {
        const clone = build()
        clone.loadParameters(each)
        expect(clone(x).tolist()).toEqual(y)
      }
    }
  })

  test('C-4.4: Linear.weight is Dense.weight, and names are the same, so a state dict loads as it is', async () => {
    class MLP extends Block {
      hidden = new Dense(2)
      output = new Dense(1, { useBias: false })
      override forward(x: NDArray): NDArray {
        return this.output(this.hidden(x))
      }
    }
    const net = new MLP()
    net.loadParameters(golden('mlp.pt'), { ignoreExtra: true, castDtype: true })
    // By hand: [0 1 2; 3 4 5] [1 1 1] + [0.5 -0.5] = [3.5 11.5], and [1 2] of that is 26.5.
    expect(net(np.ones([1, 3])).tolist()).toEqual([[26.5]])
    await runHere(['convert', golden('mlp.pt'), at('linear.params'), '--only', '*.weight', '--only', '*.bias', '--dtype', 'float32'])
    const again = new MLP()
    again.loadParameters(at('linear.params'))
    expect(again(np.ones([1, 3])).tolist()).toEqual([[26.5]])
  })

  test('renames, selects and casts what a checkpoint of PyTorch holds', async () => {
    const { code, out } = await runHere(['convert', golden('checkpoint.pt'), at('torch.params'), '--only', 'model.*', '--rename', 'model.hidden.*=0.*', '--rename', 'model.*=*', '--dtype', 'float16'])
    expect([code, out]).toEqual([0, `${at('torch.params')}: 4 arrays, from ${golden('checkpoint.pt')}\n`])
    expect(held(at('torch.params'))).toEqual([
      ['0.weight', 'float16', [2, 3], [0, 1, 2, 3, 4, 5]], ['0.bias', 'float16', [2], [0.5, -0.5]], ['output.weight', 'float16', [1, 2], [1, 2]], ['steps', 'int64', [], [7]],
    ])
  })

  test('bfloat16 goes both ways', async () => {
    save(at('half.npz'), { x: np.array([1, -2.5]), n: np.array([1, 2], { dtype: 'int32' }) })
    await runHere(['convert', at('half.npz'), at('half.safetensors'), '--dtype', 'bfloat16'])
    expect(loadEntries(at('half.safetensors')).arrays.map(x => x.dtype)).toEqual(['bfloat16', 'int32'])
    await runHere(['convert', at('half.safetensors'), at('whole.npz'), '--dtype', 'float32'])
    expect(held(at('whole.npz'))).toEqual([['x', 'float32', [2], [1, -2.5]], ['n', 'int32', [2], [1, 2]]])
  })

  test('one array to .npy, and lists into formats that name their arrays', async () => {
    await runHere(['convert', MLP, at('bias.npy'), '--only', 'output.bias'])
    expect(load(at('bias.npy')).shape).toEqual([10])
    await runHere(['convert', golden('x-files'), at('list.npz')])
    await runHere(['convert', golden('x-files'), at('list.safetensors')])
    await runHere(['convert', golden('x-files'), at('list')])
    expect([at('list.npz'), at('list.safetensors'), at('list')].map(file => loadEntries(file).names)).toEqual([['arr_0', 'arr_1'], ['arr_0', 'arr_1'], null])
  })

  test('metadata stays, and is added to', async () => {
    await runHere(['convert', golden('dtypes.safetensors'), at('more.safetensors'), '--metadata', 'format=pt', '--metadata', 'note=a=b'])
    expect(loadEntries(at('more.safetensors')).metadata).toEqual({ format: 'pt', note: 'a=b' })
    expect((await runHere(['convert', at('more.safetensors'), at('less.npz')])).code).toBe(0)
  })

  test('a file that is there stays, unless --force says otherwise', async () => {
    writeFileSync(at('there.npz'), 'precious')
    const { code, err } = await runHere(['convert', MLP, at('there.npz')])
    expect([code, err]).toEqual([1, `parameter-files: '${at('there.npz')}' is there already; --force replaces it\n`])
    expect(readFileSync(at('there.npz'), 'utf8')).toBe('precious')
    expect((await runHere(['convert', MLP, at('there.npz'), '--force'])).code).toBe(0)
    expect(loadEntries(at('there.npz')).names).toHaveLength(4)
  })

  test('after Ctrl-C nothing is written', async () => {
    const before = readdirSync(folder)
    const { code, err } = await runHere(['convert', MLP, at('stopped.npz')], { signal: AbortSignal.abort(new Interrupted('SIGINT')) })
    expect([code, err]).toEqual([130, 'parameter-files: stopped by Ctrl-C; nothing was written\n'])
    expect(readdirSync(folder)).toEqual(before)
  })
})

describe('progress', () => {
  test('a bar for large files on a terminal, nothing for small ones and elsewhere', async () => {
    save(at('large.npz'), { x: np.zeros([2 ** 21 + 1000]) })
    const { code, drawn, out } = await runHere(['convert', at('large.npz'), at('large.params')], { live: true })
    expect([code, out]).toEqual([0, `${at('large.params')}: 1 array, from ${at('large.npz')}\n`])
    expect(drawn).toMatch(/reading .*░.* 0 % of 8 MB/)
    expect(drawn).toContain('█')
    expect((await runHere(['list', at('large.npz')])).drawn).toBe('')
    expect((await runHere(['list', MLP], { live: true })).drawn).toBe('')
  })
})

describe('what goes wrong', () => {
  writeFileSync(at('empty'), '')
  writeFileSync(at('text.npz'), 'this is no archive')
  writeFileSync(at('cut.npz'), encode('npz', { x: np.ones(100) }).subarray(0, 200))
  writeFileSync(at('cut.params'), readFileSync(MLP).subarray(0, 1000))
  writeFileSync(at('packed.npz'), encode('npz', { x: np.zeros(100_000) }, { compress: true }))

  test.each<[number, string[], string]>([
    [1, ['list', at('none')], `cannot read '${at('none')}': there is no such file or folder`],
    [1, ['list', folder], `cannot read '${folder}': it is a folder`],
    [1, ['list', at('empty')], `Invalid NDArray file format: '${at('empty')}' is empty (at byte 0)`],
    [1, ['list', at('text.npz')], 'does not start with the mark of a parameter file (at byte 0)'],
    [1, ['list', at('cut.npz')], 'is cut short'],
    [1, ['list', at('cut.params')], 'ends where 20480 bytes of array 0\'s data'],
    [1, ['list', golden('code.pt')], 'which is not among the few names that a state dict needs'],
    [1, ['list', golden('csr')], 'is a sparse array (csr)'],
    [1, ['list', at('packed.npz'), '--max-bytes', '1000'], 'where you trust it, allow more by --max-bytes'],
    [1, ['convert', at('none'), at('out.npz')], 'there is no such file or folder'],
    [1, ['convert', at('cut.npz'), at('out.npz')], 'is cut short'],
    [1, ['convert', MLP, at('out.pt')], 'asks for a PyTorch file, which can be read, not written'],
    [1, ['convert', MLP, at('no/where/out.npz')], `cannot write '${at('no/where/out.npz')}'`],
    [1, ['convert', MLP, at('out.npy')], 'an .npy file holds one array, and these are 4; --only picks one'],
    [1, ['convert', MLP, at('out.npz'), '--only', 'weight'], `is called weight; list shows the names`],
    [1, ['convert', MLP, at('out.npz'), '--rename', 'x=y'], `is called x; list shows the names`],
    [1, ['convert', MLP, at('out.npz'), '--rename', '*.weight=w'], 'two arrays would be called w'],
    [1, ['convert', golden('x-files'), at('out.npz'), '--only', 'x'], 'have no names that --only and --rename could mean'],
    [1, ['convert', MLP, at('out.npz'), '--metadata', 'a=b'], `'npz' files have no metadata`],
    [1, ['convert', MLP, at('out.params'), '--compress'], `'params' files are not compressed`],
    [2, ['frobnicate'], `unknown command 'frobnicate'`],
    [2, ['list'], `missing required argument 'files'`],
    [2, ['convert', MLP], `missing required argument 'out'`],
    [2, ['convert', MLP, at('out.npz'), 'more'], 'too many arguments'],
    [2, ['convert', MLP, at('out.npz'), '--dtype', 'int8'], 'Allowed choices are float32, float64, float16, bfloat16'],
    [2, ['convert', MLP, at('out.npz'), '--rename', 'x'], 'two with = between them'],
    [2, ['convert', MLP, at('out.npz'), '--rename', 'x=*'], 'one * at most'],
    [2, ['convert', MLP, at('out.npz'), '--only', '*x*'], 'one * at most'],
    [2, ['convert', MLP, at('out.npz'), '--metadata', 'a'], 'Expected a name and a text'],
    [2, ['list', MLP, '--max-bytes', 'much'], 'Expected a whole number of bytes'],
    [2, ['list', MLP, '--renam', 'a=b'], 'unknown option'],
  ])('exit code %d for %j', async (expected, argv, words) => {
    const { code, out, err } = await runHere(argv)
    expect(out).toBe('')
    expect(err).toMatch(/^parameter-files: .*\n$/)
    expect(err).toContain(words)
    expect(err).not.toContain('mistake in the program')
    expect(code).toBe(expected)
    expect(readdirSync(folder).filter(name => name.startsWith('out') || name.includes('.tmp'))).toEqual([])
  })
})

test('names', () => {
  const rename = (name: string, ...texts: string[]): string => renamed(name, texts.map(text => renamingOf(text)!))
  expect(rename('net.0.weight', 'net.*=*')).toBe('0.weight')
  expect(rename('0.weight', '*.weight=w.*')).toBe('w.0')
  expect(rename('a', 'a=$&', 'a=b')).toBe('$&')
  expect(rename('a', '*=$1*')).toBe('$1a')
  expect(rename('a', 'b=c')).toBe('a')
  expect(['a*b', 'aba', 'ab', 'a'].map(name => patternOf('a*b')!.match(name))).toEqual(['*', null, '', null])
  expect(patternOf('aXa')!.match('aXa')).toBe('')
  expect(patternOf('ab*ba')!.match('aba')).toBeNull()
  for (const text of ['a', 'a=b=c', '=b', '**=a', 'a=*', 'a*=**']) expect(renamingOf(text)).toBeNull()
})

test('in a process of its own: help, output, exit codes', async () => {
  const help = await runProcess(['--help'])
  expect([help.code, help.err]).toEqual([0, ''])
  for (const word of ['list', 'convert', '.safetensors', 'Examples:']) expect(help.out).toContain(word)
  const options = await runProcess(['convert', '--help'])
  for (const word of ['--rename', '--only', '--dtype', '--metadata', '--compress', '--force', '--max-bytes']) expect(options.out).toContain(word)
  expect(await runProcess(['list', MLP])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('4 arrays, 7,946 elements') })
  expect(await runProcess(['list', at('none')])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^parameter-files: cannot read .*\n$/) })
  expect(await runProcess(['frob'])).toMatchObject({ code: 2, out: '' })
  expect(existsSync(at('out.npz'))).toBe(false)
  expect(decodeEntries(readFileSync(MLP)).format).toBe('params')
})
