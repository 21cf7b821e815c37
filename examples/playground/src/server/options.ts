import { InvalidArgumentError, Option } from 'commander'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, path, readOptions, whole } from '@ashlar-examples/shared/options'

/** What one start is about. */
export interface Options {
  /** Undefined takes the usual port, or the next one that is free. */
  readonly port: number | undefined
  readonly host: string
  readonly open: boolean
  /** Writes files instead of serving them. */
  readonly build: boolean
  /** Where these go; undefined for the usual folder. */
  readonly out: string | undefined
  /** The parameters that digits are read with; undefined has them trained. */
  readonly params: string | undefined
}

function host(text: string): string {
  if (/^[\w.:-]+$/.test(text)) return text
  throw new InvalidArgumentError('Expected a name or an address, such as 0.0.0.0')
}

/** Reads the command line. @throws UserError for what cannot be used, in one line */
export function parseOptions(argv: readonly string[]): Request<Options> {
  return readOptions(argv, {
    commandOf: write => commandOf('npm run playground --', 'Serves the playground: small networks, trained and drawn live in the browser.', write)
      .addOption(new Option('--port <n>', 'where to listen (default: 5173, or the next one that is free)').argParser(whole(1, 65535)))
      .addOption(new Option('--host <name>', 'at which address; 0.0.0.0 lets others in').argParser(host).default('localhost'))
      .addOption(new Option('--open', 'open the page in the browser').default(false))
      .addOption(new Option('--build', 'write the page as files for any server instead').default(false))
      .addOption(new Option('--out <folder>', 'where --build writes to (default: examples/playground/dist)').argParser(path).implies({ build: true }))
      .addOption(new Option('--params <file>', 'read digits with these parameters, as npm run demo saves them').argParser(path)),
    optionsOf: command => {
      const { port, host, open, build, out, params } = command.opts()
      return { port, host, open, build, out, params }
    },
  })
}
