import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('a network trains on plain(0) as on cpu(0), and all that it computes is counted', async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  // Rejects where the exit code is not 0.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--conditions=source', main])
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^The losses agree: /m)
  const rows = [...stdout.matchAll(/^ *(?:1|197) +([\d.]+) +([\d.]+) /gm)].map(([, a, b]) => [Number(a), Number(b)] as const)
  expect(rows).toHaveLength(2)
  expect(rows[1]![0]).toBeLessThan(rows[0]![0] / 3)
  expect(stdout).toMatch(/^matmul +985 +\S+$/m)
})
