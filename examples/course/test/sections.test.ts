import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectPrinted } from './printed.ts'
import { run } from './run.ts'

test.concurrent.each([
  ['5.1', 'S5.1-01, 02, 07, 11, 19, 23, N-09', '5.1-layers-and-blocks'],
  ['5.2', 'S5.2-01 to 14, S5.2-16 to 19, S5.2-21 to 23, S5.2-25', '5.2-parameter-management'],
  ['5.3', 'S5.3-01, 02, 06 to 11', '5.3-deferred-initialization'],
  ['5.4', 'S5.4-01 to 08', '5.4-custom-layers'],
  ['5.5', 'S5.5-01 to 04, 06', '5.5-file-io'],
  ['5.6', 'S5.6-01 to 07, 09, 11 to 13', '5.6-devices'],
])('section %s prints what the course prints (%s)', async (section, _, file) => {
  expectPrinted(await run(`src/${file}.ts`), section)
})

test('S5.5-05, N-08, C-1.6: the files of section 5.5 are those of MXNet, byte for byte', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-'))
  try {
    await run('src/5.5-file-io.ts', folder)
    const hash = (name: string): string => createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')
    expect(hash('x-file')).toBe('ec5494d27323aafc9f31d2f61ae80091b02d913d61e2869aaafae99945540476')
    expect(hash('x-files')).toBe('3e8fa49392160e2b8f06590007e99ceb77801b97ff7a36bd89f4ab863859b043')
    expect(hash('mydict')).toBe('a905c73ceac21ee648b2ef95356c0c6c8c9359e0db7aac0b5c7b187aa6ce6f8a')
    expect(hash('mlp.params')).toBe('17a92bcb80130b7860f0fd2526eda3eaa9597474a39a0b25f1b90d1cf8f1d728')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
