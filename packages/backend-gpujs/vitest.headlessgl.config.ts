import { shared } from '../../vitest.shared.ts'

// The addon of headless GL loads once a process, so threads will not do.
const config = shared({ test: { pool: 'forks', maxWorkers: 1 } })
export default { ...config, test: { ...config.test, include: ['test/headlessgl/**/*.test.ts'] } }
