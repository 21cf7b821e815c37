import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What one test file came to. */
export interface FileReport {
  passed: number
  failed: number
  skipped: { name: string; reason: string }[]
  /** Items of the behaviour that titles of passed tests name. */
  items: string[]
}

const REPORTS = ['packages/*/.reports/*.json', 'examples/*/.reports/*.json', 'benchmarks/.reports/*.json', 'tools/.reports/*.json']

/** Removes the reports of earlier runs, which may speak of tests that are gone. */
export function clearReports(root: string): void {
  for (const file of globSync(REPORTS, { cwd: root })) rmSync(join(root, file))
}

/** All reports below `root`, summed; the names of skipped tests begin with their package's folder. */
export function totalReports(root: string): FileReport {
  const total: FileReport = { passed: 0, failed: 0, skipped: [], items: [] }
  for (const file of globSync(REPORTS, { cwd: root }).sort()) {
    const report = JSON.parse(readFileSync(join(root, file), 'utf8')) as FileReport
    total.passed += report.passed
    total.failed += report.failed
    total.items.push(...report.items)
    const folder = dirname(dirname(file)).replaceAll('\\', '/')
    total.skipped.push(...report.skipped.map(({ name, reason }) => ({ name: `${folder}/${name}`, reason })))
  }
  return total
}

/** The closing line of a test run, such as `12 passed, 0 failed, 1 skipped`. */
export function totalLine({ passed, failed, skipped }: FileReport): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
}
