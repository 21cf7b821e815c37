import { constants } from 'node:os'
import { convert } from './convert.ts'
import { Interrupted } from './interrupted.ts'
import { list } from './list.ts'
import { parseRequest } from './options.ts'
import type { Screen } from './screen.ts'
import { UsageError, isExpected, reasonOf } from './user-error.ts'

/**
 * The whole program, but for the process around it.
 *
 * @param complain takes what goes to stderr, line by line
 * @returns the exit code: 0, 1 for files that cannot be read or written, 2 for a command line that cannot be understood
 */
export async function cli(argv: readonly string[], screen: Screen, complain: (line: string) => void, signal: AbortSignal): Promise<number> {
  try {
    const request = parseRequest(argv)
    switch (request.command) {
      case 'help': screen.print(request.text.trimEnd()); break
      case 'list': await list(request, screen, signal); break
      case 'convert': await convert(request, screen, signal); break
    }
    return 0
  } catch (error) {
    complain(`parameter-files: ${reasonOf(error)}`)
    if (error instanceof Interrupted) return 128 + constants.signals[error.signal]
    // A stack helps whoever mends the program, not whoever mistyped a name.
    if (process.env['DEBUG']) complain(error instanceof Error && error.stack !== undefined ? error.stack : String(error))
    else if (!isExpected(error)) complain('parameter-files: this is a mistake in the program; DEBUG=1 shows where')
    return error instanceof UsageError ? 2 : 1
  }
}
