/** NumPy's random draws, each reproducible from a seed as in MXNet: `np.random.seed(1)`, `np.random.normal(0, 1, [2, 3])`. */
export { choice, permutation, shuffle } from './np-random/choice.ts'
export { exponential, gumbel, logistic, lognormal, normal, pareto, power, rand, randn, rayleigh, uniform, weibull } from './np-random/continuous.ts'
export { bernoulli, multinomial, randint } from './np-random/discrete.ts'
export { getState, seed, setState } from './np-random/streams.ts'
