import { ITEMS } from './behaviour.ts'
import { DECIDED_AGAINST } from './decided.ts'

/** How the tests cover the behaviour: a line to print, and what is wrong. */
export interface Coverage {
  readonly line: string
  readonly problems: readonly string[]
}

/**
 * Compares the items that tests named with those that there are.
 *
 * @param named the items that titles of passed tests name
 */
export function coverage(named: Iterable<string>, items: ReadonlySet<string> = ITEMS, decided: Readonly<Record<string, string>> = DECIDED_AGAINST): Coverage {
  const tested = new Set(named)
  const left = Object.keys(decided)
  const missing = [...items].filter(id => !tested.has(id) && !left.includes(id))
  const problems = [
    ...missing.map(id => `${id} has no test that names it`),
    ...[...tested].filter(id => !items.has(id)).map(id => `${id} is named by a test, and is no item of the behaviour`),
    ...left.filter(id => !items.has(id)).map(id => `${id} is decided against, and is no item of the behaviour`),
    ...left.filter(id => tested.has(id)).map(id => `${id} is decided against, and has a test`),
  ]
  const covered = [...tested].filter(id => items.has(id)).length
  return { line: `behaviour: ${covered} of ${items.size} items have a test, ${left.length} are decided against, ${missing.length} are missing`, problems }
}
