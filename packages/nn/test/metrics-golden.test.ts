import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { metric } from '@ashlar/nn'
import type { GoldenArray } from './support.ts'
import { goldenPath, toArray } from './support.ts'

interface Row { pred: GoldenArray[]; label: GoldenArray[]; 'after each update': string[]; name: string | string[]; value: number | number[]; str: string; 'after reset': string }

const rows = JSON.parse(readFileSync(goldenPath('metrics.json'), 'utf8')) as Record<string, Row>

const METRICS: Readonly<Record<string, () => metric.AnyMetric>> = {
  'Accuracy()': () => new metric.Accuracy(),
  "F1(average='micro')": () => new metric.F1({ average: 'micro' }),
  'MCC()': () => new metric.MCC(),
  'MAE()': () => new metric.MAE(),
  'MSE()': () => new metric.MSE(),
  'NegativeLogLikelihood()': () => new metric.NegativeLogLikelihood(),
  'Perplexity(None)': () => new metric.Perplexity(),
  'Perplexity(0)': () => new metric.Perplexity({ ignoreLabel: 0 }),
  'PearsonCorrelation()': () => new metric.PearsonCorrelation(),
  'PCC()': () => new metric.PCC(),
  'Loss()': () => new metric.Loss(),
  'np(custom)': () => metric.np(function maxdiff(label: NDArray, pred: NDArray) { return label.sub(pred).abs().max().item() }),
  CompositeEvalMetric: () => metric.create(['acc', new metric.TopKAccuracy({ topK: 2 })]),
}

/** The numbers of a printed result: `('mae', 1.5)`, `(['a', 'b'], [0.0, nan])`. */
function numbersIn(text: string): number[] {
  return text.slice(text.lastIndexOf("'") + 1).match(/nan|-?\d[\d.e+-]*/g)!.map(Number)
}

describe('metrics against MXNet', () => {
  it('has all rows', () => expect(Object.keys(rows).toSorted()).toEqual(Object.keys(METRICS).toSorted()))

  it.each(Object.keys(METRICS))('%s', key => {
    const row = rows[key]!
    const one = METRICS[key]!()
    const close = (expected: readonly number[]): void => {
      const [name, value] = one.get()
      expect(name).toEqual(row.name)
      const values = [value].flat()
      expect(values.length).toBe(expected.length)
      values.forEach((each, i) => expect(Math.abs(each - expected[i]!)).toBeLessThanOrEqual(2e-7 + 1e-6 * Math.abs(expected[i]!)))
    }
    row.pred.forEach((pred, i) => {
      one.update(toArray(row.label[i]!), toArray(pred))
      close(numbersIn(row['after each update'][i]!))
    })
    close([row.value].flat())
    one.reset()
    expect([one.get()[1]].flat().every(Number.isNaN)).toBe(true)
    expect(String(one)).toBe(row.str)
  })
})
