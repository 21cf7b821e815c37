import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { fromMarkdown, fromSource } from './extract.ts'
import { runExample } from './run.ts'

const run = (code: string): Promise<string | undefined> => runExample(code, tmpdir())

test('an example that prints what it says passes', async () => {
  expect(await run('const x: number = 1\nconsole.log(x) // 1\n// a comment\nconsole.log(`a\\nb`)\n// a\n// b\n')).toBeUndefined()
})

test('an example that prints something else fails', async () => {
  expect(await run('console.log(1 + 1)\n// 3\n')).toBe('line 1 printed\n  2\nbut its comment says\n  3')
  expect(await run('console.log(1)\nconsole.log(2)\n// 2\n')).toBe('line 2 printed\n  1\n  2\nbut its comment says\n  2')
})

test('an example that throws fails', async () => {
  expect(await run('throw new Error("no such layer")')).toContain('no such layer')
})

test('what is printed has to be said', async () => {
  expect(await run('console.log(1)\n// 1\nconsole.log(2)\n')).toBe('this is printed, but no comment below says so:\n  2')
  expect(await run('console.log(1)\n\n// a comment about what comes next\n')).toContain('no comment below says so')
})

test('… stands for the rest of what a statement prints', async () => {
  expect(await run('console.log("a\\nb\\nc")\n// a\n// …\n')).toBeUndefined()
  expect(await run('console.log("a\\nb")\n// b\n// …\n')).toContain('line 1 printed')
})

test('statements of several lines and comments that expect nothing', async () => {
  expect(await run('for (const x of [1, 2]) {\n  // twice\n  console.log(x)\n}\n// 1\n// 2\nlet y = 1\n// y is one\ny++\n')).toBeUndefined()
})

test('blocks of markdown, with their lines and reasons', () => {
  const text = '# A\n```ts\na\n```\n```sh\nb\n```\n- c\n  ```ts no-run needs a GPU\n  d\n    e\n  ```\n```ts no-run\n```\n'
  expect(fromMarkdown(text)).toEqual([
    { line: 3, code: 'a\n', noRun: undefined },
    { line: 10, code: 'd\n  e\n', noRun: 'needs a GPU' },
    { line: 14, code: '\n', noRun: '' },
  ])
})

test('blocks of doc comments', () => {
  const text = 'let a = 1\n/**\n * Two.\n *\n * @example\n * ```ts\n * f({\n *   a,\n * })\n * ```\n */\nfunction f() {}\n/* ```ts\n no\n``` */'
  expect(fromSource('a.ts', text)).toEqual([{ line: 7, code: 'f({\n  a,\n})\n', noRun: undefined }])
  expect(() => fromSource('a.ts', '/**\n * @example f(1)\n */')).toThrow('without a ```ts block')
})
