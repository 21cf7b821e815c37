import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { candidates } from './candidates.ts'
import { drawTerminal } from './draw.ts'
import { parseOptions } from './options.ts'
import { renderPage } from './page.ts'
import { travel } from './travel.ts'
import { isExpected } from './user-error.ts'

/** Where a run writes to. */
export interface Screen {
  readonly columns: number
  /** Whether it shows 256 colours. */
  readonly colors: boolean
  print(line: string): void
}

/**
 * The whole program, but for the process around it.
 *
 * @param complain takes what goes to stderr, line by line
 * @returns the exit code
 */
export function cli(argv: readonly string[], screen: Screen, complain: (line: string) => void): number {
  try {
    const request = parseOptions(argv)
    if ('help' in request) screen.print(request.help.trimEnd())
    else {
      const { options } = request
      const journeys = candidates().map(candidate => travel(candidate, options))
      for (const line of drawTerminal(journeys, options, screen)) screen.print(line)
      mkdirSync(options.out, { recursive: true })
      const page = join(options.out, 'initializers.html')
      writeFileSync(page, renderPage(journeys, options))
      screen.print(`\nPage: ${page}`)
    }
    return 0
  } catch (error) {
    complain(`initializers: ${error instanceof Error ? error.message.replaceAll(/\s*\n\s*/g, ' ') : String(error)}`)
    // A stack helps whoever mends the program, not whoever mistyped a name.
    if (process.env['DEBUG']) complain(error instanceof Error && error.stack !== undefined ? error.stack : String(error))
    else if (!isExpected(error)) complain('initializers: this is a mistake in the program; DEBUG=1 shows where')
    return 1
  }
}
