import { spawn } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { argumentsOf, canCompile, command, makePackage, temporary, tensorflowFiles, write, zip } from './stand-ins.ts'

const WITHOUT = 'compiling takes g++ on Linux x64'

let project: string
beforeEach(() => {
  project = temporary()
})
afterEach(() => rmSync(project, { recursive: true }))

const CLEAN = ['binding', 'index.js', 'package.json']

/** A wheel of TensorFlow in the project. */
function makeWheel(version = '2.99.0', own: Record<string, string | Uint8Array> = {}): string {
  write(project, { 'tf.whl': zip({ ...tensorflowFiles(version), ...own }) })
  return 'tf.whl'
}

describe('ashlar-tfjs-binding', () => {
  it('builds against a wheel, once, and undoes it', ({ skip }) => {
    if (!canCompile) return skip(WITHOUT)
    const folder = makePackage(project)
    const wheel = makeWheel('2.99.0', { 'tensorflow/../../../escaped.h': 'x', 'tensorflow/include/tensorflow/c/../../../../../escaped.h': 'x', '/escaped.h': 'x' })
    const built = command(project, ['--wheel', wheel])
    expect(built).toMatchObject({ status: 0, stderr: 'unpacking tensorflow-cpu 2.99.0 …\ncompiling the addon, some 20 s …\nloading it …\n' })
    expect(built.stdout).toMatch(/^Built the addon of @tensorflow\/tfjs-node against tensorflow-cpu 2\.99\.0\n/)
    for (const line of [/TensorFlow +2\.99\.0\n/, /computes on +the CPU\n/, /= \[\[7,10\],\[15,22\]\]\n/]) expect(built.stdout).toMatch(line)
    expect(readdirSync(folder).sort()).toEqual([...CLEAN, 'deps', 'lib'].sort())
    const unpacked = readdirSync(join(folder, 'deps'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => name)
    expect(unpacked.sort()).toEqual(['ashlar-binding.json', 'c_api.h', 'ctstring.h', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    const before = lstatSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')).mtimeMs
    for (const args of [['--wheel', wheel], []]) expect(command(project, args)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^Up to date: built against tensorflow-cpu 2\.99\.0/) })
    expect(lstatSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')).mtimeMs).toBe(before)
    expect(command(project, ['--undo', '--dry-run']).stdout).toContain('Would remove the addon')
    expect(command(project, ['--undo'])).toMatchObject({ status: 0, stdout: expect.stringContaining('Removed the addon from') })
    expect(readdirSync(folder).sort()).toEqual(CLEAN)
    expect(command(project, ['--remove'])).toMatchObject({ status: 0, stdout: 'There is nothing to undo.\n' })
  })

  it('builds against an installed TensorFlow, again where that changed, and never touches it', ({ skip }) => {
    if (!canCompile) return skip(WITHOUT)
    const folder = makePackage(project, 'tfjs-node-gpu')
    const site = join(project, 'env', 'lib', 'python3.12', 'site-packages')
    write(site, { ...tensorflowFiles('2.98.0'), 'tensorflow_estimator-2.15.0.dist-info/x': '' })
    const built = command(project, ['--gpu', '--tensorflow', 'env'], { STAND_IN_GPU: '1' })
    expect(built.status, built.stderr).toBe(0)
    expect(built.stderr).toContain('tensorflow-cpu computes on the CPU only')
    expect(built.stdout).toMatch(/against tensorflow-cpu 2\.98\.0\n[^]*computes on +a GPU, gpu\(0\)/)
    expect(lstatSync(join(folder, 'deps', 'lib')).isSymbolicLink()).toBe(true)
    expect(command(project, ['--gpu', '--tensorflow', join(site, 'tensorflow')]).stdout).toContain('Up to date')
    write(site, tensorflowFiles('2.98.11'))
    expect(command(project, ['--gpu', '--check']).stdout).toContain('not built here')
    expect(command(project, ['--gpu', '--tensorflow', site]).stdout).toMatch(/^Built[^]*TensorFlow +2\.98\.11\n/)
    expect(command(project, ['--gpu', '--undo']).status).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(CLEAN)
    expect(existsSync(join(site, 'tensorflow', 'libtensorflow_cc.so.2'))).toBe(true)
  })

  it('asks python3, and says what it would do', ({ skip }) => {
    if (!canCompile) return skip(WITHOUT)
    const folder = makePackage(project)
    write(project, tensorflowFiles('2.97.0'))
    write(project, { 'snake/python3': `#!/bin/sh\necho '${join(project, 'tensorflow')}'\n` })
    chmodSync(join(project, 'snake', 'python3'), 0o755)
    const { status, stdout } = command(project, ['--dry-run'], { PATH: `${join(project, 'snake')}:${process.env['PATH']}` })
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Would build in .*\nagainst tensorflow-cpu 2\.97\.0, .*\nby g\+\+ .*-o lib\/napi-v8\/tfjs_binding\.node\n$/)])
    expect(readdirSync(folder).sort()).toEqual(CLEAN)
  })

  it('keeps the stock addon, and brings it back', ({ skip }) => {
    if (!canCompile) return skip(WITHOUT)
    const folder = makePackage(project)
    const stock = { 'lib/napi-v8/tfjs_binding.node': 'stock', 'deps/lib/libtensorflow.so.2': 'stock' }
    write(folder, stock)
    expect(command(project, ['--wheel', makeWheel()]).status).toBe(0)
    expect(command(project, ['--wheel', makeWheel('2.99.1')]).stdout).toContain('2.99.1')
    expect(readdirSync(folder).sort()).toEqual([...CLEAN, 'deps', 'deps.before-ashlar', 'lib', 'lib.before-ashlar'].sort())
    expect(command(project, ['--undo']).status).toBe(0)
    expect(readdirSync(folder).sort()).toEqual([...CLEAN, 'deps', 'lib'].sort())
    for (const [name, content] of Object.entries(stock)) expect(readFileSync(join(folder, name), 'utf8')).toBe(content)
  })

  it('leaves what is there where the new addon does not compile or load', ({ skip }) => {
    if (!canCompile) return skip(WITHOUT)
    const folder = makePackage(project)
    expect(command(project, ['--wheel', makeWheel()]).status).toBe(0)
    for (const [source, reason] of [['#error broken\n', /does not compile: .*error.*broken/], ['#include <node_api.h>\nint absent(); NAPI_MODULE_INIT() { absent(); return exports; }\n', /does not load: .*undefined symbol/]] as const) {
      write(folder, { 'binding/tfjs_binding.cc': source })
      const { status, stderr } = command(project, ['--wheel', makeWheel('2.99.2')])
      expect(status).toBe(1)
      expect(stderr).toMatch(reason)
      expect(readdirSync(folder).sort()).toEqual([...CLEAN, 'deps', 'lib'].sort())
      expect(command(project, ['--check']).stdout).toMatch(/TensorFlow +2\.99\.0\n/)
    }
  })

  it.for(['SIGINT', 'SIGTERM'] as const)('stops at %s without a trace', async (signal, { skip }) => {
    if (!canCompile) return skip(WITHOUT)
    const folder = makePackage(project)
    // A compiler that leaves the work to another process, and never comes to an end.
    write(project, { 'slow.sh': `#!/bin/sh\n[ "$1" = --version ] && exit 0\nsleep 600 & echo $! > '${project}/pid'; wait\n` })
    chmodSync(join(project, 'slow.sh'), 0o755)
    const child = spawn(process.execPath, argumentsOf(['--wheel', makeWheel()]), { cwd: project, env: { ...process.env, CXX: join(project, 'slow.sh') }, stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const ended = new Promise(resolve => child.on('close', resolve))
    const worker = await vi.waitFor(() => {
      const pid = Number(readFileSync(join(project, 'pid'), 'utf8'))
      expect(pid).toBeGreaterThan(0)
      return pid
    }, { timeout: 60_000, interval: 20 })
    child.kill(signal)
    expect(await ended).toBe(signal === 'SIGINT' ? 130 : 143)
    expect(stderr).toContain('stopped; nothing was changed')
    expect(readdirSync(folder).sort()).toEqual(CLEAN)
    await vi.waitFor(() => expect(() => process.kill(worker, 0)).toThrow(), { timeout: 60_000 })
  })

  it('clears what a killed run left, and nothing of one that goes on', ({ skip }) => {
    if (!canCompile) return skip(WITHOUT)
    const folder = makePackage(project)
    write(folder, { '.ashlar-binding-4194305-abc/lib/x': '', [`.ashlar-binding-${process.pid}-abc/lib/x`]: '' })
    expect(command(project, ['--wheel', makeWheel()]).status).toBe(0)
    expect(readdirSync(folder).filter(name => name.startsWith('.'))).toEqual([`.ashlar-binding-${process.pid}-abc`])
  })

  it.for<readonly [string, readonly string[], RegExp]>([
    ['the package is missing', [], /tfjs-node is not installed here\n {2}@tensorflow\/tfjs-node-gpu is: npx ashlar-tfjs-binding --gpu\n {2}npm install --ignore-scripts @tensorflow\/tfjs-node@4\.22\.0 node-api-headers/],
    ['no TensorFlow is there', ['--gpu'], /python3 has none\n[^]*pip install 'tensorflow\[and-cuda\]'\n[^]*--gpu --tensorflow tf\n[^]*pip download --no-deps --only-binary :all: tensorflow\n[^]*--gpu --wheel tensorflow-\*\.whl/],
    ['the folder is not there', ['--gpu', '--tensorflow', 'nowhere'], /there is no folder nowhere\n/],
    ['the folder holds something else', ['--gpu', '--tensorflow', '.'], /\. holds no libtensorflow_cc\.so\.2\n/],
    ['the wheel is not there', ['--gpu', '--wheel', 'nothing.whl'], /nothing\.whl cannot be read: ENOENT/],
    ['nothing was built', ['--gpu', '--check'], /native addon is not there[^]*build it: npx ashlar-tfjs-binding --gpu\n/],
  ])('says so where %s', ([, args, expected], { skip }) => {
    if (!canCompile) return skip(WITHOUT)
    makePackage(project, 'tfjs-node-gpu')
    const { status, stdout, stderr } = command(project, args)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(expected)
  })

  it('names the compiler that is missing', ({ skip }) => {
    if (!canCompile) return skip(WITHOUT)
    makePackage(project)
    const wheel = makeWheel()
    expect(command(project, ['--wheel', wheel], { PATH: '/nowhere' })).toMatchObject({ status: 1, stderr: expect.stringMatching(/there is no C\+\+ compiler\n {2}.*(install|pacman)/) })
    expect(command(project, ['--wheel', wheel], { CXX: 'no-such-compiler -m64' })).toMatchObject({ status: 1, stderr: expect.stringContaining('CXX names no-such-compiler -m64, which does not run') })
  })

  it.for([[['--help'], 0], [['--wheel'], 2], [['--whel', 'x'], 2], [['now'], 2], [['--wheel', 'a', '--tensorflow', 'b'], 2], [['--check', '--undo'], 2]] as const)('helps with %j', ([args, expected]) => {
    const { status, stdout, stderr } = command(project, args)
    expect(status).toBe(expected)
    expect(expected === 0 ? stdout : stderr).toContain('Usage: npx ashlar-tfjs-binding [options]')
  })
})
