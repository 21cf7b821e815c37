import { np, npx } from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'

/** Makes an array of 1, 2, 3, … (of 0 and 1 for bool) on the device, in the dtype that is tried. */
export type Make = (shape: readonly number[], dtype?: DType) => NDArray

type Probe = (make: Make) => unknown
type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>

const MATRIX = [2, 3]
const IMAGE = [1, 2, 4, 4]

/** Probes of functions that are called alike. */
function alike(place: 'np' | 'npx', names: string, call: (fn: (...args: unknown[]) => unknown, make: Make) => unknown): [string, Probe][] {
  const functions = (place === 'np' ? np : npx) as unknown as Functions
  return names.split(' ').map(name => [`${place}.${name}`, make => call(functions[name]!, make)])
}

const int32 = 'int32'

/** One call for each function of `np` and `npx` that computes: enough to see how a device runs it. */
export const PROBES: ReadonlyMap<string, Probe> = new Map<string, Probe>([
  ...alike('np', 'negative abs sign floor ceil rint trunc exp expm1 log log1p log2 log10 sqrt cbrt square reciprocal sin cos tan arcsin arccos arctan', (fn, make) => fn(make(MATRIX))),
  ...alike('np', 'sinh cosh tanh arcsinh arccosh arctanh degrees radians round isnan isinf isfinite logicalNot', (fn, make) => fn(make(MATRIX))),
  ...alike('np', 'add subtract multiply divide mod power maximum minimum arctan2 hypot', (fn, make) => fn(make(MATRIX), make([3]))),
  ...alike('np', 'equal notEqual less lessEqual greater greaterEqual logicalAnd logicalOr isclose allclose arrayEqual', (fn, make) => fn(make(MATRIX), make(MATRIX))),
  ...alike('np', 'sum prod max min mean var std norm any all argmax argmin cumsum', (fn, make) => fn(make(MATRIX), { axis: 1 })),
  ...alike('np', 'sort argsort unique nonzero argwhere countNonzero', (fn, make) => fn(make(MATRIX))),
  ...alike('np', 'copy transpose squeeze flip diag diagonal trace tril triu', (fn, make) => fn(make([3, 3]))),
  ...alike('np', 'dot matmul', (fn, make) => fn(make([2, 3]), make([3, 2]))),
  ...alike('np', 'concatenate stack', (fn, make) => fn([make(MATRIX), make(MATRIX)])),
  ['np.outer', make => np.outer(make([2]), make([3]))],
  ['np.tensordot', make => np.tensordot(make(MATRIX), make([3, 2]), 1)],
  ['np.einsum', make => np.einsum('ij,jk->ik', make(MATRIX), make([3, 2]))],
  ['np.clip', make => np.clip(make(MATRIX), 1, 2)],
  ['np.where', make => np.where(make(MATRIX, 'bool'), make(MATRIX), make(MATRIX))],
  ['np.broadcastTo', make => np.broadcastTo(make([3]), MATRIX)],
  ['np.reshape', make => np.reshape(make(MATRIX), [3, 2])],
  ['np.expandDims', make => np.expandDims(make(MATRIX), 0)],
  ['np.swapaxes', make => np.swapaxes(make(MATRIX), 0, 1)],
  ['np.take', make => np.take(make(MATRIX), make([2], int32), { axis: 0, mode: 'clip' })],
  ['np.takeAlongAxis', make => np.takeAlongAxis(make([3, 3]), np.subtract(make([3, 1], int32), make([3, 1], int32)), { axis: 1 })],
  ['np.pad', make => np.pad(make(MATRIX), 1)],
  ['np.tile', make => np.tile(make(MATRIX), [2, 1])],
  ['np.repeat', make => np.repeat(make(MATRIX), 2, { axis: 0 })],
  ['np.roll', make => np.roll(make(MATRIX), 1, { axis: 0 })],
  ['np.split', make => np.split(make([4, 2]), 2)],
  ['np.meshgrid', make => np.meshgrid(make([2]), make([3]))],
  ['np.fft.fft', make => np.fft.fft(make([4, 2]))],
  ['np.fft.ifft', make => np.fft.ifft(make([4, 2]))],
  ['np.fft.rfft', make => np.fft.rfft(make([4]))],
  ...alike('npx', 'relu sigmoid softplus softsign softmax logSoftmax logsumexp rsqrt erf elu selu gelu leakyRelu swish hardSigmoid', (fn, make) => fn(make(MATRIX))),
  ...alike('npx', 'layerNorm', (fn, make) => fn(make(MATRIX), make([3]), make([3]))),
  ...alike('npx', 'instanceNorm groupNorm batchNormTraining', (fn, make) => fn(make(IMAGE), make([2]), make([2]))),
  ...alike('npx', 'globalAvgPool globalMaxPool', (fn, make) => fn(make(IMAGE))),
  ...alike('npx', 'avgPool maxPool', (fn, make) => fn(make(IMAGE), { kernel: 2 })),
  ...alike('npx', 'convolution convolutionTranspose', (fn, make) => fn(make(IMAGE), make([2, 2, 3, 3]), make([2]))),
  ['npx.linear', make => npx.linear(make(MATRIX), make([4, 3]), make([4]))],
  ['npx.prelu', make => npx.prelu(make(MATRIX), make([1]))],
  ['npx.batchNorm', make => npx.batchNorm(make(IMAGE), make([2]), make([2]), make([2]), make([2]))],
  ['npx.dropout', make => npx.dropout(make(MATRIX), 0.5, { mode: 'always' })],
  ['npx.topk', make => npx.topk(make(MATRIX), { k: 1 })],
  ['npx.embedding', make => npx.embedding(make([1], int32), make([3, 3]))],
  ['npx.pick', make => npx.pick(make([2, 4]), make([2], int32))],
  ['npx.oneHot', make => npx.oneHot(make([2], int32), 4)],
  ['npx.gatherNd', make => npx.gatherNd(make([3, 3]), make([1, 2], int32))],
  ['npx.scatterNd', make => npx.scatterNd(make([2]), make([1, 2], int32), [4])],
  ['x.astype', make => make(MATRIX).astype(int32)],
  ['x.get, by slices', make => make([4, 4]).get('1:3', '::-1')],
  ['x.get, by a mask', make => make([4]).get(make([4], 'bool'))],
  ['x.set', make => make([4, 4]).set([0, '1:3'], 5)],
])
