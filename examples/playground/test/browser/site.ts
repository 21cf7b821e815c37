import { join } from 'node:path'
import { temporaryFolder } from '@ashlar-examples/shared/running'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium, openChromium, openPage, serveFolder } from '../../../../tools/browser/index.ts'
import type { Served, WatchedPage } from '../../../../tools/browser/index.ts'
import { parametersFile } from '../../src/server/parameters.ts'
import { run } from '../../src/server/run.ts'

export type Page = WatchedPage['page']

const folder = temporaryFolder()
const site = join(folder, 'site')
let browser: Awaited<ReturnType<typeof openChromium>>
let served: Served
let plain: Served

/** Builds the page and starts the browser, for the tests of a file. */
export function usePlayground(): void {
  beforeAll(async () => {
    if (findChromium() === null) return
    const screen = { stream: process.stdout, live: false, columns: 80, colors: false, print() {} }
    const { signal } = new AbortController()
    const params = await parametersFile(undefined, screen, signal, folder)
    await run({ port: undefined, host: 'localhost', open: false, build: true, out: site, params }, screen, signal)
    ;[browser, served, plain] = await Promise.all([openChromium(), serveFolder(site), serveFolder(site, { isolated: false })])
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await Promise.all([served?.close(), plain?.close()])
  })
}

/** Where a page is opened, and what is done before it is. */
export interface Visit extends NonNullable<Parameters<typeof openPage>[2]> {
  /** Whether the server sends the headers of cross-origin isolation. Default true. */
  readonly isolated?: boolean
  /** Another address than the built page's. */
  readonly url?: string
  /** What is expected to go wrong on the console. */
  readonly expected?: RegExp
  /** Prepares the page before it is loaded again; for what has to be in place from the start. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

/** A test that uses the page, and fails where anything goes wrong in it unasked. */
export function visit(title: string, use: (page: Page) => Promise<void>, { isolated = true, url, expected, prepare, ...options }: Visit = {}): void {
  test(title, async ({ skip }) => {
    if (findChromium() === null) skip('no Chromium here')
    const { page, problems } = await openPage(browser, prepare === undefined ? url ?? (isolated ? served : plain).url : 'about:blank', { viewport: { width: 1280, height: 900 }, ...options })
    page.setDefaultTimeout(120_000)
    try {
      if (prepare !== undefined) {
        await prepare(page)
        await page.goto(url ?? (isolated ? served : plain).url)
      }
      await use(page)
      expect(problems.filter(problem => expected?.test(problem) !== true)).toEqual([])
    } finally {
      await page.context().close()
    }
  })
}

/** The text of an element. */
export async function textOf(page: Page, id: string): Promise<string> {
  return (await page.textContent(`#${id}`)) ?? ''
}

/** A number that the page shows: `1,234` is one. */
export async function numberOf(page: Page, id: string): Promise<number> {
  return Number((await textOf(page, id)).replaceAll(/[<, ]/g, ''))
}

/** Waits until the page shows a number of which that is true; `test` is JavaScript about `n`. */
export async function untilNumber(page: Page, id: string, condition: string): Promise<void> {
  await page.waitForFunction(`(n => ${condition})(Number((document.getElementById('${id}').textContent || 'x').replaceAll(/[<, ]/g, '')))`)
}

/** Waits until something is so on the page, which shows what was done before its next frame. */
export async function until(page: Page, condition: string): Promise<void> {
  await page.waitForFunction(condition)
}

/** Waits until an element has that text. */
export async function untilText(page: Page, id: string, text: string): Promise<void> {
  await until(page, `document.getElementById(${JSON.stringify(id)}).textContent === ${JSON.stringify(text)}`)
}

/** Waits until the page is ready to train. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(`!document.getElementById('play').disabled`)
}

/** Chooses a radio button by its value, as a click on its label does. */
export async function choose(page: Page, name: string, value: string): Promise<void> {
  await page.locator(`label:has(input[name=${name}][value="${value}"])`).click()
}

/** As many steps as there can be, and such as few of them are enough. */
export async function hurry(page: Page): Promise<void> {
  await page.locator('#learning-rate').fill('5')
  await page.locator('#batch-size').fill('7')
  await page.locator('#speed').fill('9')
}
