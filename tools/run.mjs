// The entry of every root script: `node tools/run.mjs file.ts …`. It and tools/setup/ run on Node 20 with nothing installed,
// so they are plain JavaScript without dependencies; `file.ts` runs on Node 24 straight from source.
import { runChild } from './setup/child.mjs'
import { install } from './setup/install.mjs'
import { findNode, toolEnv } from './setup/node.mjs'

const [file, ...args] = process.argv.slice(2)
try {
  if (!file) throw new Error('Which file? node tools/run.mjs <file.ts> [arguments]')
  await install()
  process.exitCode = await runChild(findNode(), ['--conditions=source', file, ...args], { env: toolEnv() })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
