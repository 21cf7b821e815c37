/** The random streams' controls: `npx.random.seed(1)`. */
export { getState, seed, setState } from '@ashlar/core'
