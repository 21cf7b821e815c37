// `npm test`: types, then lint and all tests, however early something fails, and the total as the last line.
import { coverage } from '../ids/coverage.ts'
import { clearReports, totalLine, totalReports } from '../report/total.ts'
import { ROOT } from '../setup/node.mjs'
import { turbo, types } from './steps.ts'

const started = performance.now()
const failures: string[] = []
clearReports(ROOT)
console.log('Types …')
if (!(await types())) failures.push('types, see above')
console.log('Lint and tests …')
const tested = await turbo('lint', 'test', 'examples')

const total = totalReports(ROOT)
// Lint, or a test process that ended without a report, still has to show in the total.
if (!tested && total.failed === 0) failures.push('lint or tests, see above')
// Where something failed, the items that it names are not missing.
const { line, problems } = coverage(total.items)
if (total.failed + failures.length === 0) failures.push(...problems)
total.failed += failures.length
for (const { name, reason } of total.skipped) console.log(`skipped  ${name} (${reason})`)
for (const name of failures) console.log(`failed   ${name}`)
console.log(line)
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`)
console.log(totalLine(total))
process.exitCode = tested && total.failed === 0 ? 0 : 1
