import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'
import { CountReporter } from './tools/report/reporter.ts'

/**
 * The vitest configuration of every package: workspace packages are read from their source, never from a build that may be old.
 *
 * @param own what one package needs beyond that, merged over the shared part
 */
export function shared(own: ViteUserConfig = {}): ViteUserConfig {
  return mergeConfig(
    defineConfig({
      resolve: { conditions: ['source', 'module', 'node', 'development|production'] },
      ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
      test: {
        include: ['**/*.test.ts'],
        exclude: ['**/node_modules/**', '**/dist/**', '**/.examples/**'],
        // Ten times faster than isolated workers; so tests must not leak state (registry, name counters, random streams).
        pool: 'threads',
        isolate: false,
        // Worker threads that the code under test starts are run by Node itself, which needs the condition too.
        execArgv: ['--conditions=source'],
        maxConcurrency: 2,
        // Two busy cores are slow, and a test that hangs is found all the same.
        testTimeout: 180_000,
        hookTimeout: 180_000,
        reporters: ['default', new CountReporter()],
      },
    }),
    own,
  )
}
