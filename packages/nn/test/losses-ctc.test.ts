import { describe, expect, it } from 'vitest'
import { autograd, checkGradients, np } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { CTCLoss } from '@ashlar/nn'
import { freshProcess, numbers } from './support.ts'

/** What a path of classes spells: repetitions joined, then blanks left out. */
function spelled(path: readonly number[], blank: number): number[] {
  return path.filter((each, t) => each !== path[t - 1] && each !== blank)
}

/** -log of the probability of a label, summed over all paths there are. */
function enumerated(logits: readonly (readonly number[])[], label: readonly number[]): number {
  const classes = logits[0]!.length
  const probabilities = logits.map(row => { const total = row.reduce((sum, x) => sum + Math.exp(x), 0); return row.map(x => Math.exp(x) / total) })
  let total = 0
  const walk = (path: number[], probability: number): void => {
    if (path.length === logits.length) {
      if (spelled(path, classes - 1).join() === label.join()) total += probability
      return
    }
    for (let c = 0; c < classes; c++) walk([...path, c], probability * probabilities[path.length]![c]!)
  }
  walk([], 1)
  return -Math.log(total)
}

/** Some numbers that differ. */
const logits = (steps: number, classes: number, shift = 0): number[][] =>
  Array.from({ length: steps }, (_, t) => Array.from({ length: classes }, (__, c) => Math.sin(3 * t + 5 * c + shift)))

describe('B-9.4: CTCLoss', () => {
  freshProcess()

  it.each([
    [5, [0, 1]], [5, [0, 0]], [5, [1, 1, 0]], [4, [0, 1, 0, 1]], [5, []], [1, [1]], [3, [0, 0]],
  ])('%i steps and the label %j agree with the sum over all paths', (steps, label) => {
    const rows = logits(steps, 3)
    const padded = [...label, -1]
    const value = new CTCLoss()(np.array([rows]), np.array([padded])) as NDArray
    expect(value.shape).toEqual([1])
    expect(value.item()).toBeCloseTo(enumerated(rows, label), 4)
    expect(new CTCLoss()(np.array([rows]), np.array([label]).reshape(1, label.length)).item()).toBeCloseTo(enumerated(rows, label), 4)
  })

  it('lengths cut predictions and labels, sample by sample, in either layout', () => {
    const rows = [logits(5, 3), logits(5, 3, 1)]
    const [pred, label] = [np.array(rows), np.array([[0, 1, 1], [1, 0, 0]])]
    const [predLengths, labelLengths] = [np.array([5, 3]), np.array([1, 2])]
    const expected = [enumerated(rows[0]!, [0]), enumerated(rows[1]!.slice(0, 3), [1, 0])]
    const layouts = [
      numbers(new CTCLoss()(pred, label, predLengths, labelLengths)),
      numbers(new CTCLoss({ layout: 'TNC', labelLayout: 'TN' })(pred.swapaxes(0, 1), label.T, predLengths, labelLengths)),
    ]
    for (const value of layouts) value.forEach((each, i) => expect(each).toBeCloseTo(expected[i]!, 4))
  })

  it('a label ends before its first negative entry', () => {
    expect(new CTCLoss()(np.array([logits(4, 3)]), np.array([[0, -1, 1]])).item()).toBeCloseTo(enumerated(logits(4, 3), [0]), 4)
  })

  it('gradients agree with differences', () => {
    const label = np.array([[0, 0, 1], [1, -1, -1]])
    checkGradients(pred => new CTCLoss()(pred, label), [np.array([logits(5, 3), logits(5, 3, 2)])])
  })

  it('a label that does not fit is impossible, and pulls at nothing', () => {
    const pred = np.array([logits(2, 3), logits(2, 3)])
    pred.attachGrad()
    const value = autograd.record(() => new CTCLoss()(pred, np.array([[0, 0], [0, 1]])))
    value.backward()
    expect(numbers(value)[0]).toBe(Infinity)
    expect(numbers(value)[1]).toBeCloseTo(enumerated(logits(2, 3), [0, 1]), 4)
    expect(numbers(pred.grad!).slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0])
    expect(numbers(pred.grad!).slice(6).every(x => x !== 0 && Number.isFinite(x))).toBe(true)
  })

  it('large and infinite predictions', () => {
    const value = new CTCLoss()(np.array([[[1000, 0, 0], [0, 0, 1000]], [[0, -Infinity, 0], [0, 0, 0]]]), np.array([[0], [0]]))
    expect(numbers(value)[0]).toBeCloseTo(0, 5)
    expect(numbers(value)[1]).toBeCloseTo(-Math.log(0.5 * (1 / 3) * 3), 5)
    expect(new CTCLoss()(np.array([logits(5, 3)], { dtype: 'float16' }), np.array([[0, 1]])).dtype).toBe('float16')
  })

  it('weights', () => {
    const [pred, label] = [np.array([logits(3, 3), logits(3, 3)]), np.array([[0], [0]])]
    const plain = enumerated(logits(3, 3), [0])
    const value = numbers(new CTCLoss({ weight: 2 })(pred, label, null, null, np.array([[1], [0]])))
    expect([value[0], value[1]]).toEqual([expect.closeTo(2 * plain, 4), 0])
  })

  it('refuses layouts, shapes and classes that are none', () => {
    expect(() => new CTCLoss({ layout: 'NCT' as never })).toThrow("Only 'NTC' and 'TNC' layouts for pred are supported, got: 'NCT'")
    expect(() => new CTCLoss({ labelLayout: 'X' as never })).toThrow("Only 'NT' and 'TN' layouts for label are supported, got: 'X'")
    expect(String(new CTCLoss({ labelLayout: 'TN' }))).toBe('CTCLoss(batch_axis=1, w=None)')
    for (const [p, l] of [[[2, 3], [2, 1]], [[2, 3, 4], [3, 1]], [[2, 3, 4], [2]], [[2, 0, 4], [2, 1]]] as const) {
      expect(() => new CTCLoss()(np.zeros(p), np.zeros(l))).toThrow(expect.objectContaining({ name: 'ValueError' }))
    }
    expect(() => new CTCLoss()(np.zeros([1, 2, 3]), np.array([[5]]))).toThrow(expect.objectContaining({ name: 'IndexError' }))
  })
})
