import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import zlib from 'node:zlib'

/** Small things in place of tfjs-node and TensorFlow, with real compilers and files: what the command does with them is what it does. */

const MAIN = fileURLToPath(new URL('../src/binding/main.ts', import.meta.url))

/** Whether the command's addon can be compiled here. */
export const canCompile: boolean = process.platform === 'linux' && process.arch === 'x64' && spawnSync('g++', ['--version']).status === 0

export const temporary = (): string => mkdtempSync(join(tmpdir(), 'ashlar-binding-'))

export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export const argumentsOf = (args: readonly string[]): string[] => ['--conditions=source', MAIN, ...args]

/** Runs the command in a project. `PATH` has a python3 without TensorFlow first, unless told otherwise. */
export function command(project: string, args: readonly string[], env: Record<string, string> = {}): Ran {
  write(project, { 'bin/python3': '#!/bin/sh\necho\n' })
  const python = join(project, 'bin')
  execFileSync('chmod', ['+x', join(python, 'python3')])
  write(project, { 'bin/python': '' })
  return spawnSync(process.execPath, argumentsOf(args), { cwd: project, env: { ...process.env, PATH: `${python}:${process.env['PATH']}`, ...env }, encoding: 'utf8' })
}

const INDEX = `
const { existsSync } = require('fs')
const addon = require('path').join(__dirname, 'lib/napi-v8/tfjs_binding.node')
if (!existsSync(addon)) throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: ' + addon)
const binding = require(addon)
exports.getBackend = () => 'tensorflow'
exports.backend = () => ({ isUsingGpuDevice: process.env.STAND_IN_GPU === '1', binding })
exports.tensor2d = values => values
exports.matMul = (a, b) => ({ arraySync: () => a.map(row => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0))) })
`

const BINDING = `
#include <node_api.h>
#include "tensorflow/c/c_api.h"
NAPI_MODULE_INIT() {
  napi_value version;
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "TF_Version", version);
  return exports;
}
`

/** A project with a package that is built like tfjs-node. Gives the package's folder. */
export function makePackage(project: string, binding = 'tfjs-node', source: string = BINDING): string {
  const folder = join(project, 'node_modules', '@tensorflow', binding)
  write(project, { 'package.json': '{ "private": true }' })
  write(folder, {
    'package.json': JSON.stringify({ name: `@tensorflow/${binding}`, version: '4.22.0' }),
    'index.js': INDEX, 'binding/tfjs_backend.cc': 'int nothing;\n', 'binding/tfjs_binding.cc': source,
  })
  return folder
}

const HEADER = '#pragma once\nextern "C" const char* TF_Version(void);\n'

const libraries = new Map<string, Buffer>()

/** A shared library that knows its version. */
function library(version: string): Buffer {
  let bytes = libraries.get(version)
  if (bytes === undefined) {
    const source = `extern "C" const char* TF_Version(void) { return "${version}"; }`
    const folder = temporary()
    const file = join(folder, 'library.so')
    execFileSync('g++', ['-shared', '-fPIC', '-x', 'c++', '-', '-o', file], { input: source })
    bytes = readFileSync(file)
    rmSync(folder, { recursive: true })
    libraries.set(version, bytes)
  }
  return bytes
}

/** The files of a TensorFlow, as they stand in a wheel. */
export function tensorflowFiles(version: string): Record<string, string | Uint8Array> {
  return {
    'tensorflow/libtensorflow_cc.so.2': library(version),
    'tensorflow/libtensorflow_framework.so.2': library(`${version} framework`),
    'tensorflow/include/tensorflow/c/c_api.h': HEADER,
    'tensorflow/include/tsl/platform/ctstring.h': '#pragma once\n',
    'tensorflow/include/tensorflow/core/platform/env.h': '#error not needed\n',
    'tensorflow/python/__init__.py': 'raise\n',
    [`tensorflow_cpu-${version}.dist-info/WHEEL`]: 'Wheel-Version: 1.0\nTag: cp312-cp312-manylinux_2_27_x86_64\n',
  }
}

/** A zip file. `change` may spoil the record of a file in the directory at its end. */
export function zip(files: Readonly<Record<string, string | Uint8Array>>, change: (name: string, record: Buffer) => void = () => {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const plain = Buffer.from(content)
    // Small ones are stored.
    const method = plain.length > 100 ? 8 : 0
    const packed = method === 8 ? zlib.deflateRawSync(plain) : plain
    const local = Buffer.alloc(30 + name.length)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    local.write(name, 30)
    const record = Buffer.alloc(46 + name.length)
    record.writeUInt32LE(0x02014b50, 0)
    record.writeUInt16LE(method, 10)
    for (const [at, value] of [[16, zlib.crc32(plain)], [20, packed.length], [24, plain.length], [42, offset]] as const) record.writeUInt32LE(value, at)
    record.writeUInt16LE(name.length, 28)
    record.write(name, 46)
    change(name, record)
    parts.push(local, packed)
    directory.push(record)
    offset += local.length + packed.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  for (const at of [8, 10]) end.writeUInt16LE(directory.length, at)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}
