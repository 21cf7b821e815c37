import type { Cli } from './cli.ts'
import { Interrupted } from './errors.ts'
import type { LiveScreen } from './screen.ts'
import { screenOf } from './screen.ts'

/** Runs a program as this process: with its arguments, streams, signals and exit code. */
export async function runMain(cli: Cli<LiveScreen>, screen: LiveScreen = screenOf(process.stdout)): Promise<void> {
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

  process.exitCode = await cli(process.argv.slice(2), screen, line => console.error(line), controller.signal)
}
