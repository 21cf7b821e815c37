import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { itemsOf } from '../ids/titles.ts'
import type { FileReport } from './total.ts'

/** Leaves one small file a test file in `.reports/`, which turbo caches: so runs that were cached count as well. */
export class CountReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const report: FileReport = { passed: 0, failed: 0, skipped: [], items: [] }
    const items = new Set<string>()
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') {
        report.passed++
        for (const item of itemsOf(test.fullName)) items.add(item)
      } else if (result.state === 'failed') report.failed++
      else {
        const reason = 'note' in result ? result.note : undefined
        report.skipped.push({ name: `${module.relativeModuleId}: ${test.fullName}`, reason: reason ?? 'no reason given' })
      }
    }
    report.items.push(...items)
    // A file that did not load, or a hook that threw, has failed even where no test of it has.
    if (module.state() === 'failed' && report.failed === 0) report.failed = 1
    const folder = join(module.project.config.root, '.reports')
    mkdirSync(folder, { recursive: true })
    const name = module.relativeModuleId.replace(/\.test\.ts$/, '').replaceAll(/[\\/]/g, '__')
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(report))
  }
}
