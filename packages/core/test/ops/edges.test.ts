import { describe, expect, it } from 'vitest'
import { array, autograd, np, npx } from '@ashlar/core'
import type { DType, NDArray, Nested } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'

const nan = Number.NaN
const inf = Infinity
const int8 = (data: number[]): NDArray => array(data, { dtype: 'int8' })
const ints = (shape: number[]): NDArray => np.arange(0, shape.reduce((a, b) => a * b, 1), 1, { dtype: 'int32' }).reshape(shape)
const lists = (arrays: readonly NDArray[]): Nested[] => arrays.map(x => x.tolist())

type Fact = readonly [what: string, run: () => NDArray | readonly NDArray[], expected: unknown]

// What NumPy 2 prints for the same calls; dtypes are ours, which reductions keep.
const FACTS: readonly Fact[] = [
  ['sort puts NaN last', () => np.sort(array([2, nan, -inf, 1, inf, nan, -1])), [-inf, -1, 1, 2, inf, nan, nan]],
  ['argsort does, too', () => np.argsort(array([2, nan, -inf, 1, nan])), [2, 3, 0, 1, 4]],
  ['argsort keeps equals in order', () => np.argsort(array([1, 0, 1, 0])), [1, 3, 0, 2]],
  ['sort along the first axis', () => np.sort(array([[3, 1], [2, 5]]), { axis: 0 }), [[2, 1], [3, 5]]],
  ['sort along a negative axis', () => np.sort(array([[3, 1], [2, 5]]), { axis: -2 }), [[2, 1], [3, 5]]],
  ['sort of nothing', () => np.sort(np.zeros([2, 0])), [[], []]],
  ['sort of nothing along the axis that has extents', () => np.sort(np.zeros([2, 0]), { axis: 0 }), [[], []]],
  ['sort of bools', () => np.sort(array([true, false, true], { dtype: 'bool' })), [false, true, true]],
  ['sort and nonzero of halves, which the host keeps as bits', () => [np.sort(array([3, -1, 2], { dtype: 'float16' })), ...np.nonzero(array([-0, 2], { dtype: 'bfloat16' }))], [[-1, 2, 3], [1]]],
  ['unique', () => np.unique(array([nan, 1, nan, 0, 0, 2])), [0, 1, 2, nan]],
  ['unique of nothing', () => np.unique(np.zeros([0])), []],
  ['topk takes the first of equals', () => Object.values(npx.topk(array([1, 3, 3, 2]), { k: 2 })), [[3, 3], [1, 2]]],
  ['topk of the smallest', () => Object.values(npx.topk(array([[1, 3], [0, 2]]), { k: 1, axis: 0, largest: false })), [[[0, 2]], [[1, 1]]]],
  ['topk counts NaN as largest', () => Object.values(npx.topk(array([1, nan, inf]), { k: 2 })), [[nan, inf], [1, 2]]],
  ['cumsum wraps in its dtype', () => np.cumsum(int8([100, 100])), [100, -56]],
  ['cumsum of infinities', () => np.cumsum(array([1, inf, -inf, 2])), [1, inf, nan, nan]],
  ['cumsum of nothing', () => np.cumsum(np.zeros([0])), []],
  ['cumsum of a scalar', () => np.cumsum(array(5)), [5]],
  ['cumsum of bools', () => np.cumsum(array([true, true], { dtype: 'bool' })), [1, 2]],
  ['cumsum along a negative axis', () => np.cumsum(ints([2, 3]), { axis: -2 }), [[0, 1, 2], [3, 5, 7]]],
  ['prod wraps in its dtype', () => np.prod(int8([100, 2])), -56],
  ['prod of bools', () => np.prod(array([true, false], { dtype: 'bool' })), 0],
  ['prod of nothing', () => np.prod(np.zeros([0, 2]), { axis: 0 }), [1, 1]],
  ['prod with 0 and infinity', () => np.prod(array([0, inf])), nan],
  ['hypot', () => np.hypot(array([inf, 3e30, 0, nan, -inf]), array([nan, 4e30, 0, 1, 1])), [inf, Math.fround(5e30), 0, nan, inf]],
  ['hypot with a number', () => np.hypot(array([3, 5]), 4), [5, Math.fround(Math.hypot(5, 4))]],
  ['arctan2 with signs of zero', () => np.arctan2(array([0, -0, 1]), array([-0, -1, 0])), [Math.PI, -Math.PI, Math.PI / 2].map(Math.fround)],
  ['cbrt', () => np.cbrt(array([-8, 0, 27, -inf])), [-2, 0, 3, -inf]],
  ['log2', () => np.log2(array([0, 8])), [-inf, 3]],
  ['logsumexp', () => [[-inf, -inf], [inf, 1], [1000, 1000], [nan, 1]].map(row => npx.logsumexp(array(row))), [-inf, inf, Math.fround(1000 + Math.LN2), nan]],
  ['logsumexp of nothing', () => npx.logsumexp(np.zeros([2, 0]), { axis: 1 }), [-inf, -inf]],
  ['roll several shifts along one axis', () => np.roll(ints([5]), [1, 2], { axis: 0 }), [2, 3, 4, 0, 1]],
  ['roll one shift along two axes', () => np.roll(ints([2, 3]), 1, { axis: [0, 1] }), [[5, 3, 4], [2, 0, 1]]],
  ['roll a scalar', () => np.roll(array(5), 2), 5],
  ['roll round several times', () => np.roll(ints([4]), -9), [1, 2, 3, 0]],
  ['tile a scalar', () => np.tile(array(5), 3), [5, 5, 5]],
  ['tile in front', () => np.tile(array([1, 2]), [2, 1]), [[1, 2], [1, 2]]],
  ['tile nothing', () => np.tile(np.zeros([2, 0]), [2, 2]), [[], [], [], []]],
  ['repeat a scalar', () => np.repeat(array(5), 2), [5, 5]],
  ['repeat no times', () => np.repeat(array([1, 2]), 0), []],
  ['repeat nothing', () => np.repeat(np.zeros([1, 0]), 2, { axis: 0 }), [[], []]],
  ['trace of the first two axes', () => np.trace(ints([2, 2, 2])), [6, 8]],
  ['diag below', () => np.diag(ints([3]).get('1:'), -1), [[0, 0, 0], [1, 0, 0], [0, 2, 0]]],
  ['diag of a matrix above', () => np.diag(ints([2, 3]), 2), [2]],
  ['diag beyond', () => np.diag(ints([2, 3]), 5), []],
  ['diagonal between other axes', () => np.diagonal(ints([2, 3, 4]), { offset: 1, axis1: -1, axis2: 0 }), [[12], [16], [20]]],
  ['split beyond the end', () => np.split(ints([5]), [1, 3, 9]), [[0], [1, 2], [3, 4], []]],
  ['split backwards', () => np.split(ints([5]), [3, 1]), [[0, 1, 2], [], [1, 2, 3, 4]]],
  ['split from the end', () => np.split(ints([5]), [-2]), [[0, 1, 2], [3, 4]]],
  ['pad by a mirror', () => np.pad(array([1, 2, 3]), [2, 1], { mode: 'reflect' }), [3, 2, 1, 2, 3, 2]],
  ['pad by a mirror with the edge', () => np.pad(array([1, 2, 3]), [2, 1], { mode: 'symmetric' }), [2, 1, 1, 2, 3, 3]],
  ['pad by the edge', () => np.pad(int8([1, 2]), [1, 2], { mode: 'edge' }), [1, 1, 2, 2, 2]],
  ['pad around nothing', () => np.pad(np.zeros([0, 1]), 1), [[0, 0, 0], [0, 0, 0]]],
  ['tril', () => np.tril(np.ones([2, 3]), -1), [[0, 0, 0], [1, 0, 0]]],
  ['triu of a stack', () => np.triu(ints([2, 2, 2])), [[[0, 1], [0, 3]], [[4, 5], [0, 7]]]],
  ['triu takes no NaN along', () => np.triu(np.full([2, 2], nan)), [[nan, nan], [0, nan]]],
  ['outer with a scalar', () => np.outer(array(2), array([1, 2])), [[2, 4]]],
  ['outer of nothing', () => np.outer(np.zeros([0]), np.ones([2])), []],
  ['einsum: a diagonal', () => np.einsum('ii->i', ints([2, 2])), [0, 3]],
  ['einsum: a trace', () => np.einsum('ii', ints([2, 2])), 3],
  ['einsum: an ellipsis', () => np.einsum('...i->...', ints([2, 3])), [3, 12]],
  ['einsum: an outer product, transposed', () => np.einsum('i,j->ji', array([1, 2]), array([3, 4])), [[3, 6], [4, 8]]],
  ['einsum: scalars', () => np.einsum(',->', array(2), array(3)), 6],
  ['einsum: a sum of nothing', () => np.einsum('ij,jk', np.zeros([2, 0]), np.zeros([0, 3])), [[0, 0, 0], [0, 0, 0]]],
  ['einsum: letters out of order', () => np.einsum('ba', ints([2, 3])), [[0, 3], [1, 4], [2, 5]]],
  ['tensordot of vectors', () => np.tensordot(array([1, 2]), array([3, 4]), 1), 11],
  ['tensordot over two axes, crossed', () => np.tensordot(ints([2, 3]), ints([3, 2]), [[0, 1], [1, 0]]), 50],
  ['tensordot over none', () => np.tensordot(array([1, 2]), array([3, 4]), 0), [[3, 4], [6, 8]]],
  ['meshgrid', () => np.meshgrid(array([1, 2, 3]), array([4, 5])), [[[1, 2, 3], [1, 2, 3]], [[4, 4, 4], [5, 5, 5]]]],
  ['meshgrid ij', () => np.meshgrid(array([1, 2, 3]), array([4, 5]), { indexing: 'ij' }), [[[1, 1], [2, 2], [3, 3]], [[4, 5], [4, 5], [4, 5]]]],
  ['meshgrid, sparse', () => np.meshgrid(array([1, 2]), array([4, 5]), array([6]), { sparse: true }), [[[[1], [2]]], [[[4]], [[5]]], [[[6]]]]],
  ['meshgrid of scalars', () => np.meshgrid(array(1), array(2)), [[[1]], [[2]]]],
  ['meshgrid of nothing', () => np.meshgrid(np.zeros([0]), array([1, 2])), [[[], []], [[], []]]],
  ['meshgrid of one', () => np.meshgrid(array([1, 2])), [[1, 2]]],
  ['meshgrid of none', () => np.meshgrid(), []],
  ['isclose', () => np.isclose(array([1, nan, inf, inf, -inf, 1]), array([1 + 1e-7, nan, inf, -inf, 1, inf])), [true, false, true, false, false, false]],
  ['isclose with NaN', () => np.isclose(array([nan, 1]), array([nan, nan]), { equalNan: true }), [true, false]],
  ['isclose of integers', () => np.isclose(int8([100, 1]), 101, { atol: 1, rtol: 0 }), [true, false]],
  ['countNonzero', () => np.countNonzero(array([[0, nan, 2], [0, 0, 1]]), { axis: 0 }), [0, 1, 2]],
  ['countNonzero of many bools', () => np.countNonzero(np.ones([300], { dtype: 'bool' })), 300],
  ['argwhere', () => np.argwhere(array([[0, 1], [2, 0]])), [[0, 1], [1, 0]]],
  ['where with a condition alone', () => np.where(array([[0, 1], [nan, 0]])), [[0, 1], [1, 0]]],
  ['nonzero of nothing', () => np.nonzero(np.zeros([0, 2])), [[], []]],
  ['isnan', () => np.isnan(array([nan, 1, inf])), [true, false, false]],
  ['isinf', () => np.isinf(array([nan, -inf, 1])), [false, true, false]],
  ['isfinite', () => np.isfinite(array([nan, -inf, 1])), [false, false, true]],
  ['isnan, isinf and isfinite of integers', () => [np.isnan, np.isinf, np.isfinite].map(fn => fn(int8([1]))), [[false], [false], [true]]],
  ['fft', () => np.rint(np.fft.fft(array([[1, 0], [2, 0], [3, 0], [4, 0]]))), [[10, 0], [-2, 2], [-2, 0], [-2, -2]]],
  ['rfft of one point', () => np.fft.rfft(array([5])), [[5, 0]]],
  ['ifft', () => np.fft.ifft(array([[4, 0], [0, 0]])), [[2, 0], [2, 0]]],
  ['fft of no rows', () => np.fft.fft(np.zeros([0, 4, 2])), []],
  ['round, halves to even', () => np.round(array([0.5, 1.5, -2.5, nan, inf])), [0, 2, -2, nan, inf]],
  ['round to decimals', () => np.round(array([1.25, 2.675, -0.04], { dtype: 'float64' }), 1), [1.2, 2.7, -0]],
  ['round before the point', () => np.round(ints([3]).mul(10).add(5).astype('int32'), -1), [0, 20, 20]],
  ['round of integers', () => np.round(int8([7]), 2), [7]],
  ['takeAlongAxis from the end', () => np.takeAlongAxis(array([[1, 2], [3, 4]]), array([[-1], [0]]), { axis: 1 }), [[2], [3]]],
  ['norm of nothing', () => np.norm(np.zeros([0])), 0],
  ['embedding', () => npx.embedding(array([[1, 0], [1, 1]]), array([[1, 2], [3, 4]])), [[[3, 4], [1, 2]], [[3, 4], [3, 4]]]],
  ['embedding of nothing', () => npx.embedding(np.zeros([0]), np.zeros([0, 2])), []],
  ['take, clipped', () => np.take(array([5, 6, 7]), array([-1, 9]), { mode: 'clip' }), [5, 7]],
  ['take, wrapped', () => np.take(array([5, 6, 7]), array([-1, 4]), { mode: 'wrap' }), [7, 6]],
  ['pick, clipped', () => npx.pick(array([[5, 6], [7, 8]]), array([-1, 9]), { mode: 'clip' }), [5, 8]],
  ['pick, wrapped', () => npx.pick(array([[5, 6], [7, 8]]), array([-1, 2]), { mode: 'wrap' }), [6, 7]],
]

// What PyTorch gives.
const image = (data: number[][]): NDArray => array([[data]])
const TORCH: readonly Fact[] = [
  ['maxPool passes NaN on', () => npx.maxPool(image([[1, nan, 3, 4], [5, 6, 7, 8]]), { kernel: 2 }), [[[[nan, 8]]]]],
  ['maxPool never takes padding', () => npx.maxPool(image([[-5, -6], [-7, -8]]), { kernel: 2, padding: 1 }), [[[[-5, -6], [-7, -8]]]]],
  ['maxPool of -inf', () => npx.maxPool(image([[-inf, -inf]]), { kernel: [1, 2] }), [[[[-inf]]]]],
  ['maxPool rounding up, with no window behind the end', () => npx.maxPool(array([[[1, 2, 3]]]), { kernel: 1, stride: 3, ceilMode: true }), [[[1]]]],
  ['avgPool rounding up, with a window that is cut off', () => npx.avgPool(array([[[1, 2, 3, 4]]]), { kernel: 3, stride: 2, ceilMode: true, countIncludePad: false }), [[[2, 3.5]]]],
  ['maxPool of an empty batch', () => npx.maxPool(np.zeros([0, 2, 4]), { kernel: 2 }), []],
  ['avgPool without padding in the count', () => npx.avgPool(image([[2, 4], [6, 8]]), { kernel: 2, padding: 1, countIncludePad: false }), [[[[2, 4], [6, 8]]]]],
  ['avgPool with padding in the count', () => npx.avgPool(image([[2, 4], [6, 8]]), { kernel: 2, padding: 1 }), [[[[0.5, 1], [1.5, 2]]]]],
  ['globalMaxPool passes NaN on', () => npx.globalMaxPool(image([[1, nan]])), [[[[nan]]]]],
  ['globalAvgPool of nothing', () => npx.globalAvgPool(np.zeros([1, 1, 0])), [[[nan]]]],
  ['convolution of an empty batch', () => npx.convolution(np.zeros([0, 1, 3]), np.ones([2, 1, 2])), []],
  ['convolution passes NaN to the windows that see it', () => npx.convolution(array([[[nan, 1, 2]]]), array([[[1, 1]]])), [[[nan, 3]]]],
  ['convolution of integers', () => npx.convolution(ints([1, 1, 3]), array([[[1, 1]]], { dtype: 'int32' })), [[[1, 3]]]],
  ['layerNorm of a constant', () => npx.layerNorm(np.ones([1, 3]), np.ones([3]), np.zeros([3])), [[0, 0, 0]]],
  ['groupNorm of nothing', () => npx.groupNorm(np.zeros([0, 2, 3]), np.ones([2]), np.zeros([2])), []],
  ['elu and selu of infinities', () => [npx.elu(array([-inf, inf, nan])), npx.swish(array([0]))], [[-1, inf, nan], [0]]],
  ['prelu for each channel', () => npx.prelu(array([[-1, -1], [2, -2]]), array([0.5, 2])), [[-0.5, -2], [2, -4]]],
]

describe('edges', () => {
  cleanState()

  const plain = (value: unknown): unknown => (Array.isArray(value) ? value.map(plain) : Object.is(value, -0) ? 0 : value)

  it.each([...FACTS, ...TORCH])('%s', (_, run, expected) => {
    const result = run()
    expect(plain(Array.isArray(result) ? lists(result) : (result as NDArray).tolist())).toEqual(plain(expected))
  })

  it('allclose and arrayEqual are plain booleans, for an if', () => {
    expect(np.allclose(np.zeros([0]), np.zeros([0]))).toBe(true)
    expect([np.allclose(array([1, 2]), 1), np.allclose(np.ones([2, 2]), array([1, 1]))]).toEqual([false, true])
    expect([[[1, 2], [1, 2]], [[nan], [nan]], [[1], [1, 1]]].map(([a, b]) => np.arrayEqual(array(a!), array(b!)))).toEqual([true, false, false])
  })

  it('bools in einsum are true where any product is', () => {
    const flags = array([[1, 0], [0, 0]], { dtype: 'bool' })
    for (const [subscripts, expected] of [['ij->i', [true, false]], ['ij->ji', [[true, false], [false, false]]], ['ij,jk->ik', [[true, false], [false, false]]]] as const) {
      expect(np.einsum(subscripts, ...(subscripts.includes(',') ? [flags, flags] : [flags])).tolist()).toEqual(expected)
    }
  })

  it('results of integers and bools have the dtypes that they should', () => {
    const dtypes = (xs: NDArray[]): DType[] => xs.map(x => x.dtype)
    const flags = array([true, false], { dtype: 'bool' })
    expect(dtypes([np.cumsum(flags), np.prod(flags), np.prod(int8([1])), np.cumsum(int8([1])), np.sort(int8([1])), np.argsort(int8([1])), np.unique(flags)]))
      .toEqual(['int32', 'int32', 'int8', 'int8', 'int8', 'int32', 'bool'])
    expect(dtypes([np.countNonzero(flags), np.isnan(int8([1])), np.isclose(flags, 1), np.argwhere(flags), np.hypot(int8([1]), 2), np.log2(int8([1])), npx.maxPool(ints([1, 1, 2]), { kernel: 2 })]))
      .toEqual(['int32', 'bool', 'bool', 'int32', 'float32', 'float32', 'float32'])
  })

  it.each<[string, (x: NDArray) => NDArray, number[]]>([
    ['norm', x => np.norm(x), [0, 0]],
    ['norm along an axis', x => np.norm(x, { axis: 0, keepdims: true }), [0, 0]],
    ['hypot', x => np.hypot(x, x), [0, 0]],
    ['prod', x => np.prod(x), [0, 0]],
    ['embedding, a row used twice', x => npx.embedding(array([0, 0]), x), [2, 0]],
    ['a sort of equals', x => np.sort(x).mul(array([1, 2])), [1, 2]],
  ])('the gradient of %s at zeros', (_, run, expected) => {
    const x = np.zeros([2])
    x.attachGrad()
    autograd.record(() => run(x).sum()).backward()
    expect(plain(x.grad!.tolist())).toEqual(expected)
  })
})
