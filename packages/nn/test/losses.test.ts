import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { autograd, checkGradients, np } from '@ashlar/core'
import type { Loss } from '@ashlar/nn'
import {
  CosineEmbeddingLoss, HingeLoss, HuberLoss, KLDivLoss, L1Loss, L2Loss, LogisticLoss, PoissonNLLLoss, SDMLLoss, SigmoidBCELoss,
  SigmoidBinaryCrossEntropyLoss, SoftmaxCELoss, SoftmaxCrossEntropyLoss, SquaredHingeLoss, TripletLoss,
} from '@ashlar/nn'
import { expectArray, freshProcess, numbers, twoGpus } from './support.ts'

/** The loss and the gradient of its sum with respect to the first input; -0 counts as 0. */
function slope(loss: Loss, ...inputs: NDArray[]): { value: number[]; gradient: number[] } {
  inputs[0]!.attachGrad()
  const value = autograd.record(() => loss(...inputs)) as NDArray
  value.backward()
  return { value: numbers(value).map(x => x + 0), gradient: numbers(inputs[0]!.grad!).map(x => x + 0) }
}

/** -log softmax(x)[label] of one row, in float64. */
const crossEntropy = (row: readonly number[], label: number): number => Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!

const ALL: readonly (new (options: never) => Loss)[] = [
  L2Loss, L1Loss, HuberLoss, PoissonNLLLoss, SigmoidBCELoss, LogisticLoss, HingeLoss, SquaredHingeLoss, SoftmaxCELoss, KLDivLoss, TripletLoss,
  CosineEmbeddingLoss, SDMLLoss,
]

describe('every loss', () => {
  freshProcess()

  it.each(ALL.map(LossClass => [LossClass.name, LossClass] as const))('B-9.1: %s refuses a weight that is no number', (_, LossClass) => {
    for (const weight of ['a', true, [1], np.ones([1])]) {
      expect(() => new LossClass({ weight } as never)).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining('weight must be a number') }))
    }
    expect(() => new LossClass({ batchAxis: 0.5 } as never)).toThrow(TypeError)
  })

  it('prints its batch axis and its weight as Python does', () => {
    expect(String(new L2Loss())).toBe('L2Loss(batch_axis=0, w=1.0)')
    expect(String(new L1Loss({ weight: 2, batchAxis: -1 }))).toBe('L1Loss(batch_axis=-1, w=2.0)')
    expect(String(new SoftmaxCELoss({ weight: 1e-5 }))).toBe('SoftmaxCrossEntropyLoss(batch_axis=0, w=1e-05)')
    expect(String(new SigmoidBCELoss({ weight: null }))).toBe('SigmoidBinaryCrossEntropyLoss(batch_axis=0, w=None)')
  })

  it.each([
    ['L2Loss', new L2Loss({ weight: 3 }), [1.5 * 4, 1.5 * 1]],
    ['L1Loss', new L1Loss({ weight: 3 }), [6, 3]],
    ['HuberLoss', new HuberLoss({ weight: 3 }), [3 * 1.5, 3 * 0.5]],
    ['HingeLoss', new HingeLoss({ weight: 3 }), [3, 0]],
  ])('the weight multiplies %s', (_, loss, expected) => {
    expect(numbers(loss(np.array([[0], [1]]), np.array([[2], [2]])) as NDArray)).toEqual(expected)
  })

  it('B-9.1: labels take the shape of the predictions, and have to fit', () => {
    const loss = new L2Loss()
    expect(numbers(loss(np.array([[1], [2]]), np.array([3, 2])))).toEqual([2, 0])
    expect(() => loss(np.zeros([2, 3]), np.zeros([2]))).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringMatching(/\[L2Loss\].*\(2,\).*\(2, 3\)/) }))
    expect(() => loss(np.zeros([2]), [1, 2] as never)).toThrow(TypeError)
  })

  it('B-9.1: labels of other dtypes', () => {
    for (const dtype of ['int32', 'uint8', 'float64'] as const) expect(numbers(new L2Loss()(np.array([1, 4]), np.array([3, 4], { dtype })))).toEqual([2, 0])
    expect(new L2Loss()(np.array([1, 4], { dtype: 'float16' }), np.array([3, 4], { dtype: 'float16' })).dtype).toBe('float16')
  })

  it('B-9.5: one axis is returned as it is, and a scalar too', () => {
    expect(numbers(new L1Loss()(np.array([1, 2]), np.array([4, 4])))).toEqual([3, 2])
    expect(new L1Loss()(np.array(1), np.array(4)).item()).toBe(3)
  })

  it('Q-7: batchAxis tells the axis that stays, counted from the end too', () => {
    const [pred, label] = [np.arange(24).reshape(2, 3, 4), np.zeros([2, 3, 4])]
    const mean = (axis: number[]): number[] => numbers(np.mean(pred, { axis }))
    for (const [batchAxis, others] of [[0, [1, 2]], [1, [0, 2]], [2, [0, 1]], [-1, [0, 1]]] as const) {
      expect(numbers(new L1Loss({ batchAxis })(pred, label))).toEqual(mean([...others]))
    }
    expect(() => new L1Loss({ batchAxis: 3 })(pred, label)).toThrow('out of bounds')
  })

  it('sample weights broadcast to the loss, and never the other way', () => {
    const [pred, label] = [np.array([[2, 4], [6, 8]]), np.zeros([2, 2])]
    const loss = new L1Loss()
    expect(numbers(loss(pred, label, np.array([[1], [0.5]])))).toEqual([3, 3.5])
    expect(numbers(loss(pred, label, np.array([[1, 0], [0, 1]])))).toEqual([1, 4])
    expect(numbers(loss(pred, label, np.array(2)))).toEqual([6, 14])
    expect(() => loss(pred, label, np.ones([3, 2, 2]))).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it('one weight for each sample may come as (N,) or (N, 1) where there is one loss for each', () => {
    const [pred, label] = [np.array([[0, 0], [0, 0], [0, 0]]), np.array([0, 1, 0])]
    for (const weights of [np.array([1, 0, 2]), np.array([[1], [0], [2]])]) {
      const expected = [Math.LN2, 0, 2 * Math.LN2]
      numbers(new SoftmaxCELoss()(pred, label, weights)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
      expect(numbers(new TripletLoss()(pred, pred, pred, weights))).toEqual([1, 0, 2])
    }
    expect(() => new SoftmaxCELoss()(pred, label, np.ones([2]))).toThrow()
  })

  it('runs on a device, and refuses labels from elsewhere', () => {
    const [ctx] = twoGpus()
    const pred = np.array([[1, 2], [3, 4]], { ctx })
    expect(numbers(new SDMLLoss()(pred, pred)).every(Number.isFinite)).toBe(true)
    expect(String(new SoftmaxCELoss()(pred, np.array([0, 1], { ctx })).context)).toBe('gpu(0)')
    expect(() => new L2Loss()(pred, np.zeros([2, 2]))).toThrow('same context')
  })

  it('gradients of all inputs agree with differences', () => {
    const [a, b, c] = [0, 1, 2].map(i => np.array([[0.3 + i, -1.2, 0.5], [0.9, 0.4 - i, -0.7]]))
    const p = (x: NDArray): NDArray => np.exp(x).div(np.exp(x).sum({ axis: -1, keepdims: true }))
    const runs: readonly [(...inputs: NDArray[]) => NDArray, NDArray[]][] = [
      [(x, y) => new L2Loss()(x, y), [a!, b!]],
      [(x, y) => new HuberLoss()(x, y), [a!, b!]],
      [(x, y) => new SigmoidBCELoss()(x, p(y)), [a!, b!]],
      [(x, y, w) => new SigmoidBCELoss()(x, p(y), null, np.exp(w)), [a!, b!, c!]],
      [(x, y) => new SigmoidBCELoss({ fromSigmoid: true })(p(x), p(y)), [a!, b!]],
      [(x, y) => new SoftmaxCELoss({ sparseLabel: false })(x, p(y)), [a!, b!]],
      [(x, y) => new KLDivLoss({ fromLogits: false })(x, p(y)), [a!, b!]],
      [(x, y) => new PoissonNLLLoss({ computeFull: true })(x, np.exp(y).add(1.5)), [a!, b!]],
      [(x, y, z) => new TripletLoss({ margin: 20 })(x, y, z), [a!, b!, c!]],
      [(x, y) => new CosineEmbeddingLoss()(x, y, np.array([1, -1])), [a!, b!]],
      [(x, y) => new SDMLLoss()(x, y), [a!, b!]],
    ]
    for (const [run, inputs] of runs) checkGradients((...list) => run(...list), inputs)
  })
})

describe('distances', () => {
  it('B-9.4: Huber is a parabola up to rho, a line beyond, with one slope where they meet', () => {
    const run = (x: number, rho: number): number[] => { const { value, gradient } = slope(new HuberLoss({ rho }), np.array([x]), np.array([0])); return [value[0]!, gradient[0]!] }
    expect(run(1, 2)).toEqual([0.25, 0.5])
    expect(run(2, 2)).toEqual([1, 1])
    expect(run(-5, 2)).toEqual([4, -1])
    expect(run(0, 2)).toEqual([0, 0])
    expect(run(1e30, 1)).toEqual([Math.fround(1e30), 1])
    expect(run(Infinity, 1)).toEqual([Infinity, 1])
  })

  it('B-9.4: options that are none are refused', () => {
    for (const rho of [0, -1]) expect(() => new HuberLoss({ rho })).toThrow(expect.objectContaining({ name: 'ValueError' }))
    for (const margin of ['1', NaN]) for (const LossClass of [HingeLoss, SquaredHingeLoss, TripletLoss, CosineEmbeddingLoss]) {
      expect(() => new LossClass({ margin: margin as never })).toThrow(TypeError)
    }
    for (const smoothingParameter of [-0.1, 1.1]) expect(() => new SDMLLoss({ smoothingParameter })).toThrow(expect.objectContaining({ name: 'ValueError' }))
    expect(() => new LogisticLoss({ labelFormat: 'other' as never })).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('label_format can only be signed or binary') }))
  })

  it('B-9.4: Poisson is one number, and in full adds Stirling\'s term for labels above 1', () => {
    const [pred, label] = [[0.5, -1, 2], [0, 1, 4]]
    const plain = pred.map((x, i) => Math.exp(x) - label[i]! * x)
    const full = plain.map((x, i) => (label[i]! > 1 ? x + label[i]! * Math.log(label[i]!) - label[i]! + 0.5 * Math.log(2 * Math.PI * label[i]!) : x))
    const mean = (list: number[]): number => list.reduce((a, b) => a + b) / list.length
    const run = (options: object): NDArray => new PoissonNLLLoss(options)(np.array(pred), np.array(label))
    expect(run({}).shape).toEqual([])
    expect(run({}).item()).toBeCloseTo(mean(plain), 6)
    expect(run({ computeFull: true }).item()).toBeCloseTo(mean(full), 6)
    expect(slope(new PoissonNLLLoss({ computeFull: true, fromLogits: false }), np.array([0, 1]), np.array([0, 0])).gradient.every(Number.isFinite)).toBe(true)
  })

  it('B-9.4: triplets by hand', () => {
    const [pred, near, far] = [np.array([[0, 0], [0, 0]]), np.array([[1, 1], [1, 0]]), np.array([[0, 1], [2, 0]])]
    expect(numbers(new TripletLoss({ margin: 2 })(pred, near, far))).toEqual([3, 0])
    expect(() => new TripletLoss()(pred, near, np.zeros([2, 3]))).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it('B-9.4: cosines of zeros and of tiny vectors', () => {
    const run = (x: number[], y: number[], label: number): ReturnType<typeof slope> => slope(new CosineEmbeddingLoss(), np.array([x]), np.array([y]), np.array([label]))
    expect(run([0, 0], [1, 2], 1)).toEqual({ value: [1], gradient: [0, 0] })
    expect(run([0, 0], [0, 0], -1)).toEqual({ value: [0], gradient: [0, 0] })
    expect(run([1e-15, 0], [0, 1e-15], 1).value).toEqual([1])
    expect(run([1e-15, 0], [2e-15, 0], 1).value[0]).toBeCloseTo(0, 6)
  })

  it('B-9.4: batches that are no pairs are refused', () => {
    for (const [a, b] of [[[2, 3], [3, 3]], [[1, 3], [1, 3]], [[4], [4]]] as const) expect(() => new SDMLLoss()(np.zeros(a), np.zeros(b))).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })
})

describe('classes', () => {
  freshProcess()

  it('B-9.3: by the formula, and finite for large predictions', () => {
    const rows = [[1, 2, 3], [-5, 0, 0.5]]
    const loss = new SoftmaxCELoss()
    expectArray(loss(np.array(rows), np.array([2, 0])), { shape: [2], dtype: 'float32', data: [crossEntropy(rows[0]!, 2), crossEntropy(rows[1]!, 0)] })
    expect(numbers(loss(np.array([[1000, 0], [-1000, 0]]), np.array([1, 0])))).toEqual([1000, 1000])
    expect(SoftmaxCELoss).toBe(SoftmaxCrossEntropyLoss)
  })

  it('B-9.3: a class that is ruled out costs nothing while no label asks for it', () => {
    const pred = (): NDArray => np.array([[0, 0, -Infinity]])
    const dense = slope(new SoftmaxCELoss({ sparseLabel: false }), pred(), np.array([[1, 0, 0]]))
    const sparse = slope(new SoftmaxCELoss(), pred(), np.array([0]))
    for (const { value, gradient } of [dense, sparse]) {
      expect(value[0]).toBeCloseTo(Math.LN2, 6)
      expect(gradient).toEqual([-0.5, 0.5, 0])
    }
    expect(numbers(new SoftmaxCELoss()(pred(), np.array([2])))).toEqual([Infinity])
    expect(numbers(new SoftmaxCELoss({ sparseLabel: false })(pred(), np.array([[0, 0.5, 0.5]])))).toEqual([Infinity])
  })

  it('B-9.3: labels of other dtypes, and those that are no class', () => {
    const loss = new SoftmaxCELoss()
    const pred = np.array([[0.5, 1, 2]])
    for (const dtype of ['int32', 'uint8', 'float64'] as const) expect(loss(pred, np.array([2], { dtype })).item()).toBeCloseTo(crossEntropy([0.5, 1, 2], 2), 5)
    for (const label of [3, -1]) expect(() => loss(pred, np.array([label]))).toThrow(expect.objectContaining({ name: 'IndexError' }))
    expect(() => loss(pred, np.array([0, 1]))).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it('B-9.3, Q-7: batchAxis tells the axis that stays', () => {
    const [pred, label] = [np.random.uniform({ size: [3, 4, 2] }), np.zeros([3, 2])]
    const at = (batchAxis: number): number[] => numbers(new SoftmaxCELoss({ axis: 1, batchAxis })(pred, label))
    expect(at(0).length).toBe(3)
    expect(at(2).length).toBe(2)
    expect(at(-1)).toEqual(at(2))
  })

  it('B-9.4: a divergence is the mean over the classes, 0 for equals, and knows labels of 0', () => {
    const [p, q] = [[0.5, 0.25, 0.25, 0], [0.25, 0.25, 0.25, 0.25]]
    const expected = p.reduce((sum, x, i) => sum + (x === 0 ? 0 : x * Math.log(x / q[i]!)), 0) / 4
    const [labels, logs] = [np.array([p]), np.log(np.array([q]))]
    expect(new KLDivLoss()(logs, labels).item()).toBeCloseTo(expected, 6)
    expect(new KLDivLoss({ fromLogits: false })(np.array([q.map(x => Math.log(x) + 7)]), labels).item()).toBeCloseTo(expected, 6)
    expect(new KLDivLoss({ fromLogits: false, axis: 0, batchAxis: 1 })(np.array([q]).T, labels.T).shape).toEqual([1])
    expect(new KLDivLoss()(np.log(labels), labels).item()).toBeCloseTo(0, 6)
  })
})

describe('B-9.2: sigmoid and binary cross entropy', () => {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

  it('the gradient is sigmoid(x) - z, at 0 and far out too', () => {
    for (const z of [0, 1, 0.3]) {
      for (const x of [0, 1, -1, 20, -20, 100, -100, 1e30, -1e30]) {
        const { value, gradient } = slope(new SigmoidBCELoss(), np.array([x]), np.array([z]))
        expect(gradient[0], `x ${x}, z ${z}`).toBeCloseTo(sigmoid(x) - z, 6)
        expect(Number.isFinite(value[0]!)).toBe(true)
      }
    }
  })

  it('nothing cancels where prediction and label agree', () => {
    const tiny = Math.log1p(Math.exp(-20))
    for (const posWeight of [null, np.ones([1])]) {
      const value = numbers(new SigmoidBCELoss()(np.array([20, -20]), np.array([1, 0]), null, posWeight))
      for (const each of value) expect(each / tiny).toBeCloseTo(1, 5)
    }
  })

  it('probabilities of 0 and 1 stay finite', () => {
    const { value, gradient } = slope(new SigmoidBCELoss({ fromSigmoid: true }), np.array([0, 1, 0, 1]), np.array([0, 1, 1, 0]))
    expect(value.slice(0, 2).map(Math.abs)).toEqual([0, 0])
    expect(value[2]).toBeCloseTo(-Math.log(1e-12), 4)
    expect(gradient.every(x => !Number.isNaN(x))).toBe(true)
  })

  it('logistic loss is the same for signed labels', () => {
    const x = np.array([0, 1, -2, 50])
    expect(numbers(new LogisticLoss()(x, np.array([1, -1, 1, -1])))).toEqual(numbers(new SigmoidBinaryCrossEntropyLoss()(x, np.array([1, 0, 1, 0]))))
  })

  it('hinges by hand', () => {
    const [x, label] = [np.array([2, 0.5, -1]), np.array([1, 1, 1])]
    expect(slope(new HingeLoss(), x, label)).toEqual({ value: [0, 0.5, 2], gradient: [0, -1, -1] })
    expect(slope(new SquaredHingeLoss(), x, label)).toEqual({ value: [0, 0.25, 4], gradient: [0, -1, -4] })
  })
})
