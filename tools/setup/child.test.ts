import { expect, test } from 'vitest'
import { runChild } from './child.mjs'

const run = (code: string): Promise<number> => runChild(process.execPath, ['-e', code], { stdio: 'ignore' })

test('the exit code of a child is handed on, and the signal that ended it', async () => {
  expect(await run('process.exit(5)')).toBe(5)
  expect(await run('process.kill(process.pid, "SIGKILL")')).toBe(137)
})

test('a command that does not exist is an error', async () => {
  await expect(runChild('no-such-command', [])).rejects.toThrow('ENOENT')
})
