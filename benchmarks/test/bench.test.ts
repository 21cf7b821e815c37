import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NAMES } from '../src/candidates.ts'
import type { Report } from '../src/report.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ashlar-bench-'))
const bench = (...args: string[]) => spawnSync(process.execPath, ['--conditions=source', MAIN, ...args], { encoding: 'utf8' })

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROWS = ['exp [2, 20]', 'train step, LeNet, [2, 1, 28, 28]']
let report: Report
let output: string
let status: number | null

beforeAll(() => {
  const [json, markdown] = [join(folder, 'results.json'), join(folder, 'page.md')]
  const child = bench('--quick', '--only', 'exp .2,|train step, LeNet', '--peers', 'tfjs wasm,jax-js wasm,gpu.js,tfjs-node', '--json', json, '--markdown', markdown)
  expect(child.stderr).toBe('')
  output = child.stdout
  status = child.status
  report = JSON.parse(readFileSync(json, 'utf8')) as Report
  expect(readFileSync(markdown, 'utf8')).toContain('| exp [2, 20] | ')
}, 180_000)

test('the table has a row for each workload and a column for each library that is there', () => {
  const [head, , ...rows] = output.split('\n')
  expect(head!.trim().split(/ {2,}/)).toEqual(Object.keys(report.versions))
  expect(rows.slice(0, 2).map(row => row.split('  ')[0])).toEqual(ROWS)
  expect(report.command).toMatch(/^npm run bench -- --quick --only 'exp \.2,\|train step, LeNet' --peers /)
  expect(rows[0]).toMatch(/^exp \[2, 20\] +\S+ [µm]?s +\S+ [µm]?s \(\S+ x\)/)
})

test('libraries agree with us, those that are missing are named, and so are kernels that one lacks', () => {
  expect(status).toBe(0)
  expect(report.versions).toMatchObject({ ashlar: expect.any(String), 'tfjs wasm': '4.22.0', 'jax-js wasm': '0.1.25', 'gpu.js': expect.stringMatching(/^2\.24\.1 \(/) })
  for (const name of Object.keys(report.absent)) expect(output).toContain(`${name} is not here: `)
  expect([...Object.keys(report.versions), ...Object.keys(report.absent)].toSorted()).toEqual(NAMES.filter(name => name !== 'tfjs cpu' && name !== 'torch').toSorted())
  expect(output).toContain("tfjs wasm: Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm' (train step, LeNet")
})

test('the JSON has a cell for each row and library: medians, ratios to ours, and every round', () => {
  expect(report.results.map(({ workload }) => workload)).toEqual(ROWS)
  for (const { workload, unit, cells, failures } of report.results) {
    expect(unit).toBe('seconds')
    expect(cells['ashlar']!.ratio, workload).toBe(1)
    for (const cell of Object.values(cells)) {
      expect(cell).toEqual({ median: expect.any(Number), ratio: expect.any(Number), rounds: [cell.median] })
      expect(cell.median).toBeGreaterThan(0)
    }
    expect(Object.keys(failures).filter(name => name in cells)).toEqual([])
  }
  // It has no gradients.
  expect(report.results[1]!.cells).not.toHaveProperty('gpu.js')
})

test('an earlier run is shown again', () => {
  const child = bench('--from', join(folder, 'results.json'))
  expect([child.status, child.stdout]).toEqual([0, output])
})

test('a wrong option is one line and exit code 2; --help and --list measure nothing', () => {
  expect(bench('--threads', 'all')).toMatchObject({ status: 2, stdout: '', stderr: '--threads takes a whole number from 1, got all\n' })
  expect(bench('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run bench') })
  expect(bench('--list').stdout.split('\n')).toContain('matmul 512 x 512, A transposed')
})
