import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'

/** A folder that is being served. */
export interface Served {
  /** `http://localhost:<port>/`. */
  readonly url: string
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.wasm': 'application/wasm',
}

/** With these a page is cross-origin isolated, which shared memory, and so threads, need. */
export const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Resource-Policy': 'same-origin',
}

/**
 * Serves the files below a folder on a free port of this machine.
 *
 * @param options `isolated`, default true: whether pages are cross-origin isolated
 */
export async function serveFolder(folder: string, options: { readonly isolated?: boolean } = {}): Promise<Served> {
  const headers = options.isolated === false ? {} : ISOLATION
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path))
    const send = (status: number, type: string, body: Buffer | string): void => {
      response.writeHead(status, { ...headers, 'Content-Type': type }).end(body)
    }
    if (!file.startsWith(normalize(folder + sep))) return send(403, 'text/plain', 'outside of the folder')
    // Browsers ask for it unasked.
    if (path === '/favicon.ico') return send(204, 'image/x-icon', '')
    readFile(file).then(
      body => send(200, TYPES[extname(file)] ?? 'application/octet-stream', body),
      () => send(404, 'text/plain', 'no such file'),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
