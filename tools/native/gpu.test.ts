import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { countsOf } from './native-tests.ts'
import { findGpus } from './nvidia.ts'
import { bytesText, columns, timeText } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'ashlar-gpu-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const driver = join(folder, 'version')
const none = join(folder, 'none')

/** An environment whose nvidia-smi says that. */
function saying(script: string): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(folder, 'bin-'))
  writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { PATH: bin }
}

describe.skipIf(process.platform === 'win32')('devices', () => {
  writeFileSync(driver, 'NVRM version')

  test('are those that nvidia-smi lists, with driver and memory', () => {
    const env = saying('test "$1" = --query-gpu=name,driver_version,memory.total && echo "NVIDIA A10, 550.54, 23028 MiB" && echo "Tesla T4, 550.54, 15360 MiB"')
    expect(findGpus({ env, driver: none })).toEqual(['NVIDIA A10, driver 550.54, 23028 MiB', 'Tesla T4, driver 550.54, 15360 MiB'])
  })

  test('may be there without a name', () => {
    expect(findGpus({ env: { PATH: folder }, driver })).toEqual(['a device that nvidia-smi does not name: it is not on the path'])
    expect(findGpus({ env: saying('echo "NVIDIA-SMI has failed"; exit 9'), driver })).toEqual(['a device that nvidia-smi does not name: NVIDIA-SMI has failed'])
    expect(findGpus({ env: saying(':'), driver })).toEqual(['a device that nvidia-smi does not name: it lists no device'])
  })

  test('are not there without a driver', () => {
    expect(findGpus({ env: { PATH: folder }, driver: none })).toEqual([])
    expect(findGpus({ env: saying('exit 9'), driver: none })).toEqual([])
  })
})

test('a table has its first column to the left and the others to the right', () => {
  expect(columns([['What', 'gpu(0)'], ['a product', '1.00 ms'], ['b', '-']])).toEqual(['What        gpu(0)', '------------------', 'a product  1.00 ms', 'b                -'])
  expect([0.01234, 12.34, 999.4, 1234].map(timeText)).toEqual(['0.0123 ms', '12.3 ms', '999 ms', '1.23 s'])
  expect([4, 999, 16_640, 3_215_360, 5e9].map(bytesText)).toEqual(['4 B', '999 B', '16.6 kB', '3.22 MB', '5.00 GB'])
})

describe('what the tests came to', () => {
  const file = (statuses: readonly string[], status = 'passed', message = '') => (
    { status, message, assertionResults: statuses.map((each, i) => ({ status: each, fullName: `test ${i}`, failureMessages: each === 'failed' ? ['Error: wrong\n    at x'] : [] })) })
  const many = Array.from({ length: 100 }, () => 'passed')

  test('is what vitest reports', () => {
    expect(countsOf({ testResults: [file([...many, 'skipped']), file(['failed'], 'failed')] }, false)).toEqual({ passed: 100, failed: 1, notes: ['failed   test 0: Error: wrong', 'skipped  test 100'] })
    expect(countsOf({ testResults: [file(many)] }, true)).toEqual({ passed: 100, failed: 0, notes: [] })
  })

  test('counts a file that did not load, a run that failed otherwise, and a kit that was left out', () => {
    expect(countsOf({ testResults: [file(many), file([], 'failed', 'Cannot find x\nmore')] }, false)).toEqual({ passed: 100, failed: 1, notes: ['failed   Cannot find x'] })
    expect(countsOf({ testResults: [file(many)] }, false).failed).toBe(1)
    expect(countsOf({ testResults: [file(['passed'])] }, true).failed).toBe(1)
  })
})

describe('npm run check:gpu', () => {
  const main = fileURLToPath(new URL('gpu.ts', import.meta.url))
  const check = (...args: readonly string[]) => {
    // A path without nvidia-smi.
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', main, ...args], { encoding: 'utf8', env: { ...process.env, PATH: folder } })
    return { status, stdout, stderr }
  }

  test('says in a line that there is no device, which is an error only where one is required', ({ skip }) => {
    if (existsSync('/proc/driver/nvidia/version')) return skip('there is a device here')
    const stdout = expect.stringMatching(/^left out: .*no NVIDIA device.*\n$/)
    expect(check()).toEqual({ status: 0, stdout, stderr: '' })
    expect(check('--require')).toEqual({ status: 1, stdout, stderr: '' })
  })

  test.each([
    [['--only', 'kit,all'], '--only all: expected some of kit, examples, benchmark'],
    [['--ctx', 'cpu'], '--ctx cpu: expected gpu or tfjs-cpu'],
    [['--binding', 'tfjs-node', '--ctx', 'gpu'], '--binding tfjs-node makes no device gpu'],
    [['--binding', 'wasm'], '--binding wasm makes no device gpu'],
    [['--steps', '0'], '--steps 0: expected a whole number from 1'],
    [['--gpu'], "Unknown option '--gpu'"],
  ])('%j is refused in one line', (args, words) => {
    const { status, stdout, stderr } = check(...args)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^check:gpu: .*\n$/)
    expect(stderr).toContain(words)
  })

  test('--help lists the options', () => {
    const { status, stdout } = check('--help')
    expect(status).toBe(0)
    for (const name of ['require', 'ctx', 'binding', 'only', 'steps', 'help']) expect(stdout).toContain(`  --${name} `)
  })
})
