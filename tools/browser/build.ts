import { build } from 'vite'
import type { InlineConfig } from 'vite'

/**
 * Builds a page with Vite, the workspace's packages from their sources.
 *
 * @param root the folder of `index.html`
 * @param outDir where the page goes; emptied first
 * @param own what the page needs beyond that
 */
export async function buildPage(root: string, outDir: string, own: InlineConfig = {}): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    ...own,
    root,
    base: './',
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'], ...own.resolve },
    build: { outDir, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 8192, ...own.build },
  })
}
