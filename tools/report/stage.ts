import { globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FileReport } from './total.ts'

/**
 * What the tests in `test/<folder>` of some packages came to, which have runs of their own. Their reports are taken away, so that
 * no other total counts them again.
 *
 * @param root the workspace
 * @param folder such as `headlessgl`
 */
export function takeReports(root: string, folder: string): FileReport {
  const total: FileReport = { passed: 0, failed: 0, skipped: [], items: [] }
  for (const file of globSync(`{packages,examples}/*/.reports/test__${folder}__*.json`, { cwd: root }).sort()) {
    const path = join(root, file)
    const report = JSON.parse(readFileSync(path, 'utf8')) as FileReport
    rmSync(path)
    total.passed += report.passed
    total.failed += report.failed
    total.skipped.push(...report.skipped)
    total.items.push(...report.items)
  }
  return total
}
