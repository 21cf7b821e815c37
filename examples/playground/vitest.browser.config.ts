import { shared } from '../../vitest.shared.ts'

// One file after the other, each with a browser of its own, which computes WebGL on the processor. Pages are built by Vite, which does not belong into a thread.
const config = shared({ test: { pool: 'forks', maxWorkers: 1 } })
export default { ...config, test: { ...config.test, include: ['test/browser/**/*.test.ts'] } }
