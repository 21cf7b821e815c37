// A program for the tests of what surrounds a program.
import { setImmediate } from 'node:timers/promises'
import { cliOf } from '../src/cli.ts'
import { UserError } from '../src/errors.ts'
import { runMain } from '../src/main.ts'
import { commandOf, option, readOptions, whole } from '../src/options.ts'

interface Options {
  readonly lines: number
  readonly wait: number
  readonly code: number
}

await runMain(cliOf<Options>({
  name: 'program',
  parseOptions: argv => readOptions(argv, {
    commandOf: write => commandOf('program', 'Prints lines, and waits.', write)
      .addOption(option('--lines <n>', 'lines to print', whole(0, 1e9), 1))
      .addOption(option('--wait <n>', '1 waits for a signal, 2 ignores it', whole(0, 2), 0))
      .addOption(option('--code <n>', 'what to end with', whole(0, 99), 0)),
  }),
  async run({ lines, wait, code }, screen, signal) {
    for (let line = 0; line < lines; line++) {
      screen.print(`line ${line}`)
      if (line % 100 === 0) await setImmediate()
    }
    let told = false
    while (wait > 0) {
      await setImmediate()
      // A test that fails must not leave this behind.
      if (performance.now() > 60_000) throw new Error('waited in vain')
      if (wait === 1) signal.throwIfAborted()
      else if (signal.aborted && !told) {
        screen.print('not yet')
        told = true
      }
    }
    if (code > 0) throw new UserError('as you wish', { exitCode: code })
  },
  left: 'nothing is left',
}))
