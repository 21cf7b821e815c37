import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { runProcessOf, temporaryFolder } from '@ashlar-examples/shared/running'
import { afterEach, expect, test } from 'vitest'

const runProcess = runProcessOf(new URL('../src/server/main.ts', import.meta.url))
const folder = temporaryFolder()
const params = join(folder, 'some.params')
writeFileSync(params, 'parameters')

const listening: Server[] = []
afterEach(() => Promise.all(listening.splice(0).map(server => new Promise(done => server.close(done)))))

/** Takes a port, if nobody else has. */
async function take(port: number): Promise<number> {
  const server = createServer()
  return new Promise(resolve => {
    server.once('error', () => resolve(port))
    server.listen(port, 'localhost', () => {
      listening.push(server)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Serves the page, looks at it, and ends it as Ctrl-C does. */
async function serve(args: readonly string[], look: (url: string) => Promise<void>): Promise<Awaited<ReturnType<typeof runProcess>>> {
  let looked: Promise<void> | undefined
  let failure: unknown
  const result = await runProcess(args, (out, kill) => {
    const url = /Playground: (\S+)/.exec(out)?.[1]
    if (url === undefined || !out.includes('Ctrl-C ends it.')) return
    looked ??= look(url).catch((error: unknown) => (failure = error)).then(() => kill('SIGINT'))
  })
  await looked
  if (failure !== undefined) throw failure
  return result
}

test('it serves the page with the two headers, the parameters beside it, and ends cleanly at Ctrl-C', async () => {
  await take(5173)
  const { code, out, err } = await serve(['--params', params], async url => {
    // The usual port is taken.
    expect(Number(new URL(url).port)).toBeGreaterThan(5173)
    const page = await fetch(url)
    expect([page.headers.get('Cross-Origin-Opener-Policy'), page.headers.get('Cross-Origin-Embedder-Policy')]).toEqual(['same-origin', 'require-corp'])
    expect(await page.text()).toContain('<h1>Ashlar')
    const script = await fetch(new URL('src/worker/worker.ts?worker_file&type=module', url))
    expect(script.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    expect(await (await fetch(new URL('digits.params', url))).text()).toBe('parameters')
    expect((await fetch(new URL('nothing-here', url))).status).toBe(404)
  })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.trimEnd().split('\n').at(-1)).toBe('Ended.')
})

test('a port that was asked for and is taken is said in one line', async () => {
  const port = await take(0)
  const { code, err } = await runProcess(['--port', String(port), '--params', params])
  expect({ code, err }).toEqual({ code: 1, err: `playground: port ${port} is taken; --port names another one, and without it the next free one is taken\n` })
})

test('parameters that are not there, too, before anything starts', async () => {
  const { code, out, err } = await runProcess(['--params', join(folder, 'missing.params')])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^playground: cannot read .*missing\.params: .*; --params names a file that npm run demo saved\n$/)
})

test('--build writes files that need no other place', async () => {
  const site = join(folder, 'site')
  mkdirSync(site)
  const { code, out, err } = await runProcess(['--out', site, '--params', params])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^Written: .*site/)
  expect(readFileSync(join(site, 'digits.params'), 'utf8')).toBe('parameters')
  const page = readFileSync(join(site, 'index.html'), 'utf8')
  for (const [, address] of page.matchAll(/(?:src|href)="(?!#)([^"]+)"/g)) {
    expect(address).toMatch(/^\.\//)
    expect(existsSync(join(site, address!))).toBe(true)
  }
  // Nothing of Node is left in what the browser runs.
  for (const file of readdirSync(join(site, 'assets')).filter(name => name.endsWith('.js'))) {
    expect(readFileSync(join(site, 'assets', file), 'utf8')).not.toMatch(/__vite-browser-external|from\s*["']node:|import\(["']node:/)
  }
})
