import { shared } from '../../vitest.shared.ts'

// The browser is a process of the test's own, and pages are built by Vite: neither belongs into a thread.
const config = shared({ test: { pool: 'forks', maxWorkers: 1 } })
export default { ...config, test: { ...config.test, include: ['test/browser/**/*.test.ts'] } }
