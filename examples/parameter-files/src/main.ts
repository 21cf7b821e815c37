import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import { cli } from './cli.ts'
import { Interrupted } from './interrupted.ts'
import { screenOf } from './screen.ts'

registerBackend(cpuBackend())

const controller = new AbortController()
// Once: a second Ctrl-C ends the process at once.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort(new Interrupted(name)))

// Whoever reads this may stop reading, as `head` does.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

process.exitCode = await cli(process.argv.slice(2), screenOf(process.stdout, process.stderr), line => console.error(line), controller.signal)
