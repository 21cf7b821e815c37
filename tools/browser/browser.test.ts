import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findChromium } from './find.ts'
import { serveFolder } from './serve.ts'

test('Chromium is the program that a variable names, or found on the path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-'))
  const program = join(folder, 'chromium')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
  expect(findChromium({ PATH: folder })).toBe(program)
  expect(findChromium({ CHROME_PATH: program, PATH: '' })).toBe(program)
  expect(() => findChromium({ ASHLAR_CHROMIUM: join(folder, 'none') })).toThrow('which is no program')
  rmSync(folder, { recursive: true })
})

test('a folder is served with the headers of isolation unless they are unwanted, and nothing outside of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-'))
  writeFileSync(join(folder, 'index.html'), 'hello')
  for (const isolated of [true, false]) {
    const served = await serveFolder(folder, { isolated })
    const response = await fetch(served.url)
    expect([await response.text(), response.headers.get('content-type')]).toEqual(['hello', 'text/html; charset=utf-8'])
    expect(response.headers.get('cross-origin-embedder-policy')).toBe(isolated ? 'require-corp' : null)
    expect((await fetch(`${served.url}none.js`)).status).toBe(404)
    expect((await fetch(`${served.url}..%2f..%2fetc/passwd`)).status).toBe(403)
    await served.close()
  }
  rmSync(folder, { recursive: true })
})
