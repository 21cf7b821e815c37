/** NumPy's functions under their names: `np.add`, `np.zeros`, `np.random.uniform`. */
export { arange, array, eye, full, linspace, ones, onesLike, zeros, zerosLike } from './creation.ts'
export { add, div as divide, mul as multiply, neg as negative, sub as subtract } from './ops/arithmetic.ts'
export { broadcastTo } from './ops/broadcast.ts'
export { eq as equal, ge as greaterEqual, gt as greater, le as lessEqual, logicalAnd, logicalNot, logicalOr, lt as less, ne as notEqual, where } from './ops/compare.ts'
export { newaxis, slice } from './ops/get.ts'
export { take } from './ops/indexing.ts'
export { concatenate, stack } from './ops/joining.ts'
export { dot, matmul } from './ops/linear-algebra.ts'
export {
  abs, arccos, arccosh, arcsin, arcsinh, arctan, arctanh, ceil, cos, cosh, exp, expm1, floor, log, log1p, rint, sign, sin, sinh, sqrt,
  square, tan, tanh, trunc,
} from './ops/math.ts'
export { clip, maximum, minimum, mod, power } from './ops/power.ts'
export { all, any, argmax, argmin, max, mean, min, norm, std, sum, variance as var } from './ops/reduce.ts'
export { copy, expandDims, reshape, squeeze } from './ops/reshape.ts'
export { flip } from './ops/slicing.ts'
export { swapaxes, transpose } from './ops/transpose.ts'
export * as random from './np-random.ts'
