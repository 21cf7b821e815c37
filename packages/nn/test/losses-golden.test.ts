import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { autograd } from '@ashlar/core'
import type { Loss } from '@ashlar/nn'
import {
  CTCLoss, CosineEmbeddingLoss, HingeLoss, HuberLoss, L1Loss, L2Loss, LogisticLoss, PoissonNLLLoss, SDMLLoss, SigmoidBCELoss, SoftmaxCELoss,
  SquaredHingeLoss, TripletLoss,
} from '@ashlar/nn'
import type { GoldenArray } from './support.ts'
import { expectArray, freshProcess, goldenPath, toArray } from './support.ts'

interface Row { inputs: (GoldenArray | null)[]; loss: GoldenArray; grad_pred: GoldenArray; repr: string }

const rows = JSON.parse(readFileSync(goldenPath('losses.json'), 'utf8')) as Record<string, Row>

/** What makes each row's loss, and the item of the behaviour that it belongs to. */
const LOSSES: Readonly<Record<string, readonly [id: string, make: () => Loss]>> = {
  'L2Loss()': ['B-9.1', () => new L2Loss()],
  'L2Loss(weight=2)': ['B-9.1', () => new L2Loss({ weight: 2 })],
  'L2Loss() sample_weight': ['B-9.1', () => new L2Loss()],
  'L2Loss() 1-d': ['B-9.5', () => new L2Loss()],
  'L1Loss()': ['B-9.1', () => new L1Loss()],
  'SigmoidBCELoss()': ['B-9.2', () => new SigmoidBCELoss()],
  'SigmoidBCELoss() sample_weight': ['B-9.2', () => new SigmoidBCELoss()],
  'SigmoidBCELoss() pos_weight': ['B-9.2', () => new SigmoidBCELoss()],
  'SigmoidBCELoss(from_sigmoid=True)': ['B-9.2', () => new SigmoidBCELoss({ fromSigmoid: true })],
  'SigmoidBCELoss(from_sigmoid=True) pos_weight': ['B-9.2', () => new SigmoidBCELoss({ fromSigmoid: true })],
  'SoftmaxCELoss()': ['B-9.3', () => new SoftmaxCELoss()],
  'SoftmaxCELoss() sample_weight': ['B-9.3', () => new SoftmaxCELoss()],
  'SoftmaxCELoss(sparse_label=False)': ['B-9.3', () => new SoftmaxCELoss({ sparseLabel: false })],
  'SoftmaxCELoss(axis=1) images': ['B-9.3', () => new SoftmaxCELoss({ axis: 1 })],
  'SoftmaxCELoss(from_logits=True)': ['B-9.3', () => new SoftmaxCELoss({ fromLogits: true })],
  'HuberLoss()': ['B-9.4', () => new HuberLoss()],
  'HuberLoss(rho=.5)': ['B-9.4', () => new HuberLoss({ rho: 0.5 })],
  'HingeLoss()': ['B-9.4', () => new HingeLoss()],
  'HingeLoss(margin=2)': ['B-9.4', () => new HingeLoss({ margin: 2 })],
  'SquaredHingeLoss()': ['B-9.4', () => new SquaredHingeLoss()],
  'LogisticLoss()': ['B-9.4', () => new LogisticLoss()],
  "LogisticLoss(label_format='binary')": ['B-9.4', () => new LogisticLoss({ labelFormat: 'binary' })],
  'TripletLoss()': ['B-9.4', () => new TripletLoss()],
  'PoissonNLLLoss()': ['B-9.4', () => new PoissonNLLLoss()],
  'PoissonNLLLoss(from_logits=False)': ['B-9.4', () => new PoissonNLLLoss({ fromLogits: false })],
  'CosineEmbeddingLoss(margin=.5)': ['B-9.4', () => new CosineEmbeddingLoss({ margin: 0.5 })],
  'SDMLLoss()': ['B-9.4', () => new SDMLLoss()],
  'CTCLoss()': ['B-9.4', () => new CTCLoss()],
  "CTCLoss(layout='TNC')": ['B-9.4', () => new CTCLoss({ layout: 'TNC' })],
  'CTCLoss() lengths': ['B-9.4', () => new CTCLoss()],
}

/** Legacy arrays have no scalars, and that version leaves an axis of 1 behind a cosine. */
const SHAPES: Readonly<Record<string, number[]>> = {
  'PoissonNLLLoss()': [], 'PoissonNLLLoss(from_logits=False)': [], 'CosineEmbeddingLoss(margin=.5)': [3],
}

describe('losses against MXNet', () => {
  freshProcess()

  it('has all rows', () => expect(Object.keys(LOSSES)).toEqual(expect.arrayContaining(Object.keys(rows))))

  it.each(Object.entries(LOSSES).map(([key, [id, make]]) => ({ id, key, make })))('$id, Q-7: $key', ({ key, make }) => {
    const row = rows[key]!
    const inputs = row.inputs.map(input => (input === null ? null : toArray(input)))
    const [pred] = inputs as [NDArray]
    const loss = make()
    expect(loss.repr()).toBe(row.repr)
    pred.attachGrad()
    const value = autograd.record(() => loss(...inputs)) as NDArray
    // MXNet's exponentials are approximate in places: a loss is 1.1e-5 off the formula, a gradient 4e-5.
    expectArray(value, { ...row.loss, shape: SHAPES[key] ?? row.loss.shape }, 5e-5)
    value.backward()
    expectArray(pred.grad!, row.grad_pred, 5e-5)
  })
})
