import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import { cli } from './cli.ts'

registerBackend(cpuBackend())

// Whoever reads this may stop reading, as `head` does.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const terminal = process.stdout.isTTY && process.env['TERM'] !== 'dumb'
process.exitCode = cli(process.argv.slice(2), {
  columns: process.stdout.columns ?? 100,
  colors: terminal && process.stdout.hasColors(256),
  print: line => void process.stdout.write(`${line}\n`),
}, line => console.error(line))
