import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ROOT } from '../setup/node.mjs'
import { checkArrows } from './check.ts'

let root: string

// Violations are planted in a copy of the real manifests and sources.
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ashlar-'))
  for (const folder of readdirSync(join(ROOT, 'packages'))) {
    const from = join(ROOT, 'packages', folder)
    const to = join(root, 'packages', folder)
    if (!existsSync(join(from, 'package.json'))) continue
    mkdirSync(join(to, 'src'), { recursive: true })
    cpSync(join(from, 'package.json'), join(to, 'package.json'))
    if (existsSync(join(from, 'src'))) cpSync(join(from, 'src'), join(to, 'src'), { recursive: true })
  }
})
afterEach(() => rmSync(root, { recursive: true }))

const write = (file: string, text: string): void => writeFileSync(join(root, 'packages', file), text)

function declare(folder: string, name: string): void {
  const file = join(root, 'packages', folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  manifest.dependencies = { ...manifest.dependencies, [name]: 'workspace:*' }
  writeFileSync(file, JSON.stringify(manifest))
}

test('the packages follow the table', () => {
  expect(checkArrows(ROOT)).toEqual([])
})

test('a dependency against the table fails', () => {
  declare('core', '@ashlar/nn')
  expect(checkArrows(root)).toEqual(['core/package.json depends on @ashlar/nn: there is no such arrow'])
})

test('an import against the table fails, declared or not, typed or not', () => {
  declare('data', '@ashlar/nn')
  write('data/src/planted.ts', `import type { Block } from '@ashlar/nn'\nexport type { Block }\n`)
  write('init/src/planted.ts', `export const late = () => import('@ashlar/optim')\n`)
  expect(checkArrows(root)).toEqual([
    'data/package.json depends on @ashlar/nn: there is no such arrow',
    'data/src/planted.ts imports @ashlar/nn: there is no such arrow',
    'init/src/planted.ts imports @ashlar/optim, but its package.json does not declare @ashlar/optim',
    'init/src/planted.ts imports @ashlar/optim: there is no such arrow',
  ])
})

test('a package that is not declared fails', () => {
  write('core/src/planted.ts', `import 'left-pad/deep'\n`)
  expect(checkArrows(root)).toEqual(['core/src/planted.ts imports left-pad/deep, but its package.json does not declare left-pad'])
})

test('a relative import that leaves src fails', () => {
  write('nn/src/planted.ts', `export * from '../../core/src/index.ts'\n`)
  expect(checkArrows(root)).toEqual([`nn/src/planted.ts imports ../../core/src/index.ts, which is outside of its package's src`])
})

test('a cycle of files fails, unless types alone close it', () => {
  write('core/src/planted-a.ts', `import { b } from './planted-b.ts'\nexport const a = () => b\n`)
  write('core/src/planted-b.ts', `import type { a } from './planted-a.ts'\nexport const b = {} as typeof a\n`)
  expect(checkArrows(root)).toEqual([])
  appendFileSync(join(root, 'packages/core/src/planted-b.ts'), `export * from './planted-a.ts'\n`)
  expect(checkArrows(root)).toEqual(['import cycle: core/src/planted-a.ts → core/src/planted-b.ts → core/src/planted-a.ts'])
})

test('a new package has to be in the table', () => {
  mkdirSync(join(root, 'packages/extra'))
  write('extra/package.json', '{ "name": "@ashlar/extra" }')
  expect(checkArrows(root)).toEqual(['packages/extra is not in the table of arrows'])
})
