import { constants } from 'node:os'
import { Interrupted, UserError, isExpected, reasonOf } from './errors.ts'
import type { Request } from './options.ts'
import type { Screen } from './screen.ts'

/**
 * The whole program, but for the process around it.
 *
 * @param argv the arguments, without node and the script
 * @param complain takes what goes to stderr, line by line
 * @returns the exit code
 */
export type Cli<S extends Screen = Screen> = (argv: readonly string[], screen: S, complain: (line: string) => void, signal: AbortSignal) => Promise<number>

/** What makes a program. */
export interface Program<Options, S extends Screen> {
  /** Stands before every complaint. */
  readonly name: string
  readonly parseOptions: (argv: readonly string[]) => Request<Options>
  readonly run: (options: Options, screen: S, signal: AbortSignal) => Promise<void>
  /** What is said of a run that was interrupted, such as `no page was written`. */
  readonly left: string
  /** An error in one line. */
  readonly reasonOf?: (error: unknown) => string
}

/** A program that answers --help, tells what goes wrong in one line, and never throws. */
export function cliOf<Options, S extends Screen = Screen>({ name, parseOptions, run, left, reasonOf: reason = reasonOf }: Program<Options, S>): Cli<S> {
  return async (argv, screen, complain, signal) => {
    try {
      const request = parseOptions(argv)
      if ('help' in request) screen.print(request.help.trimEnd())
      else await run(request.options, screen, signal)
      return 0
    } catch (error) {
      if (error instanceof Interrupted) {
        complain(`${name}: ${new Interrupted(error.signal, error.left ?? left).message}`)
        return 128 + constants.signals[error.signal]
      }
      complain(`${name}: ${reason(error)}`)
      // A stack helps whoever mends the program, not whoever mistyped a name.
      if (process.env['DEBUG']) complain(error instanceof Error && error.stack !== undefined ? error.stack : String(error))
      else if (!isExpected(error)) complain(`${name}: this is a mistake in the program; DEBUG=1 shows where`)
      return error instanceof UserError ? error.exitCode : 1
    }
  }
}
