import { constants } from 'node:os'
import { Interrupted, isExpected, reasonOf } from './errors.ts'
import { parseOptions } from './options.ts'
import { run } from './run.ts'
import type { Screen } from './screen.ts'

/**
 * The whole program, but for the process around it.
 *
 * @param complain takes what goes to stderr, line by line
 * @returns the exit code
 */
export async function cli(argv: readonly string[], screen: Screen, complain: (line: string) => void, signal: AbortSignal): Promise<number> {
  try {
    const request = parseOptions(argv)
    if ('help' in request) screen.print(request.help.trimEnd())
    else await run(request.options, screen, signal)
    return 0
  } catch (error) {
    complain(`two-devices: ${reasonOf(error)}`)
    if (error instanceof Interrupted) return 128 + constants.signals[error.signal]
    // A stack helps whoever mends the program, not whoever mistyped a name.
    if (process.env['DEBUG']) complain(error instanceof Error && error.stack !== undefined ? error.stack : String(error))
    else if (!isExpected(error)) complain('two-devices: this is a mistake in the program; DEBUG=1 shows where')
    return 1
  }
}
