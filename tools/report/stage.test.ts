import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeReports } from './stage.ts'

test('reports of a stage are summed and taken away, others stay', () => {
  const root = mkdtempSync(join(tmpdir(), 'ashlar-'))
  const write = (folder: string, name: string): string => {
    mkdirSync(join(root, folder, '.reports'), { recursive: true })
    const path = join(root, folder, '.reports', name)
    writeFileSync(path, JSON.stringify({ passed: 2, failed: 1, skipped: [], items: ['B-1.1'] }))
    return path
  }
  write('packages/a', 'test__browser__kit.json')
  write('examples/b', 'test__browser__page.json')
  const other = write('packages/a', 'test__kit.json')
  expect(takeReports(root, 'browser')).toEqual({ passed: 4, failed: 2, skipped: [], items: ['B-1.1', 'B-1.1'] })
  expect(takeReports(root, 'browser')).toMatchObject({ passed: 0, failed: 0 })
  expect(existsSync(other)).toBe(true)
  rmSync(root, { recursive: true })
})
