import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clearReports, type FileReport, totalLine, totalReports } from './total.ts'

test('reports of all packages are summed, and cleared', () => {
  const root = mkdtempSync(join(tmpdir(), 'ashlar-'))
  const write = (folder: string, report: FileReport): void => {
    mkdirSync(join(root, folder, '.reports'), { recursive: true })
    writeFileSync(join(root, folder, '.reports', 'test-a.json'), JSON.stringify(report))
  }
  write('packages/core', { passed: 2, failed: 0, skipped: [], items: ['B-1.1'] })
  write('examples/digits', { passed: 1, failed: 1, skipped: [{ name: 'test/a.test.ts: b', reason: 'no GPU' }], items: ['B-1.2'] })
  const total = totalReports(root)
  expect(totalLine(total)).toBe('3 passed, 1 failed, 1 skipped')
  expect(total.skipped).toEqual([{ name: 'examples/digits/test/a.test.ts: b', reason: 'no GPU' }])
  expect(total.items).toEqual(['B-1.2', 'B-1.1'])
  clearReports(root)
  expect(totalLine(totalReports(root))).toBe('0 passed, 0 failed')
  rmSync(root, { recursive: true })
})
