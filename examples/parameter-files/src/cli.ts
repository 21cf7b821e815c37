import type { Cli } from '@ashlar-examples/shared/cli'
import { cliOf } from '@ashlar-examples/shared/cli'
import { reasonOf } from '@ashlar-examples/shared/errors'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { convert } from './convert.ts'
import { list } from './list.ts'
import { parseOptions } from './options.ts'

/** Ends with 0, 1 for files that cannot be read or written, 2 for a command line that cannot be understood. */
export const cli: Cli<LiveScreen> = cliOf({
  name: 'parameter-files',
  parseOptions,
  run: (task, screen: LiveScreen, signal) => (task.command === 'list' ? list(task, screen, signal) : convert(task, screen, signal)),
  left: 'nothing was written',
  // What a hint tells programmers to pass is an option here.
  reasonOf: error => reasonOf(error, 'op').replace('{ maxBytes }', '--max-bytes'),
})
