/** The random streams' controls, under Gluon's name: `npx.random.seed(1)`. */
export { getState, seed, setState } from './np-random.ts'
