/** The random streams' controls: `npx.random.seed(1)`. */
export { bernoulli, getState, seed, setState } from '@ashlar/core'
