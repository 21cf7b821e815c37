import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPage, openChromium, openPage, serveFolder } from '../../../../tools/browser/index.ts'
import type { ChromiumOptions } from '../../../../tools/browser/index.ts'
import type { Page } from './page/main.ts'

const ROOT = fileURLToPath(new URL('page', import.meta.url))

/** The page in Chromium. */
export interface Opened {
  /** Calls one of the page's functions. */
  call<K extends keyof Page>(name: K, ...args: Parameters<Page[K]>): Promise<Awaited<ReturnType<Page[K]>>>
  readonly problems: string[]
}

/** What ends with the tests. */
const open: (() => Promise<void> | void)[] = []
let built: Promise<string> | undefined

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-page-'))
  open.push(() => rmSync(folder, { recursive: true }))
  await buildPage(ROOT, folder, { resolve: { alias: { vitest: join(ROOT, 'vitest.ts') } } })
  return folder
}

/** Opens the page, built at the first call, in a browser of its own. */
export async function openTestPage(options: ChromiumOptions & { readonly isolated?: boolean } = {}): Promise<Opened> {
  const served = await serveFolder(await (built ??= build()), options)
  open.push(() => served.close())
  const browser = await openChromium(options)
  open.push(() => browser.close())
  const { page, problems } = await openPage(browser, served.url)
  await page.waitForFunction('globalThis.page')
  return { problems, call: (name, ...args) => page.evaluate(`page.${name}(...${JSON.stringify(args)})`) }
}

/** For `afterAll`. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close()
  built = undefined
}
