import { shared } from '../../vitest.shared.ts'

// What needs a browser has a run of its own: `npm run check:browser`.
export default shared({ test: { exclude: ['test/browser/**'] } })
