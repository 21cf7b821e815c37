import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { supportPage } from './support.ts'

it('docs/backends.md is up to date; `npm run docs:support` makes it so', async () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/backends.md'), 'utf8')).toBe(await supportPage())
})
