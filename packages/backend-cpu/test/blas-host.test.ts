import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { blasHost as browserHost } from '../src/blas/host.browser.ts'
import { blasHost, findLibraries } from '../src/blas/host.node.ts'
import { ACCELERATE } from '../src/blas/names.ts'
import { selectBlas } from '../src/blas/select.ts'
import { readVerdict, writeVerdict } from '../src/blas/verdicts.ts'
import { engine } from '../src/wasm/engine.ts'

// The temporary folder is asked for at each use, so the tests give it one of their own.
let folder: string
const before = { ...process.env }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ashlar-verdicts-'))
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder
})
afterEach(() => {
  for (const name of ['TMPDIR', 'TMP', 'TEMP', 'ASHLAR_BLAS']) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
  rmSync(folder, { recursive: true })
})

const verdicts = (): string => join(folder, `ashlar-blas-${process.getuid?.() ?? 'user'}.json`)

it('looks in the folders of the environment first, and knows what macOS brings', () => {
  mkdirSync(join(folder, 'lib'))
  writeFileSync(join(folder, 'lib', 'libopenblas.so.0'), '')
  writeFileSync(join(folder, 'lib', 'libblas.so.3'), '') // may be the slow reference
  const path = ['', '/nowhere', join(folder, 'lib')].join(delimiter)
  expect(findLibraries('linux', { LD_LIBRARY_PATH: path })[0]).toBe(join(folder, 'lib', 'libopenblas.so.0'))
  expect(findLibraries('linux', { LD_LIBRARY_PATH: path }).filter(name => name.endsWith('libblas.so.3'))).toEqual([])
  expect(findLibraries('darwin', {})[0]).toBe(ACCELERATE)
  expect(findLibraries('aix', {})).toEqual([])
})

it('tries a library in another process, and leaves the verdict for the next one only if it is final', context => {
  const host = blasHost()
  if (host.obstacle !== null) return context.skip(host.obstacle)
  const path = join(folder, 'libopenblas.so')
  writeFileSync(path, 'no library at all')
  expect(host.trial(path)).toMatch(/^it does not load \(/)
  expect(host.trial(join(folder, 'missing.so'))).toMatch(/^it does not load \(/)
  expect(existsSync(verdicts())).toBe(false)
  expect(() => host.open(path)).toThrow()
})

it('refuses a library without products', context => {
  const host = blasHost()
  if (host.obstacle !== null) return context.skip(host.obstacle)
  const path = ['/lib/x86_64-linux-gnu/libc.so.6', '/lib/aarch64-linux-gnu/libc.so.6', '/lib64/libc.so.6'].find(file => existsSync(file))
  if (path === undefined) return context.skip('no libc at a place that we know')
  expect(host.trial(path)).toBe('it has no cblas_sgemm and cblas_dgemm')
  expect(() => host.open(path)).toThrow('it has no cblas_sgemm and cblas_dgemm')
})

it('multiplies through a real library, if there is one', context => {
  const host = blasHost()
  if (host.obstacle !== null) return context.skip(host.obstacle)
  if (host.wanted === 'off') return context.skip('ASHLAR_BLAS is off')
  if (host.wanted === undefined && host.candidates().length === 0) return context.skip('no native BLAS on this machine; ASHLAR_BLAS names one')
  const { library, report } = selectBlas(host, engine()!, 2)
  expect(report).toMatchObject({ state: 'used', problems: [] })
  expect(library!.name).not.toBe('')
  const [[key, verdict]] = Object.entries(JSON.parse(readFileSync(verdicts(), 'utf8'))) as [[string, null]]
  expect(key.startsWith(`${report.path}|`)).toBe(true)
  expect(verdict).toBe(null)
})

it('keeps verdicts in a file that only its owner can have written', context => {
  writeVerdict('kept', 'it crashed in a trial (SIGSEGV)')
  writeVerdict('fine', null)
  const text = readFileSync(verdicts(), 'utf8')
  expect(JSON.parse(text)).toEqual({ kept: 'it crashed in a trial (SIGSEGV)', fine: null })
  expect(readVerdict('fine')).toBe(null)
  writeFileSync(verdicts(), JSON.stringify({ ...JSON.parse(text), planted: null, odd: 3 }))
  expect(readVerdict('planted')).toBe(null)
  expect(readVerdict('odd')).toBe(undefined)
  writeFileSync(verdicts(), '{ broken')
  expect(readVerdict('planted')).toBe(undefined)
  if (process.getuid === undefined) return context.skip('files have no owners to check here')
  writeFileSync(verdicts(), JSON.stringify({ planted: null }))
  chmodSync(verdicts(), 0o666)
  expect(readVerdict('planted')).toBe(undefined)
})

it('has no library in a browser', () => {
  const report = selectBlas(browserHost(), engine()!, 1).report
  expect(report).toEqual({ state: 'absent', path: null, library: null, problems: [] })
})
