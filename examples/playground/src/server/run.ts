import { join, resolve } from 'node:path'
import { UserError, reasonOf } from '@ashlar-examples/shared/errors'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { build, createServer } from 'vite'
import type { Options } from './options.ts'
import { ROOT, pageConfig } from './page.ts'
import { parametersFile, parametersPlugin } from './parameters.ts'

const USUAL_PORT = 5173

/** Serves the page until the signal comes, or writes it as files. */
export async function run(options: Options, screen: LiveScreen, signal: AbortSignal): Promise<void> {
  if (options.build) return await write(options, screen, signal)
  // A file that was named is looked at before anything starts; one that has to be trained is trained while the page loads.
  let parameters = options.params === undefined ? undefined : parametersFile(options.params, screen, signal)
  await parameters
  const config = pageConfig([parametersPlugin(() => (parameters ??= parametersFile(undefined, screen, signal)))])
  const server = await createServer({ ...config, server: { ...config.server, host: options.host, port: options.port ?? USUAL_PORT, strictPort: options.port !== undefined, open: options.open } })
  try {
    await server.listen()
  } catch (error) {
    await server.close()
    throw new UserError(whyNot(error, options))
  }
  const urls = [...(server.resolvedUrls?.local ?? []), ...(server.resolvedUrls?.network ?? [])]
  for (const url of urls) screen.print(`Playground: ${url}`)
  if ((server.resolvedUrls?.network ?? []).length > 0) screen.print('Only localhost and https get threads: browsers share memory on safe pages alone.')
  screen.print('Ctrl-C ends it.')
  parameters ??= parametersFile(undefined, screen, signal)
  // Whoever opens the page hears of it there.
  parameters.catch(error => signal.aborted || screen.print(`Digits: ${reasonOf(error)}`))
  await new Promise<void>(done => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })))
  await server.close()
  screen.print('Ended.')
}

async function write(options: Options, screen: LiveScreen, signal: AbortSignal): Promise<void> {
  const folder = resolve(options.out ?? join(ROOT, 'dist'))
  const parameters = await parametersFile(options.params, screen, signal)
  const config = pageConfig([parametersPlugin(() => Promise.resolve(parameters))])
  try {
    await build({ ...config, build: { ...config.build, outDir: folder } })
  } catch (error) {
    throw new UserError(`cannot write ${relativePath(folder)}: ${reasonOf(error)}; --out names another folder`)
  }
  screen.print(`Written: ${relativePath(folder)}, for any server; threads need two headers, which the README names`)
}

function whyNot(error: unknown, { host, port }: Options): string {
  const { code } = error as { code?: unknown }
  // Vite says it in words alone.
  if (port !== undefined && (code === 'EADDRINUSE' || /already in use/.test(reasonOf(error)))) return `port ${port} is taken; --port names another one, and without it the next free one is taken`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${host} is no address of this machine; --host localhost and --host 0.0.0.0 always are`
  if (code === 'EACCES') return `port ${port} needs more rights; --port takes one above 1023`
  return `cannot listen at ${host}: ${reasonOf(error)}`
}
