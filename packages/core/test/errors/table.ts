import { array, np } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'

/** How one exported operation is called, for tests that call it wrongly. */
export interface Row {
  /** Arguments of a call that works; made anew each time. */
  readonly args: () => readonly unknown[]
  /** Places of arrays in whose stead numbers do (`operands`), or nothing at all (`optional`). */
  readonly operands?: readonly number[]
  readonly optional?: readonly number[]
  /** The place of trailing options, with values that work. */
  readonly options?: number
  readonly known?: Readonly<Record<string, unknown>>
  /** An axis may be given twice. */
  readonly twice?: boolean
  /** What the operation is called in messages, where that is not its name alone. */
  readonly names?: readonly string[]
}

export const matrix = (): NDArray => array([[1, 2, 3], [4, 5, 6]])
const unit = (): NDArray => array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
const vector = (): NDArray => array([1, 2, 3])
const places = (): NDArray => array([0, 1], { dtype: 'int32' })
const images = (): NDArray => np.arange(0, 32).reshape(1, 2, 4, 4)
const pair = (): NDArray => array([1, 2])

const one = (...names: string[]): Row => ({ args: () => [unit()], names })
const axes = (...names: string[]): Row => ({ args: () => [matrix(), {}], options: 1, known: { axis: 0, keepdims: true }, names })
const along = (...names: string[]): Row => ({ args: () => [matrix(), {}], options: 1, known: { axis: 0 }, names })
const two = (...names: string[]): Row => ({ args: () => [matrix(), matrix()], operands: [0, 1], names })
const arrays = (...names: string[]): Row => ({ args: () => [matrix(), vector()], names })
const alike = (): Row => ({ args: () => [unit(), matrix()] })
const pulled = { wd: 0.1, rescaleGrad: 0.5, clipGradient: 1 }
const window = { stride: 1, padding: 1, dilation: 1, groups: 1 }
const pooling = { kernel: 2, stride: 1, padding: 1, ceilMode: true }
const standard = { axis: 1, epsilon: 1e-3 }

/** One row for each function that core exports as an operation. The names in brackets are kernels' or NumPy's. */
export const ROWS: Readonly<Record<string, Row>> = {
  relu: one(), sigmoid: one(), softplus: one(), softsign: one(), neg: one(), logicalNot: one(), copy: one(), square: one(), abs: one(), sign: one(), exp: one(), expm1: one(),
  log: one(), log1p: one(), sqrt: one(), sin: one(), cos: one(), tan: one(), sinh: one(), cosh: one(), tanh: one(), erf: one(), floor: one(), ceil: one(), rint: one(), trunc: one(),
  arcsin: one(), arccos: one(), arctan: one(), arcsinh: one(), arccosh: one(), arctanh: one(),
  reciprocal: one(), rsqrt: one(), log2: one(), log10: one(), cbrt: one(), degrees: one(), radians: one(), round: one(), selu: one(), isnan: one(), isinf: one(), isfinite: one(),
  globalAvgPool: { args: () => [images()] }, globalMaxPool: { args: () => [images()] }, nonzero: one(), argwhere: one(), unique: one(),
  softmax: along(), logSoftmax: along(), cumsum: along(),
  sum: axes(), mean: axes(), max: axes(), min: axes(), all: axes(), any: axes(), norm: axes(), prod: axes(), logsumexp: axes(), countNonzero: axes(),
  argmax: axes(), argmin: axes(),
  variance: { args: () => [matrix(), {}], options: 1, known: { axis: 0, keepdims: true, ddof: 1 }, names: ['var'] },
  std: { args: () => [matrix(), {}], options: 1, known: { axis: 0, keepdims: true, ddof: 1 } },
  add: two(), sub: two(), mul: two(), div: two(), mod: two(), power: two(), maximum: two(), minimum: two(), eq: two(), ne: two(), lt: two(), le: two(), gt: two(), ge: two(),
  arctan2: two(), hypot: two(),
  logicalAnd: arrays(), logicalOr: arrays(), dot: arrays(), outer: arrays(), arrayEqual: arrays(),
  matmul: { args: () => [matrix(), vector(), {}], options: 2, known: { transposeA: false, transposeB: true } },
  isclose: { args: () => [matrix(), matrix(), {}], operands: [1], options: 2, known: { rtol: 0, atol: 1, equalNan: true } },
  allclose: { args: () => [matrix(), matrix(), {}], operands: [1], options: 2, known: { rtol: 0, atol: 1, equalNan: true } },
  where: { args: () => [matrix(), matrix(), matrix()], operands: [1, 2] },
  clip: { args: () => [matrix(), 1, 4] },
  elementwise: { args: () => [{ inputs: ['float32', 'float32'], steps: [{ kind: 'add', of: [0, 1] }] }, [matrix(), matrix()]] },
  linear: { args: () => [matrix(), np.ones([4, 3]), np.ones([4])], optional: [2] },
  softmaxCrossEntropy: { args: () => [matrix(), places(), {}], options: 2, known: { keepdims: true } },
  reluGradient: alike(), sigmoidGradient: alike(), tanhGradient: alike(),
  sgdStep: { args: () => [unit(), matrix(), { learningRate: 0.1 }], options: 2, known: pulled },
  sgdVelocity: { args: () => [unit(), matrix(), unit(), { learningRate: 0.1, momentum: 0.9 }], options: 3, known: pulled },
  nagStep: { args: () => [unit(), matrix(), unit(), { momentum: 0.9 }], options: 3, known: { momentum: 0 } },
  adamMean: { args: () => [unit(), matrix(), unit(), { beta: 0.9 }], options: 3, known: pulled },
  adamSquare: { args: () => [unit(), matrix(), unit(), { beta: 0.9 }], options: 3, known: pulled },
  adamStep: { args: () => [unit(), matrix(), unit(), { rate: 0.1, epsilon: 1e-8 }], options: 3, known: { decay: 0.1 } },
  broadcastTo: { args: () => [vector(), [2, 3]] }, reshape: { args: () => [matrix(), [3, 2]] }, expandDims: { args: () => [matrix(), 1] },
  squeeze: { args: () => [np.ones([1, 2]), 0] }, swapaxes: { args: () => [matrix(), 0, 1] }, transpose: { args: () => [matrix(), [1, 0]] }, flip: { args: () => [matrix(), 1] },
  astype: { args: () => [matrix(), 'int32'] },
  concatenate: { args: () => [[matrix(), matrix()], {}], options: 1, known: { axis: 1 } }, stack: { args: () => [[matrix(), matrix()], {}], options: 1, known: { axis: 1 } },
  meshgrid: { args: () => [vector(), vector(), {}], options: 2, known: { indexing: 'ij', sparse: true } },
  take: { args: () => [matrix(), places(), { axis: 0 }], options: 2, known: { axis: 1, mode: 'clip' } },
  pick: { args: () => [matrix(), places(), {}], options: 2, known: { axis: 1, mode: 'wrap', keepdims: true } },
  embedding: { args: () => [places(), matrix()] }, oneHot: { args: () => [places(), 3, {}], options: 2, known: { dtype: 'int32' } },
  scatterAdd: { args: () => [pair(), places(), [3], {}], options: 3, known: { axis: 0 } },
  takeAlongAxis: { args: () => [matrix(), array([[0], [2]], { dtype: 'int32' }), {}], options: 2, known: { axis: 1 } },
  gatherNd: { args: () => [matrix(), places()] }, scatterNd: { args: () => [array(1), places(), [2, 3]] },
  sort: { args: () => [matrix(), {}], options: 1, known: { axis: 0, descending: true } }, argsort: { args: () => [matrix(), {}], options: 1, known: { axis: 0, descending: true } },
  topk: { args: () => [matrix(), {}], options: 1, known: { axis: 0, k: 2, largest: false } },
  diag: { args: () => [matrix(), 1] }, tril: { args: () => [matrix(), 1] }, triu: { args: () => [matrix(), 1] },
  diagonal: { args: () => [matrix(), {}], options: 1, known: { offset: 1, axis1: 1, axis2: 0 } }, trace: { args: () => [matrix(), {}], options: 1, known: { offset: 1 } },
  einsum: { args: () => ['ij,j->i', matrix(), vector()] }, tensordot: { args: () => [matrix(), vector(), 1] },
  fft: { args: () => [np.ones([3, 2])] }, ifft: { args: () => [np.ones([3, 2])] }, rfft: { args: () => [matrix()] },
  pad: { args: () => [matrix(), [1, 1], {}], options: 2, known: { mode: 'edge', constantValues: 2 } },
  repeat: { args: () => [matrix(), 2, {}], options: 2, known: { axis: 0 } }, tile: { args: () => [matrix(), [2, 1]] },
  roll: { args: () => [matrix(), 1, {}], options: 2, known: { axis: 0 }, twice: true }, split: { args: () => [matrix(), 3, { axis: 1 }], options: 2, known: { axis: 1 } },
  convolution: { args: () => [images(), np.ones([3, 2, 2, 2]), np.ones([3]), {}], optional: [2], options: 3, known: window },
  convolutionTranspose: { args: () => [images(), np.ones([2, 3, 2, 2]), np.ones([3]), {}], optional: [2], options: 3, known: { ...window, outputPadding: 0 } },
  maxPool: { args: () => [images(), { kernel: 2 }], options: 1, known: pooling }, avgPool: { args: () => [images(), { kernel: 2 }], options: 1, known: { ...pooling, countIncludePad: false } },
  layerNorm: { args: () => [matrix(), vector(), vector(), {}], options: 3, known: standard }, instanceNorm: { args: () => [images(), pair(), pair(), {}], options: 3, known: standard },
  groupNorm: { args: () => [images(), pair(), pair(), {}], options: 3, known: { groups: 2, epsilon: 1e-3 } },
  batchNormTraining: { args: () => [images(), pair(), pair(), {}], options: 3, known: standard },
  batchNorm: { args: () => [images(), pair(), pair(), pair(), pair(), {}], options: 5, known: standard },
  dropout: { args: () => [matrix(), 0.5] },
  elu: { args: () => [matrix(), 1] }, leakyRelu: { args: () => [matrix(), 0.1] }, swish: { args: () => [matrix(), 1] }, prelu: { args: () => [matrix(), vector()] },
  gelu: { args: () => [matrix(), {}], options: 1, known: { approximate: true } }, hardSigmoid: { args: () => [matrix(), {}], options: 1, known: { alpha: 0.1, beta: 1 } },
}

/** Exports that are no operations, whose arguments have tests of their own, or that only operations call. */
export const ELSEWHERE: readonly string[] = ['Slice', 'slice', 'get', 'assign', 'sumTo']
