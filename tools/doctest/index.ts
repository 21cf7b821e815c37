import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runExample } from './run.ts'
import { writePackageExamples } from './write.ts'

/**
 * Makes a test of every example in a package's README and doc comments. Their types are checked with those of the tests.
 *
 * @param folder the package, as a URL that ends in a slash
 */
export function runExamples(folder: URL): void {
  const path = fileURLToPath(folder).replace(/[\\/]$/, '')
  test(`${basename(path)} has a README.md`, () => {
    expect(existsSync(join(path, 'README.md'))).toBe(true)
  })
  for (const { name, code, file, noRun } of writePackageExamples(path)) {
    test.concurrent(name, { timeout: 150_000 }, async ({ skip }) => {
      if (noRun === '') throw new Error('```ts no-run needs a reason: ```ts no-run needs a GPU')
      if (noRun) skip(noRun)
      const problem = await runExample(code, dirname(file))
      if (problem) throw new Error(problem)
    })
  }
}
