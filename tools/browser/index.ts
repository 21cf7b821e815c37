/** Headless Chromium for tests: build a page, serve it, open it, and hear of everything that goes wrong in it. */
export { buildPage } from './build.ts'
export { findChromium } from './find.ts'
export { openChromium, openPage } from './launch.ts'
export type { ChromiumOptions, WatchedPage } from './launch.ts'
export { ISOLATION, serveFolder } from './serve.ts'
export type { Served } from './serve.ts'
