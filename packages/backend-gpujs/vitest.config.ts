import { shared } from '../../vitest.shared.ts'

// What needs a display or a browser has runs of its own: `npm run check:gl`, `npm run check:browser`.
export default shared({ test: { exclude: ['test/headlessgl/**', 'test/browser/**'] } })
