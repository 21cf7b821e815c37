import { defineConfig } from 'vitest/config'

// For `npx vitest` in the root: every package with its own configuration.
export default defineConfig({ test: { projects: ['packages/*', 'examples/*', 'benchmarks', 'tools'] } })
