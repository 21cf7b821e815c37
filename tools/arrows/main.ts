import { ROOT } from '../setup/node.mjs'
import { checkArrows } from './check.ts'

const problems = checkArrows(ROOT)
for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? 'Every arrow is in the table, and no file imports itself.' : `${problems.length} wrong`)
process.exitCode = problems.length === 0 ? 0 : 1
