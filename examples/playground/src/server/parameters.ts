import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cli as digits } from '@ashlar-examples/digits/cli'
import { UserError, reasonOf } from '@ashlar-examples/shared/errors'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import type { Plugin } from 'vite'

/** Where the trained parameters are kept. */
const KEPT = fileURLToPath(new URL('../../out', import.meta.url))
const NAME = 'digits.params'

/**
 * The file `digits.params`: the given one, or what the demo of `examples/digits` saves with its own defaults, trained the first
 * time it is needed and kept. It is not in the repository, so that nobody has to believe where it came from.
 *
 * @param folder where it is kept
 * @returns its name
 * @throws UserError where there is no such file, or the training fails
 */
export async function parametersFile(given: string | undefined, screen: LiveScreen, signal: AbortSignal, folder: string = KEPT): Promise<string> {
  if (given !== undefined) {
    const facts = await stat(given).catch((error: unknown) => { throw new UserError(`cannot read ${relativePath(given)}: ${reasonOf(error)}; --params names a file that npm run demo saved`) })
    if (!facts.isFile()) throw new UserError(`${relativePath(given)} is no file; --params names one that npm run demo saved`)
    return given
  }
  const file = join(folder, NAME)
  if (existsSync(file)) return file
  screen.print('Digits: training the network that reads them, once …')
  const complaints: string[] = []
  const code = await digits(['--quiet', '--out', folder], { ...screen, live: false, print() {} }, line => complaints.push(line), signal)
  signal.throwIfAborted()
  if (code !== 0) throw new UserError(`the digits could not be trained: ${complaints.join('; ')}`)
  return file
}

/** Has Vite serve, or write, a file beside the page under the name `digits.params`. */
export function parametersPlugin(file: () => Promise<string>): Plugin {
  return {
    name: 'digits-params',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.split('?')[0] !== `/${NAME}`) return next()
        file().then(readFile).then(
          bytes => void response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-cache' }).end(bytes),
          (error: unknown) => void response.writeHead(500, { 'Content-Type': 'text/plain' }).end(reasonOf(error)),
        )
      })
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: NAME, source: await readFile(await file()) })
    },
  }
}
