import { describe, expect, it } from 'vitest'
import { autograd, np } from '@ashlar/core'
import type { SoftmaxCrossEntropyOptions } from '@ashlar/nn'
import { SoftmaxCELoss, SoftmaxCrossEntropyLoss } from '@ashlar/nn'
import { expectArray, freshProcess, golden, numbers, toArray } from './support.ts'

const OPTIONS: Record<string, SoftmaxCrossEntropyOptions> = {
  'SoftmaxCELoss()': {},
  'SoftmaxCELoss() sample_weight': {},
  'SoftmaxCELoss(sparse_label=False)': { sparseLabel: false },
  'SoftmaxCELoss(axis=1) images': { axis: 1 },
  'SoftmaxCELoss(from_logits=True)': { fromLogits: true },
}

/** -log softmax(x)[label] of one row, in float64. */
const crossEntropy = (row: readonly number[], label: number): number => Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!

describe('B-9.3: SoftmaxCrossEntropyLoss', () => {
  freshProcess()

  it.each(Object.keys(golden.losses))('%s against MXNet', key => {
    const row = golden.losses[key]!
    const [pred, label, weight = null] = row.inputs.map(toArray)
    const loss = new SoftmaxCrossEntropyLoss(OPTIONS[key] ?? expect.fail(`no options for ${key}`))
    expect(loss.repr()).toBe(row.repr)
    pred!.attachGrad()
    const value = autograd.record(() => loss(pred!, label!, weight))
    // MXNet's exponentials are approximate there: its first loss is 1.1e-5 off the formula, a gradient 4e-5.
    expectArray(value, row.loss, 5e-5)
    value.backward()
    expectArray(pred!.grad!, row.grad_pred, 5e-5)
  })

  it('by the formula, and finite for large predictions', () => {
    const rows = [[1, 2, 3], [-5, 0, 0.5]]
    const loss = new SoftmaxCELoss()
    expectArray(loss(np.array(rows), np.array([2, 0])), { shape: [2], dtype: 'float32', data: [crossEntropy(rows[0]!, 2), crossEntropy(rows[1]!, 0)] })
    expect(numbers(loss(np.array([[1000, 0], [-1000, 0]]), np.array([1, 0])))).toEqual([1000, 1000])
  })

  it('weight scales the loss and shows in the printed form', () => {
    const [pred, label] = [np.array([[0, 1]]), np.array([0])]
    const [plain, scaled] = [new SoftmaxCELoss(), new SoftmaxCELoss({ weight: 2, batchAxis: 0 })]
    expect(scaled(pred, label).item()).toBeCloseTo(2 * plain(pred, label).item(), 6)
    expect(String(scaled)).toBe('SoftmaxCrossEntropyLoss(batch_axis=0, w=2)')
  })

  it('batchAxis tells the axis that stays, counted from the end too', () => {
    const [pred, label] = [np.random.uniform({ size: [3, 4, 2] }), np.zeros([3, 2])]
    const at = (batchAxis: number): number[] => numbers(new SoftmaxCELoss({ axis: 1, batchAxis })(pred, label))
    expect(at(0).length).toBe(3)
    expect(at(2).length).toBe(2)
    expect(at(-1)).toEqual(at(2))
  })

  it('labels of other dtypes', () => {
    const loss = new SoftmaxCELoss()
    const pred = np.array([[0.5, 1, 2]])
    for (const dtype of ['int32', 'uint8', 'float64'] as const) {
      expect(loss(pred, np.array([2], { dtype })).item()).toBeCloseTo(crossEntropy([0.5, 1, 2], 2), 5)
    }
  })

  it('refuses a weight that is no number', () => {
    expect(() => new SoftmaxCELoss({ weight: 'a' as never })).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining('weight must be a number') }))
  })

  it('gradients match finite differences', () => {
    const loss = new SoftmaxCELoss()
    const rows = [0.3, -1.2, 2.5]
    const pred = np.array([rows])
    pred.attachGrad()
    autograd.record(() => loss(pred, np.array([1]))).backward()
    rows.forEach((_, i) => {
      const at = (h: number): number => crossEntropy(rows.map((value, j) => (j === i ? value + h : value)), 1)
      expect(numbers(pred.grad!)[i]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 5)
    })
  })
})
