import { describe, expect, it } from 'vitest'
import * as core from '@ashlar/core'
import { array, np } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { flat } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const GARBAGE: readonly unknown[] = [undefined, null, 'a', '1', true, {}, [], [1, 2], () => 1, Symbol('s'), 1n, new Float32Array(2), new Date()]

/** Every exported function of one array. */
const UNARY: readonly string[] = [
  'abs', 'arccos', 'arccosh', 'arcsin', 'arcsinh', 'arctan', 'arctanh', 'ceil', 'cos', 'cosh', 'erf', 'exp', 'expm1', 'floor', 'log', 'log1p', 'rint', 'sign', 'sin', 'sinh',
  'sqrt', 'square', 'tan', 'tanh', 'trunc', 'neg', 'relu', 'sigmoid', 'softplus', 'softsign', 'softmax', 'logSoftmax', 'logicalNot', 'sum', 'mean', 'variance', 'std', 'max', 'min',
  'norm', 'all', 'any', 'argmax', 'argmin', 'copy', 'squeeze', 'transpose', 'flip', 'zerosLike', 'onesLike',
]
const BINARY: readonly string[] = ['add', 'sub', 'mul', 'div', 'mod', 'power', 'maximum', 'minimum', 'eq', 'ne', 'lt', 'le', 'gt', 'ge']
const ARRAYS_ONLY: readonly string[] = ['matmul', 'dot', 'logicalAnd', 'logicalOr', 'take', 'pick', 'linear']

type AnyFunction = (...args: unknown[]) => unknown
const fn = (name: string): AnyFunction => (core as unknown as Record<string, AnyFunction>)[name]!
const x = (): NDArray => array([[1, 2, 3], [4, 5, 6]])
const say = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value))

describe('what is no array', () => {
  cleanState()

  it.each(UNARY)('%s refuses it', name => {
    for (const value of [...GARBAGE, 1]) expect(thrownBy(() => fn(name)(value)), say(value)).toBeInstanceOf(TypeError)
  })

  it.each(BINARY)('%s refuses it on either side', name => {
    for (const value of GARBAGE) {
      expect(thrownBy(() => fn(name)(x(), value)), say(value)).toBeInstanceOf(TypeError)
      expect(thrownBy(() => fn(name)(value, x())), say(value)).toBeInstanceOf(TypeError)
      expect(thrownBy(() => fn(name)(value, 1)), say(value)).toBeInstanceOf(TypeError)
    }
    expect(thrownBy(() => fn(name)(1, 2))).toBeInstanceOf(TypeError)
  })

  it.each(ARRAYS_ONLY)('%s refuses it, and numbers', name => {
    for (const value of [...GARBAGE, 1]) {
      expect(thrownBy(() => fn(name)(x(), value)), say(value)).toBeInstanceOf(TypeError)
      expect(thrownBy(() => fn(name)(value, x())), say(value)).toBeInstanceOf(TypeError)
    }
  })

  it('where, clip, concatenate, stack, scatterAdd, oneHot and the rest refuse it', () => {
    for (const value of GARBAGE) {
      for (const attempt of [
        () => core.where(value as never, 1, 2), () => core.where(x(), value as never, x()), () => core.where(x(), 1, value as never), () => core.where(x(), value as never, value as never),
        () => core.clip(value as never, 0, 1), () => core.concatenate(value as never), () => core.concatenate([x(), value as never]), () => core.stack(value as never),
        () => core.stack([value as never]), () => core.scatterAdd(value as never, x(), 3), () => core.scatterAdd(x(), value as never, 3), () => core.oneHot(value as never, 3),
        () => core.reshape(value as never, 6), () => core.expandDims(value as never, 0), () => core.swapaxes(value as never, 0, 1), () => core.broadcastTo(value as never, 6),
        () => core.astype(value as never, 'float32'), () => core.get(value as never, [0]), () => core.copyTo(value as never, x().context),
      ]) thrownBy(attempt)
    }
  })
})

type Attempt = readonly [what: string, run: (x: NDArray) => unknown, message: string]

const ATTEMPTS: readonly Attempt[] = [
  ['shapes that do not broadcast (B-14.4)', y => y.add(np.ones([4])), '[add] operands could not be broadcast together with shapes [2,3] [4]'],
  ['shapes that do not broadcast in where', y => np.where(y, y, np.ones([4])), '[where] operands could not be broadcast together with shapes [2,3] [4]'],
  ['shapes that do not broadcast in a comparison', y => y.lt(np.ones([3, 2])), '[lt] operands could not be broadcast together with shapes [2,3] [3,2]'],
  ['matmul of other inner extents', y => y.matmul(y), '[matmul] inner dimensions differ: (2, 3) @ (2, 3)'],
  ['matmul, transposed', y => np.matmul(y, np.ones([2, 3]), { transposeA: true, transposeB: true }), '(2, 3).T @ (2, 3).T'],
  ['matmul of a vector', y => y.matmul(np.ones(2)), '[matmul] inner dimensions differ: (2, 3) @ (2,)'],
  ['matmul of a scalar', y => y.matmul(array(1)), '[matmul] operands need at least one dimension'],
  ['matmul of batches', () => np.matmul(np.ones([2, 3, 4]), np.ones([3, 4, 5])), '[matmul] operands could not be broadcast'],
  ['dot of other inner extents', y => np.dot(y, y), '[dot] inner dimensions differ: (2, 3) @ (2, 3)'],
  ['linear of another width', y => core.linear(y, np.ones([4, 2])), '[linear] x (2, 3), weight (4, 2) do not fit'],
  ['linear with a weight of one axis', y => core.linear(y, np.ones([3])), '[linear] x (2, 3), weight (3,) do not fit'],
  ['linear with another bias', y => core.linear(y, np.ones([4, 3]), np.ones([3])), 'bias (3,) do not fit'],
  ['linear with a bias of two axes', y => core.linear(y, np.ones([4, 3]), np.ones([4, 1])), 'bias (4, 1) do not fit'],
  ['linear of a scalar', () => core.linear(array(1), np.ones([4, 3])), '[linear] x (), weight (4, 3) do not fit'],
  ['reshape to another size', y => y.reshape(4), '[reshape] cannot reshape array of size 6 into shape (4,)'],
  ['reshape with a hole that does not fit', y => y.reshape(4, -1), '[reshape] cannot reshape array of size 6 into shape (4, -1)'],
  ['reshape with two holes', y => y.reshape(-1, -1), '[reshape] negative dimensions are not allowed'],
  ['reshape by something else', y => np.reshape(y, 'a' as never), '[reshape] a shape is a whole number'],
  ['an axis beyond', y => y.sum({ axis: 2 }), '[sum] axis 2 is out of bounds for array of dimension 2'],
  ['an axis far before', y => y.max({ axis: -3 }), '[max] axis -3 is out of bounds for array of dimension 2'],
  ['an axis of a scalar', () => array(1).mean({ axis: 0 }), '[mean] axis 0 is out of bounds for array of dimension 0'],
  ['an axis twice', y => y.sum({ axis: [0, -2] }), '[sum] duplicate value in axis'],
  ['an axis that is no whole number', y => y.argmax({ axis: 0.5 }), '[argmax] an axis is a whole number, got 0.5'],
  ['an axis that is text', y => y.sum({ axis: '1' as never }), '[sum] an axis is a whole number'],
  ['an axis that is an object', y => y.sum({ axis: {} as never }), '[sum] an axis is a whole number'],
  ['a number in place of options', y => y.sum(1 as never), '[sum] options are an object, got 1'],
  ['a number in place of argmax’s options', y => y.argmax(1 as never), '[argmax] options are an object, got 1'],
  ['null in place of options', y => y.mean(null as never), '[mean] options are an object, got null'],
  ['a number in place of softmax’s options', y => core.softmax(y, 1 as never), '[softmax] options are an object, got 1'],
  ['a number in place of concatenate’s options', y => np.concatenate([y, y], 1 as never), '[concatenate] options are an object, got 1'],
  ['a number in place of take’s options', y => np.take(y, array([0]), 1 as never), '[take] options are an object, got 1'],
  ['max of nothing', () => np.zeros([0]).max(), '[max] zero-size array (0,) has no maximum'],
  ['min over nothing', () => np.zeros([2, 0]).min({ axis: 1 }), '[min] zero-size array (2, 0) has no minimum'],
  ['argmax of nothing', () => np.zeros([0]).argmax(), '[argmax] attempt to get argmax of an empty sequence'],
  ['transpose by too few axes', y => y.transpose([0]), '[transpose] axes [0] do not name every axis of (2, 3) once'],
  ['transpose by an axis twice', y => y.transpose([0, 0]), '[transpose] axes [0, 0] do not name every axis'],
  ['transpose by a number', y => y.transpose(1 as never), '[transpose] axes are a list'],
  ['swapaxes beyond', y => y.swapaxes(0, 2), '[swapaxes] axis 2 is out of bounds'],
  ['expandDims beyond', y => y.expandDims(4), '[expandDims] axis 4 is out of bounds'],
  ['squeeze of an axis that is not 1', y => y.squeeze(0), '[squeeze] cannot select an axis to squeeze out which has size not equal to one'],
  ['flip of an axis beyond', y => np.flip(y, 2), '[flip] axis 2 is out of bounds'],
  ['broadcastTo a shape that does not fit', y => np.broadcastTo(y, [3, 3]), '[broadcastTo] operands could not be broadcast together with shapes [2,3] [3,3]'],
  ['broadcastTo fewer axes', y => np.broadcastTo(y, [3]), '[broadcastTo] operands could not be broadcast together with shapes [2,3] [3]'],
  ['concatenate of other extents', y => np.concatenate([y, np.ones([2, 4])]), '[concatenate] all shapes must agree but along axis 0, got (2, 3), (2, 4)'],
  ['concatenate of other ranks', y => np.concatenate([y, np.ones([3])]), '[concatenate] all shapes must agree'],
  ['concatenate of scalars', () => np.concatenate([array(1)]), '[concatenate] axis 0 is out of bounds'],
  ['concatenate of nothing', () => np.concatenate([]), '[concatenate] need at least one array'],
  ['stack of other shapes', y => np.stack([y, np.ones([2, 4])]), '[stack] all shapes must agree, got (2, 3), (2, 4)'],
  ['arcsin of storage', () => np.arcsin(array([1]).astype('bfloat16')), '[arcsin] '],
  ['arctanh of storage', () => np.arctanh(array([1]).astype('bfloat16')), '[arctanh] '],
  ['power of shapes that do not fit', y => np.power(y, np.ones([2])), '[power] operands could not be broadcast'],
  ['arctan2 of shapes that do not fit', y => np.arctan2(y, np.ones([2])), '[arctan2] operands could not be broadcast'],
  ['matmul with a number for options', y => core.matmul(y, y, 1 as never), '[matmul] options are an object, got 1'],
  ['var with a ddof that is no number', y => np.var(y, { ddof: 'a' as never }), `[var] ddof is a number, got 'a'`],
  ['std with a ddof that is no number', y => y.std({ ddof: null as never, axis: 0 }).std({ ddof: {} as never }), '[std] ddof is a number'],
  ['clip to text', y => np.clip(y, 'a' as never, 2), `[clip] a limit is a number, got 'a'`],
  ['tensordot of other extents', y => np.tensordot(y, y, 1), '[tensordot] summed extents differ'],
  ['dot of other extents', y => np.dot(y, y), '[dot] inner dimensions differ'],
  ['stack of nothing', () => np.stack([]), '[stack] need at least one array'],
  ['take along an axis beyond', y => np.take(y, array([0]), { axis: 2 }), '[take] axis 2 is out of bounds'],
  ['take from nothing', () => np.take(np.zeros([0]), array([0])), '[take] cannot take from axis 0 of (0,), which is empty'],
  ['take with an unknown mode', y => np.take(y, array([0]), { mode: 'raise' as never }), `[take] mode is 'clip' or 'wrap', got 'raise'`],
  ['pick with an unknown mode', y => core.pick(y, array([0, 0]), { mode: 'raise' as never }), `[pick] mode is 'clip' or 'wrap', got 'raise'`],
  ['take beyond', y => np.take(y, array([0, 3]), { axis: 1 }), '[take] index 3 is out of bounds for axis 1 with size 3'],
  ['take before', y => np.take(y, array([-1])), '[take] index -1 is out of bounds for axis 0 with size 6'],
  ['take at NaN', y => np.take(y, array([Number.NaN])), '[take] index NaN is out of bounds'],
  ['pick beyond', y => core.pick(y, array([0, 3])), '[pick] index 3 is out of bounds for axis 1 with size 3'],
  ['embedding beyond', y => core.embedding(array([0, 2]), y), '[embedding] index 2 is out of bounds for axis 0 with size 2'],
  ['embedding in a scalar', () => core.embedding(array([0]), array(1)), '[embedding] weight needs at least one dimension'],
  ['gatherNd beyond', y => core.gatherNd(y, array([[0], [3]])), '[gatherNd] index 3 is out of bounds for axis 1 with size 3'],
  ['takeAlongAxis beyond', y => core.takeAlongAxis(y, array([[0], [-4]])), '[takeAlongAxis] index -4 is out of bounds for axis 1 with size 3'],
  ['an array of positions beyond', y => y.get(array([0, 2], { dtype: 'int32' })), '[get] index 2 is out of bounds for axis 0 with size 2'],
  ['an array of fractions', y => y.get(array([0, 0.5])), '[get] positions are whole numbers, got 0.5'],
  ['lists that do not broadcast', y => y.get([0, 1], [0, 1, 2]), '[get] shape mismatch: indexing arrays could not be broadcast together with shapes (2,) (3,)'],
  ['a mask of another shape', y => y.get(y.gt(1), 0), '[get] too many indices for array: array is 2-dimensional, but 3 were indexed'],
  ['a mask of another extent', y => y.get(':', array([1, 0], { dtype: 'bool' })), '[get] boolean index did not match indexed array along axis 1; size of axis is 3 but size of corresponding boolean axis is 2'],
  ['set through a mask, with too many values', y => y.set([y.gt(4)], np.ones(3)), '[set] operands could not be broadcast together with shapes [3] [2]'],
  ['nonzero of a scalar', () => np.nonzero(array(1)), '[nonzero] a scalar has no positions'],
  ['where of a scalar', () => np.where(array(1)), '[where] a scalar has no positions'],
  ['tensordot of other extents', y => np.tensordot(y, y, 1), '[tensordot] summed extents differ: axes 1 of (2, 3) with 0 of (2, 3)'],
  ['convolution of other channels', () => core.convolution(np.ones([1, 2, 4]), np.ones([1, 3, 2])), '[convolution] channels do not fit: x (1, 2, 4), weight (1, 3, 2), 1 groups'],
  ['convolution with another bias', () => core.convolution(np.ones([1, 2, 4]), np.ones([3, 2, 2]), np.ones([2])), '[convolution] bias is a vector of 3, got (2,)'],
  ['convolutionTranspose that is all cut off', () => core.convolutionTranspose(np.ones([1, 1, 1]), np.ones([1, 1, 2]), null, { padding: 1 }), '[convolutionTranspose] the result would have extents (0,)'],
  ['a window that does not fit', () => core.maxPool(np.ones([1, 1, 2]), { kernel: 3 }), '[maxPool] a window of (3,) does not fit into (2,)'],
  ['a window of nothing', () => core.maxPool(np.ones([1, 1, 2]), { kernel: 0 }), '[maxPool] kernel is a whole number from 1'],
  ['layerNorm with another gamma', y => core.layerNorm(y, np.ones([2]), np.ones([3])), '[layerNorm] one value for each of 3 channels is needed, got (2,)'],
  ['rfft of nothing', () => np.fft.rfft(np.zeros([0])), '[rfft] needs at least one point, got (0,)'],
  ['fft without pairs', y => np.fft.fft(y), '[fft] complex numbers are pairs in the last axis'],
  ['pick with another shape', y => core.pick(y, array([0, 0, 0])), '[pick] one index for each of (2,) is needed, got indices of shape (3,)'],
  ['pick from a scalar', () => core.pick(array(1), array(0)), '[pick] axis -1 is out of bounds'],
  ['scatterAdd of another shape', y => core.scatterAdd(y, array([0]), [4]), '[scatterAdd] updates have shape (2, 3)'],
  ['oneHot of a bad depth', () => core.oneHot(array([0]), -1), '[oneHot] negative dimensions are not allowed'],
  ['clip without limits', y => np.clip(y, null, null), '[clip] needs a lower or an upper limit'],
  ['in place, beyond the shape', y => y.iadd(np.ones([2, 2, 3])), '[iadd] the result of shape (2, 2, 3) does not fit in place into (2, 3)'],
]

describe('wrong shapes, axes and options', () => {
  cleanState()

  it.each(ATTEMPTS)('%s', (_, run, message) => {
    const y = x()
    const error = thrownBy(() => run(y))
    expect(error.message).toContain(message)
    expect(flat(y)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('errors carry the op, the shapes and a code', () => {
    const error = thrownBy(() => x().matmul(x()))
    expect(error.op).toBe('matmul')
    expect(error.shapes).toEqual([[2, 3], [2, 3]])
    expect(error.code).toBe('ERR_ASHLAR')
  })
})

describe('sizes that no array has', () => {
  cleanState()

  it.each<[string, () => unknown]>([
    ['an outer product', () => np.matmul(np.ones([100000, 1]), np.ones([1, 100000]))],
    ['a broadcast sum', () => np.add(np.ones([100000, 1]), np.ones([1, 100000]))],
    ['a comparison', () => np.equal(np.ones([100000, 1]), np.ones([1, 100000]))],
    ['where', () => np.where(np.ones([100000, 1]), np.ones([1, 100000]), 0)],
    ['broadcastTo', () => np.broadcastTo(np.ones([1]), [2 ** 31])],
    ['take', () => np.take(np.ones([1, 100000]), np.zeros([100000]), { axis: 0 })],
    ['scatterAdd', () => core.scatterAdd(np.ones([1]), np.zeros([1]), [2 ** 31])],
    ['oneHot', () => core.oneHot(np.zeros([100000]), 100000)],
    ['reshape', () => np.reshape(np.ones([4]), [2 ** 40, -1])],
    ['lists that broadcast', () => np.ones([4, 4]).get(np.zeros([100000, 1]), np.zeros([1, 100000]))],
    ['set through lists that broadcast', () => np.ones([4, 4]).set([np.zeros([100000, 1]), np.zeros([1, 100000])], 1)],
    ['outer', () => np.outer(np.ones([100000]), np.ones([100000]))],
    ['einsum', () => np.einsum('i,j', np.ones([100000]), np.ones([100000]))],
    ['tensordot', () => np.tensordot(np.ones([100000]), np.ones([100000]), 0)],
    ['tile', () => np.tile(np.ones([4]), 2 ** 30)],
    ['repeat', () => np.repeat(np.ones([4]), 2 ** 30)],
    ['pad', () => np.pad(np.ones([2, 2]), 2 ** 20)],
    ['diag', () => np.diag(np.ones([100000]))],
    ['diagonal of nothing', () => np.diagonal(np.zeros([100000, 100000, 0]))],
    ['tril of nothing', () => np.tril(np.zeros([0, 100000, 100000]))],
    ['meshgrid', () => np.meshgrid(np.ones([100000]), np.ones([100000]))],
    ['convolution', () => core.convolution(np.ones([1, 1, 4, 4]), np.ones([1, 1, 1, 1]), null, { padding: 100000 })],
    ['convolutionTranspose', () => core.convolutionTranspose(np.ones([1, 1, 4, 4]), np.ones([1, 1, 1, 1]), null, { stride: 100000 })],
    ['maxPool', () => core.maxPool(np.ones([1, 1, 4, 4]), { kernel: 1, padding: 100000 })],
    ['scatterNd', () => core.scatterNd(array(1), array([0]), [2 ** 31])],
    ['embedding', () => core.embedding(np.zeros([100000]), np.ones([1, 100000]))],
    ['zeros', () => np.zeros([2 ** 31])],
    ['arange', () => np.arange(0, 1e15)],
    ['linspace', () => np.linspace(0, 1, 2 ** 40)],
    ['eye', () => np.eye(2 ** 16)],
    ['uniform', () => np.random.uniform(0, 1, [2 ** 20, 2 ** 20])],
    ['permutation', () => np.random.permutation(2 ** 40)],
  ])('%s is refused before anything is made', (_, run) => {
    expect(thrownBy(run).message).toContain('elements')
  })
})

describe('extents of 0', () => {
  cleanState()

  it('go through every operation that has an answer for nothing', () => {
    const none = np.zeros([0, 3])
    const shapes = [
      none.add(1), none.T, none.sum({ axis: 0 }), none.reshape(3, 0), np.concatenate([none, none]), none.get(':', 1), np.matmul(none, np.ones([3, 2])), np.matmul(none.T, none),
      np.dot(np.ones([2, 0]), np.ones([0, 3])), core.linear(none, np.ones([4, 3]), np.ones([4])), core.linear(np.ones([2, 2, 0]), np.ones([4, 0])), np.take(none, array([1]), { axis: 1 }),
      none.argmax({ axis: 1 }), none.max({ axis: 1 }), core.softmax(none), core.oneHot(np.zeros([0]), 3), core.pick(none, np.zeros([0])), np.flip(none),
    ].map(({ shape }) => shape)
    expect(shapes).toEqual([[0, 3], [3, 0], [3], [3, 0], [0, 3], [0], [0, 2], [3, 3], [2, 3], [0, 4], [2, 2, 4], [0, 1], [0], [0], [0, 3], [0, 3], [0], [0, 3]])
    expect(flat(np.dot(np.ones([2, 0]), np.ones([0, 3])))).toEqual([0, 0, 0, 0, 0, 0])
    expect([none.sum().item(), none.all().item(), none.any().item(), none.mean().item()]).toEqual([0, true, false, Number.NaN])
  })
})
