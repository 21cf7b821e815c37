import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { findChromium } from './find.ts'

/** How {@link openChromium} starts the browser. */
export interface ChromiumOptions {
  /** Switches WebGPU on, on SwiftShader. */
  readonly webgpu?: boolean
}

// WebGL on the processor, so that every machine computes the same; and processes without a sandbox, since containers run as root.
const ARGUMENTS = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-dev-shm-usage']
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan']

/**
 * Starts headless Chromium with WebGL 2 on SwiftShader. `await browser.close()` ends it.
 *
 * @throws Error where none is installed, with how to get one
 */
export async function openChromium({ webgpu = false }: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null) {
    throw new Error('no Chromium: install one (apt-get install chromium), or name one in ASHLAR_CHROMIUM')
  }
  return chromium.launch({ executablePath, headless: true, args: webgpu ? [...ARGUMENTS, ...WEBGPU] : ARGUMENTS })
}

/** A page, and what went wrong in it so far: errors on its console, exceptions that nobody caught, requests that failed. */
export interface WatchedPage {
  readonly page: Page
  readonly problems: string[]
}

/**
 * Opens an address in a context of its own, with everything that goes wrong noted from the start.
 *
 * @param options playwright's, such as `{ viewport: { width: 360, height: 640 } }`
 */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const page = await (await browser.newContext(options)).newPage()
  const problems: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => problems.push(`exception: ${error.stack ?? error.message}`))
  page.on('requestfailed', request => problems.push(`request: ${request.url()} ${request.failure()?.errorText ?? ''}`))
  page.on('response', response => {
    if (response.status() >= 400) problems.push(`request: ${response.url()} ${response.status()}`)
  })
  page.on('crash', () => problems.push('the page crashed'))
  await page.goto(url)
  return { page, problems }
}
