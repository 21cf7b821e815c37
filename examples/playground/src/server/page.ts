import { fileURLToPath } from 'node:url'
import type { InlineConfig, Plugin } from 'vite'
import { defaultClientConditions } from 'vite'

/** The folder of `index.html`. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))

/** With these a page is cross-origin isolated, which shared memory needs, and threads with it. */
export const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** How Vite makes the page, from the workspace's sources. */
export function pageConfig(plugins: Plugin[]): InlineConfig {
  return {
    configFile: false,
    root: ROOT,
    // Relative, so that the files work in any folder of any server.
    base: './',
    appType: 'mpa',
    logLevel: 'warn',
    clearScreen: false,
    plugins,
    resolve: { conditions: ['source', ...defaultClientConditions] },
    // Found at once: what is found late has the page load again.
    optimizeDeps: { include: ['gpu.js'] },
    worker: { format: 'es' },
    server: { headers: { ...ISOLATION } },
    // How long plugins took is nothing that whoever starts the page can mend.
    build: { target: 'es2023', emptyOutDir: true, chunkSizeWarningLimit: 2048, rolldownOptions: { checks: { pluginTimings: false } } },
  }
}
