/** The random streams' controls, and what NumPy has no name for, under Gluon's: `npx.random.seed(1)`. */
export { bernoulli, getState, seed, setState } from './np-random.ts'
