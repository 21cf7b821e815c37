import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { expectPrinted } from './printed.ts'
import { run } from './run.ts'

const FILES = readdirSync(fileURLToPath(new URL('../exercises', import.meta.url))).sort()
const EXERCISES = FILES.map(file => [/^e(5\.\d-\d)/.exec(file)![1]!, file] as const)

test.concurrent.each(EXERCISES)('E%s is solved by %s', async (number, file) => {
  expectPrinted(await run(`exercises/${file}`), `e${number}`)
})

test('every exercise of the chapter but the one that needs tracing is solved', () => {
  expect(EXERCISES.map(([number]) => number)).toEqual([
    '5.1-1', '5.1-2', '5.1-3', '5.1-4', '5.1-5', '5.2-1', '5.2-2', '5.2-3', '5.2-4', '5.2-5', '5.3-1', '5.3-2', '5.3-3',
    '5.4-1', '5.4-2', '5.4-3', '5.5-1', '5.5-2', '5.6-1', '5.6-2', '5.6-3', '5.6-4',
  ])
})
