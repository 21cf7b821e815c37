export {
  fillBernoulli,
  fillCategorical,
  fillCategoricalWithoutReplacement,
  fillChoice,
  fillChoiceWithoutReplacement,
  fillMultinomial,
  shuffledOrder,
  shuffledRowOrder,
} from './discrete.ts'
export { logFloat32 } from './logarithm.ts'
export { MT19937, type MT19937State } from './mt19937.ts'
export { fillNormal } from './normal.ts'
export { type IntegerArray, ParallelStream, type ParallelStreamState } from './parallel-stream.ts'
export { RandomState, type RandomSnapshot } from './random-state.ts'
export {
  fillExponential,
  fillGumbel,
  fillLogistic,
  fillLogNormal,
  fillPareto,
  fillPower,
  fillRayleigh,
  fillWeibull,
} from './samplers.ts'
export { generatorSeed } from './seeding.ts'
export { fillUniform, nextUniform, nextUniformFloat64, type RealArray } from './uniform.ts'
