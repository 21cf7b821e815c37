import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advise } from '../src/doctor/advice.ts'
import { OPTIONAL } from '../src/doctor/find.ts'
import type { Findings } from '../src/doctor/find.ts'
import { print } from '../src/doctor/print.ts'

const SOURCE = fileURLToPath(new URL('../src', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ashlar-doctor-'))
  mkdirSync(join(folder, 'node_modules', 'gpu.js'), { recursive: true })
  writeFileSync(join(folder, 'node_modules', 'gpu.js', 'package.json'), '{ "name": "gpu.js", "version": "9.8.7", "exports": {} }')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the command in a process of its own, in a project that has gpu.js. */
function run(args: readonly string[], env: Record<string, string> = {}): { status: number | null; stdout: string; stderr: string } {
  const { ASHLAR_BLAS: _, ASHLAR_THREADS: __, TF_NUM_INTRAOP_THREADS: ___, ...rest } = process.env
  return spawnSync(process.execPath, ['--conditions=source', join(SOURCE, 'doctor', 'main.ts'), ...args], { cwd: folder, env: { ...rest, ...env }, encoding: 'utf8' })
}

describe('ashlar doctor', () => {
  it('prints what it found, what is used, and what would be faster', () => {
    const { status, stdout, stderr } = run(['doctor'], { ASHLAR_BLAS: 'off', ASHLAR_THREADS: '1' })
    expect([status, stderr]).toEqual([0, ''])
    for (const line of [process.version, 'gpu.js +9\\.8\\.7', 'threads +1', 'backends +cpu', 'BLAS +off, as ASHLAR_BLAS says', '    unset ASHLAR_BLAS']) expect(stdout).toMatch(new RegExp(line))
  })

  it('prints the same as JSON', () => {
    const { status, stdout } = run(['doctor', '--json'], { ASHLAR_BLAS: '/nowhere/libopenblas.so' })
    expect(status).toBe(0)
    const found = JSON.parse(stdout) as Findings & { advice: unknown[] }
    expect(found).toMatchObject({ node: process.version, backends: ['cpu'], settings: { blas: '/nowhere/libopenblas.so', threads: null, tensorflowThreads: null }, packages: { 'gpu.js': '9.8.7' } })
    expect(Object.keys(found.packages)).toEqual(OPTIONAL)
    expect(found.cpu.blas.state).not.toBe('used')
    expect(found.cpu.blas.problems.join()).toContain('/nowhere/libopenblas.so')
    expect(found.advice.length).toBeGreaterThan(0)
  })

  it('goes on where the environment asks for the impossible', () => {
    const { status, stdout } = run(['doctor'], { ASHLAR_THREADS: 'many' })
    expect(status).toBe(0)
    expect(stdout).toContain('ASHLAR_THREADS')
  })

  it.for([[['--help'], 0], [['doctor', '--help'], 0], [[], 0], [['surgeon'], 1], [['doctor', 'now'], 1], [['doctor', '--jsn'], 1]] as const)('helps with %j', ([args, expected]) => {
    const { status, stdout, stderr } = run(args)
    expect(status).toBe(expected)
    expect(expected === 0 ? stdout : stderr).toContain('Usage: ashlar doctor [options]')
    if (expected === 1) expect(stdout).toBe('')
  })
})

const BEST: Findings = {
  version: '1.2.3', node: 'v24.0.0', platform: 'linux x64', cores: 4,
  cpu: { simd: true, relaxedSimd: true, sharedMemory: true, threads: 4, blas: { state: 'used', path: '/lib/libopenblas.so.0', library: 'OpenBLAS', problems: [] } },
  settings: { blas: null, threads: null, tensorflowThreads: null }, nvidia: false, backends: ['cpu'], unbuilt: [], problems: [],
  packages: { ...Object.fromEntries(OPTIONAL.map(name => [name, null])), koffi: '3.0.0' },
  installBlas: 'sudo apt install libopenblas0',
}
const TFJS = { ...BEST.packages, '@ashlar/backend-tfjs-cuda': '1.2.3', '@tensorflow/tfjs-node-gpu': '4.22.0' }
const without = (state: 'off' | 'absent' | 'refused'): Findings['cpu'] => ({ ...BEST.cpu, blas: { state, path: null, library: null, problems: [] } })
const commands = (own: Partial<Findings>): string[] => advise({ ...BEST, ...own }).map(({ command }) => command)

describe('advice', () => {
  it.for<readonly [string, Partial<Findings>, string[]]>([
    ['nothing where all is used', {}, []],
    ['koffi first', { cpu: without('absent'), packages: { ...BEST.packages, koffi: null } }, ['npm install koffi']],
    ['then a BLAS, as this system installs one', { cpu: without('absent') }, ['sudo apt install libopenblas0']],
    ['or by its path', { cpu: without('absent'), installBlas: null }, ['ASHLAR_BLAS=/path/to/libopenblas.so.0 node program.js']],
    ['another BLAS for one that failed', { cpu: without('refused') }, ['ASHLAR_BLAS=/path/to/libopenblas.so.0 node program.js']],
    ['nothing off', { cpu: without('off') }, ['unset ASHLAR_BLAS']],
    ['all cores', { cpu: { ...BEST.cpu, threads: 2 }, settings: { ...BEST.settings, threads: '2' } }, ['unset ASHLAR_THREADS']],
    ['a Node with relaxed vectors', { cpu: { ...BEST.cpu, relaxedSimd: false } }, ['nvm install 24']],
    ['the GPU', { nvidia: true }, ['npm install --ignore-scripts @ashlar/backend-tfjs-cuda @tensorflow/tfjs-node-gpu node-api-headers && npx ashlar-tfjs-binding --gpu']],
    ['only what the GPU lacks', { nvidia: true, packages: { ...BEST.packages, '@ashlar/backend-tfjs-cuda': '1.2.3' } }, ['npm install --ignore-scripts @tensorflow/tfjs-node-gpu node-api-headers && npx ashlar-tfjs-binding --gpu']],
    ['the addon', { packages: TFJS, unbuilt: ['@tensorflow/tfjs-node-gpu'] }, ['npx ashlar-tfjs-binding --gpu']],
    ["TensorFlow's threads", { packages: TFJS }, ['TF_NUM_INTRAOP_THREADS=1 node program.js']],
    ['no threads that are set', { packages: TFJS, settings: { ...BEST.settings, tensorflowThreads: '4' } }, []],
  ])('%s', ([, own, expected]) => expect(commands(own)).toEqual(expected))

  it('is printed as a gain and its command, below the facts', () => {
    const found = { ...BEST, cpu: { ...without('refused'), blas: { ...without('refused').blas, problems: ['/lib/x is not used: it crashed in a trial (SIGSEGV)'] } } }
    const text = print(found, advise(found))
    expect(text).toContain('  koffi                      3.0.0\n')
    expect(text).toContain('  /lib/x is not used: it crashed in a trial (SIGSEGV)\n')
    expect(text.trimEnd()).toMatch(/What would make it faster\n {2}.*:\n {4}ASHLAR_BLAS=.*$/)
    expect(print(BEST, [])).toContain('Nothing that we know of would make it faster.')
    expect(print(BEST, [])).toMatch(/BLAS +OpenBLAS, \/lib\/libopenblas\.so\.0/)
  })
})

it('is loaded by its command alone', () => {
  const others = globSync('**/*.ts', { cwd: SOURCE }).filter(name => !name.startsWith('doctor'))
  expect(others.length).toBeGreaterThan(5)
  expect(others.filter(name => readFileSync(join(SOURCE, name), 'utf8').includes('doctor/'))).toEqual([])
})
