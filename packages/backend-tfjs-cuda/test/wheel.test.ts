import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkMachine } from '../src/binding/machine.ts'
import type { Machine } from '../src/binding/machine.ts'
import { isNeeded, readWheel, unpackWheel } from '../src/binding/wheel.ts'
import { temporary, write, zip } from './stand-ins.ts'

let folder: string
beforeEach(() => {
  folder = temporary()
})
afterEach(() => rmSync(folder, { recursive: true }))

const CC = 'tensorflow/libtensorflow_cc.so.2'
const INFO = 'tensorflow_cpu-2.21.0.dist-info/WHEEL'
const FILES: Record<string, string> = {
  [CC]: 'machine code '.repeat(100),
  'tensorflow/libtensorflow_framework.so.2': '',
  'tensorflow/include/tensorflow/c/c_api.h': '// C',
  [INFO]: 'Tag: cp311-cp311-manylinux_2_27_x86_64\n',
}
const without = (name: string): Record<string, string> => Object.fromEntries(Object.entries(FILES).filter(([key]) => key !== name))
const spoilt = (at: number, value: number): Buffer => zip(FILES, (name, record) => void (name === CC && record.writeUInt32LE(value, at)))

describe('a wheel', () => {
  it.for<readonly [string, Buffer, RegExp]>([
    ['is cut short', zip(FILES).subarray(0, -30), /not a whole wheel/],
    ['is empty', Buffer.alloc(0), /not a whole wheel/],
    ['is something else', Buffer.from('<html>'.repeat(100)), /not a whole wheel/],
    ['has a directory of nonsense', zip(FILES, (_, record) => record.fill(7, 0, 4)), /not a whole wheel/],
    ['is no wheel', zip({ 'a.txt': 'a' }), /w\.whl is no wheel/],
    ['is of another package', zip({ 'numpy-2.3.0.dist-info/WHEEL': FILES[INFO]! }), /numpy 2\.3\.0 holds no libtensorflow_cc\.so\.2/],
    ['is for another machine', zip({ ...FILES, [INFO]: 'Tag: cp311-cp311-manylinux_2_27_aarch64\n' }), /w\.whl is for cp311-cp311-manylinux_2_27_aarch64/],
    ['has no headers', zip(without('tensorflow/include/tensorflow/c/c_api.h')), /without the headers/],
    ['is locked', zip(FILES, (name, record) => void (name === CC && record.writeUInt16LE(1, 8))), /not a whole wheel/],
    ['would fill the disk', spoilt(24, 0xffff_fff0), /unpacked/],
    ['has another sum', spoilt(16, 1), /unpacked/],
    ['has more than it says', spoilt(24, 20), /unpacked/],
    ['has less than it says', spoilt(24, 2000), /unpacked/],
    ['ends early', spoilt(20, 8), /unpacked/],
    ['points outside', spoilt(42, 0x7fff_ffff), /unpacked/],
  ])('that %s is refused', async ([, bytes, reason]) => {
    write(folder, { 'w.whl': bytes })
    const unpack = async (): Promise<void> => unpackWheel(await readWheel(join(folder, 'w.whl')), join(folder, 'out'), new AbortController().signal, () => {})
    // What only shows on the way is no whole wheel either.
    await expect(unpack()).rejects.toThrow(reason.source === 'unpacked' ? /not a whole wheel/ : reason)
  })

  it('says what it is before it is unpacked, and what comes while it is', async () => {
    write(folder, { 'w.whl': zip(FILES) })
    const wheel = await readWheel(join(folder, 'w.whl'))
    expect(wheel).toMatchObject({ name: 'tensorflow-cpu', version: '2.21.0', size: 1304 })
    const seen: number[] = []
    await unpackWheel(wheel, join(folder, 'out'), new AbortController().signal, bytes => seen.push(bytes))
    expect(seen.at(-1)).toBe(1304)
    expect(readdirSync(join(folder, 'out', 'lib')).sort()).toEqual(['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
  })

  it.for<readonly [string, boolean]>([
    [CC, true],
    ['tensorflow/include/tensorflow/c/eager/c_api.h', true],
    ['tensorflow/include/tsl/platform/ctstring_internal.h', true],
    ['tensorflow/include/xla/tsl/c/tsl_status.h', true],
    ['tensorflow/include/tsl/platform/env.h', false],
    ['tensorflow/include/tensorflow/cc/ops.h', false],
    ['tensorflow/include/tensorflow/c/../../x.h', false],
    ['tensorflow/include/tensorflow/c/.hidden.h', false],
    ['tensorflow/include/tensorflow/c/a\\..\\x.h', false],
    ['tensorflow/include/tensorflow/c/x.so', false],
    ['../tensorflow/libtensorflow_cc.so.2', false],
    ['/tensorflow/libtensorflow_cc.so.2', false],
  ])('gives %s: %s', ([name, needed]) => expect(isNeeded(name)).toBe(needed))
})

it.for<readonly [Machine, RegExp | undefined]>([
  [{ platform: 'linux', arch: 'x64', glibc: '2.27' }, undefined],
  [{ platform: 'linux', arch: 'x64', glibc: '3.0' }, undefined],
  [{ platform: 'linux', arch: 'x64', glibc: '2.17' }, /this one has 2\.17/],
  [{ platform: 'linux', arch: 'x64' }, /musl/],
  [{ platform: 'linux', arch: 'arm64', glibc: '2.36' }, /this is linux arm64/],
  [{ platform: 'darwin', arch: 'arm64' }, /Linux x64 with glibc 2\.27 or later; this is darwin arm64/],
  [{ platform: 'win32', arch: 'x64' }, /this is win32 x64/],
])('the addon is built for %j or refused', ([machine, reason]) => {
  const run = (): void => checkMachine(machine)
  if (reason === undefined) run()
  else expect(run).toThrow(reason)
})
