import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  FileError, load, loadAsync, loadEntries, loadEntriesAsync, readFile, readFileAsync, save, saveAsync, saveEntries, saveEntriesAsync, writeFile,
  writeFileAsync,
} from '@ashlar/io'
import { AshlarError, np } from '@ashlar/core'
import { expect, test } from 'vitest'
import { golden, scratchFolder, thrownBy } from './support.ts'

const folder = scratchFolder()
const at = (name: string): string => join(folder, name)
const windows = process.platform === 'win32'
const root = process.getuid?.() === 0

test('S5.5-03, 04 and 05: files of exactly that name, with exactly those bytes', () => {
  const x = np.arange(4)
  const y = np.zeros(4)
  save(at('x-file'), x)
  save(at('x-files'), [x, y])
  save(at('mydict'), { x, y })
  for (const name of ['x-file', 'x-files', 'mydict']) expect(readFileSync(at(name)).equals(golden(name))).toBe(true)
  const [x2, y2] = load(at('x-files'))
  expect(`${x2!.repr()}, ${y2!.repr()}`).toBe('array([0., 1., 2., 3.]), array([0., 0., 0., 0.])')
  expect(Object.entries(load(at('mydict'))).map(([k, v]) => `${k}: ${v.repr()}`)).toEqual(['x: array([0., 1., 2., 3.])', 'y: array([0., 0., 0., 0.])'])
})

test('the asynchronous twins do the same', async () => {
  const x = np.arange(4)
  await saveAsync(at('async'), x)
  expect(readFileSync(at('async')).equals(golden('x-file'))).toBe(true)
  expect((await loadAsync(at('async')))[0]!.tolist()).toEqual([0, 1, 2, 3])
  await saveEntriesAsync(at('async-entries'), new Map([['x', x], ['y', np.zeros(4)]]))
  expect(readFileSync(at('async-entries')).equals(golden('mydict'))).toBe(true)
  expect((await loadEntriesAsync(at('async-entries'))).names).toEqual(['x', 'y'])
  await writeFileAsync(at('bytes'), Uint8Array.of(1, 2))
  expect(await readFileAsync(at('bytes'))).toEqual(Uint8Array.of(1, 2))
})

test('entries keep any order of names', () => {
  saveEntries(at('entries'), [['1', np.ones(1)], ['0', np.zeros(1)]])
  const { names, arrays } = loadEntries(at('entries'))
  expect(names).toEqual(['1', '0'])
  expect(arrays.map(x => x.item())).toEqual([1, 0])
})

test('bytes come back as they went, also none and many', () => {
  const many = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7)
  for (const bytes of [new Uint8Array(0), many, many.subarray(11, 100)]) {
    writeFile(at('raw'), bytes)
    expect(Buffer.from(readFile(at('raw'))).equals(bytes)).toBe(true)
  }
})

test('a failing write leaves the old file and nothing else', async () => {
  writeFile(at('precious'), Uint8Array.of(1, 2, 3))
  const before = readdirSync(folder)
  const failing = new Proxy(new Uint8Array(10), {})
  expect(() => writeFile(at('precious'), failing)).toThrow()
  await expect(writeFileAsync(at('precious'), failing)).rejects.toThrow()
  expect([...readFile(at('precious'))]).toEqual([1, 2, 3])
  expect(readdirSync(folder)).toEqual(before)
})

test('a full disk leaves the old file and nothing else', async ({ skip }) => {
  skip(windows, 'Windows has no /dev/full')
  const { execFileSync } = await import('node:child_process')
  const file = at('limited')
  writeFile(file, Uint8Array.of(1, 2, 3))
  const before = readdirSync(folder)
  // A limit on the size of files stands for the full disk: the write stops half-way with EFBIG.
  const code = `import { writeFile, writeFileAsync } from '@ashlar/io'
    process.on('SIGXFSZ', () => {})
    const [file] = process.argv.slice(-1)
    const tell = error => console.log(error.name, error.code, error.file === file)
    try { writeFile(file, new Uint8Array(1 << 22)) } catch (error) { tell(error) }
    await writeFileAsync(file, new Uint8Array(1 << 22)).catch(tell)`
  const command = `ulimit -f 1; exec "$0" --conditions=source --experimental-strip-types --no-warnings --input-type=module -e "$1" -- "$2"`
  const output = execFileSync('sh', ['-c', command, process.execPath, code, file], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
  })
  expect(output).toBe('FileError ERR_FILE true\nFileError ERR_FILE true\n')
  expect([...readFile(file)]).toEqual([1, 2, 3])
  expect(readdirSync(folder)).toEqual(before)
})

test('an error names the file, and what is wrong with it', async () => {
  mkdirSync(at('folder'))
  const rows: [() => unknown, () => Promise<unknown>, string, string][] = [
    [() => load(at('none')), () => loadAsync(at('none')), 'ERR_FILE_NOT_FOUND', `cannot read '${at('none')}': there is no such file or folder`],
    [() => load(at('folder')), () => loadAsync(at('folder')), 'ERR_FILE_IS_DIRECTORY', `cannot read '${at('folder')}': it is a folder`],
    [() => save(at('folder'), []), () => saveAsync(at('folder'), []), 'ERR_FILE_IS_DIRECTORY', `cannot write '${at('folder')}': it is a folder`],
    [() => save(at('none/x'), []), () => saveAsync(at('none/x'), []), 'ERR_FILE_NOT_FOUND', `cannot write '${at('none/x')}': there is no such file or folder`],
    [() => load('a\0b'), () => loadAsync('a\0b'), 'ERR_FILE', `cannot read 'a\0b': `],
  ]
  for (const [fn, later, code, message] of rows) {
    for (const error of [thrownBy(fn), await later().catch((e: unknown) => e)]) {
      expect(error).toBeInstanceOf(FileError)
      expect(error).toBeInstanceOf(AshlarError)
      expect(error).toMatchObject({ code, name: 'FileError' })
      expect((error as Error).message).toContain(message)
      expect((error as Error).cause).toBeInstanceOf(Error)
    }
  }
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
})

test('a write-protected file is refused, though its folder is open', ({ skip }) => {
  skip(windows || root, 'nothing is protected from root, nor in this way on Windows')
  writeFile(at('protected'), Uint8Array.of(1))
  chmodSync(at('protected'), 0o444)
  expect(thrownBy(() => writeFile(at('protected'), Uint8Array.of(2)))).toMatchObject({ code: 'ERR_FILE_PERMISSION' })
  chmodSync(at('protected'), 0o000)
  expect(thrownBy(() => readFile(at('protected')))).toMatchObject({ code: 'ERR_FILE_PERMISSION' })
})

test('permissions and symbolic links stay', async ({ skip }) => {
  skip(windows, 'Windows has neither in this form')
  writeFileSync(at('private'), 'old', { mode: 0o600 })
  symlinkSync(at('private'), at('link'))
  for (const write of [async (file: string, bytes: Uint8Array) => writeFile(file, bytes), writeFileAsync]) {
    await write(at('link'), Uint8Array.of(9))
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
    expect([...readFile(at('private'))]).toEqual([9])
    expect(statSync(at('private')).mode & 0o777).toBe(0o600)
  }
})

test('a device is written to, not replaced', async ({ skip }) => {
  skip(!existsSync('/dev/null'), 'there is no /dev/null here')
  writeFile('/dev/null', Uint8Array.of(1))
  await writeFileAsync('/dev/null', Uint8Array.of(1))
  expect(statSync('/dev/null').isFile()).toBe(false)
  expect(readFile('/dev/null').length).toBe(0)
  expect((await readFileAsync('/dev/null')).length).toBe(0)
  expect(realpathSync('/dev/null')).toBe('/dev/null')
})

test('two writers at once: one of them wins, whole', async () => {
  const versions = Array.from({ length: 8 }, (_, i) => new Uint8Array(200_000).fill(i))
  await Promise.all(versions.map(bytes => writeFileAsync(at('raced'), bytes)))
  const bytes = readFile(at('raced'))
  expect(bytes.length).toBe(200_000)
  expect(bytes.every(byte => byte === bytes[0])).toBe(true)
})
