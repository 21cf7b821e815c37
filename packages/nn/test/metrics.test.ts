import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import type { Capabilities, NDArray } from '@ashlar/core'
import { Context, autograd, np, registerBackend, scope, unregisterBackend } from '@ashlar/core'
import { metric } from '@ashlar/nn'
import { freshProcess, twoGpus } from './support.ts'

/** Runs `fn` with a device of separate memory that counts its reads. */
async function withFarDevice(capabilities: Partial<Capabilities>, fn: (ctx: Context, reads: () => number) => void | Promise<void>): Promise<void> {
  const near = cpuBackend().open(0)
  let reads = 0
  const device = {
    capabilities: { ...near.capabilities, hostMemory: false, ...capabilities },
    kernels: near.kernels,
    upload: near.upload.bind(near),
    fill: near.fill.bind(near),
    free: near.free.bind(near),
    download: (x: Parameters<typeof near.download>[0]) => {
      if (capabilities.syncRead === false) throw new Error('cannot be read now')
      reads++
      return near.download(x)
    },
    downloadAsync: async (x: Parameters<typeof near.download>[0]) => {
      reads++
      await Promise.resolve()
      return near.download(x)
    },
  }
  registerBackend({ name: 'far', type: 'far', count: 1, open: () => device as never })
  try {
    await fn(new Context('far'), () => reads)
  } finally {
    unregisterBackend('far')
  }
}

const scores = (rows: number[][], ctx?: Context): NDArray => np.array(rows, ctx === undefined ? {} : { ctx })

describe('accuracies', () => {
  freshProcess()

  it('class numbers, scores, other axes, and columns of labels', () => {
    const accuracy = new metric.Accuracy()
    accuracy.update(np.array([1, 2, 3, 4]), np.array([1, 2, 0, 0]))
    expect(accuracy.get()).toEqual(['accuracy', 0.5])
    accuracy.update(np.array([[1], [0]]), scores([[0.1, 0.9], [0.2, 0.8]]))
    expect(accuracy.get()).toEqual(['accuracy', 0.5])
    const last = new metric.Accuracy({ axis: -1, name: 'mine' })
    last.update(np.zeros([2, 3]), np.ones([2, 3, 4]))
    expect(last.get()).toEqual(['mine', 1])
  })

  it('images: classes on axis 1', () => {
    const pred = np.zeros([1, 2, 2, 2])
    pred.set([0, 1, 0, 0], 1)
    const accuracy = new metric.Accuracy()
    accuracy.update(np.array([[[1, 0], [1, 0]]]), pred)
    expect(accuracy.get()[1]).toBe(0.75)
  })

  it('the best k, of equals the first', () => {
    const run = (topK: number, label: number[], rows: number[][]): number => {
      const one = new metric.TopKAccuracy({ topK })
      one.update(np.array(label), scores(rows))
      return one.get()[1]
    }
    const rows = [[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.1, 0.6, 0.2, 0.1]]
    expect(run(2, [2, 2, 2], rows)).toBeCloseTo(2 / 3, 12)
    expect(run(3, [2, 2, 3], rows)).toBeCloseTo(2 / 3, 12)
    expect(run(2, [0, 1, 2], [[1, 1, 1], [1, 1, 1], [1, 1, 1]])).toBeCloseTo(2 / 3, 12)
    expect(new metric.TopKAccuracy({ topK: 3 }).name).toBe('top_k_accuracy_3')
    for (const topK of [1, 0, 1.5]) expect(() => new metric.TopKAccuracy({ topK })).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining('Please use Accuracy if top_k is no more than 1') }))
  })
})

describe('two classes and more', () => {
  freshProcess()

  const [first, second] = [[[0, 1], [0, 1], [1, 0], [1, 0], [0, 1]], [[1, 0], [0, 1], [0, 1], [1, 0], [1, 0]]]
  const [firstLabel, secondLabel] = [[1, 0, 1, 0, 1], [1, 1, 0, 0, 0]]

  it('F1 by hand: the mean over batches, or over all samples', () => {
    const run = (average: 'macro' | 'micro'): number => {
      const f1 = new metric.F1({ average })
      f1.update(np.array(firstLabel), scores(first))
      f1.update(np.array(secondLabel), scores(second))
      return f1.get()[1]
    }
    // tp 2, fp 1, fn 1 and tp 1, fp 1, fn 1.
    expect(run('macro')).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12)
    expect(run('micro')).toBeCloseTo(6 / 10, 12)
  })

  it('MCC and PCC agree where there are two classes and one batch', () => {
    const [mcc, pcc, micro] = [new metric.MCC(), new metric.PCC(), new metric.MCC({ average: 'micro' })]
    for (const one of [mcc, pcc, micro]) one.update(np.array(firstLabel), scores(first))
    expect(pcc.get()[1]).toBeCloseTo(mcc.get()[1], 12)
    for (const one of [pcc, micro]) one.update(np.array(secondLabel), scores(second))
    expect(pcc.get()[1]).toBeCloseTo(micro.get()[1], 12)
  })

  it('PCC takes any number of classes, and knows nothing of one class alone', () => {
    const pcc = new metric.PCC()
    pcc.update(np.array([7, 0, 3]), np.array([7, 0, 3]))
    expect(pcc.get()[1]).toBeCloseTo(1, 12)
    pcc.reset()
    pcc.update(np.array([1, 1]), np.array([1, 1]))
    expect(pcc.get()[1]).toBeNaN()
  })

  it('more than two classes are refused, and change nothing', () => {
    const f1 = new metric.F1()
    f1.update(np.array([1, 0]), scores([[0, 1], [1, 0]]))
    expect(() => f1.update(np.array([0, 1, 2]), scores([[0, 1], [1, 0], [1, 0]]))).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('F1 currently only supports binary classification.') }))
    expect(f1.get()).toEqual(['f1', 1])
    f1.update(np.array([-1, 1]), scores([[1, 0], [1, 0]]))
    expect(f1.get()).toEqual(['f1', 0.5])
    expect(() => new metric.MCC({ average: 'all' as never })).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })
})

describe('distances and likelihoods', () => {
  freshProcess()

  it('RMSE is the mean of each batch\'s root; one axis counts as a column', () => {
    const rmse = new metric.RMSE()
    rmse.update(np.array([0, 0]), np.array([[3], [4]]))
    rmse.update(np.array([0]), np.array([1]))
    expect(rmse.get()[1]).toBeCloseTo((Math.sqrt(12.5) + 1) / 2, 6)
    expect(() => rmse.update(np.array([0, 0]), np.zeros([2, 2]))).toThrow('Shape of labels (2,) does not match shape of predictions (2, 2)')
  })

  it('cross entropy of a probability of 0 is finite', () => {
    const one = new metric.CrossEntropy()
    one.update(np.array([0, 1]), scores([[0, 1], [0.5, 0.5]]))
    expect(one.get()[1]).toBeCloseTo((-Math.log(1e-12) + Math.LN2) / 2, 4)
    expect(() => one.update(np.array([0]), scores([[0, 1], [0.5, 0.5]]))).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining('shape mismatch: (1,) vs. (2, 2)') }))
  })

  it('perplexity ignores labels that are no class, and nothing is NaN', () => {
    const one = new metric.Perplexity({ ignoreLabel: -1 })
    one.update(np.array([[0, -1], [1, -1]]), np.full([2, 2, 4], 0.25))
    expect(one.get()[1]).toBeCloseTo(4, 5)
    one.reset()
    one.update(np.array([-1]), np.full([1, 4], 0.25))
    expect(one.get()[1]).toBeNaN()
  })

  it('Pearson over all samples does not depend on how they are cut, nor on an offset', () => {
    const [x, y] = [[1, 2, 4, 8, 9, 3], [2, 1, 5, 7, 7, 2]]
    const mean = (list: number[]): number => list.reduce((a, b) => a + b) / list.length
    const [mx, my] = [mean(x), mean(y)]
    const sum = (f: (i: number) => number): number => x.reduce((total, _, i) => total + f(i), 0)
    const expected = sum(i => (x[i]! - mx) * (y[i]! - my)) / Math.sqrt(sum(i => (x[i]! - mx) ** 2) * sum(i => (y[i]! - my) ** 2))
    for (const offset of [0, 1000]) {
      const one = new metric.PearsonCorrelation({ average: 'micro' })
      for (const [from, to] of [[0, 1], [1, 4], [4, 6]]) one.update(np.array(x.slice(from, to)).add(offset), np.array(y.slice(from, to)))
      expect(one.get()[1]).toBeCloseTo(expected, 5)
    }
  })

  it('losses: labels may be null', () => {
    const loss = new metric.Loss()
    loss.update(null, [np.array([1, 2]), np.array([6])])
    expect(loss.get()).toEqual(['loss', 3])
  })

  it('sums of float16 have room', () => {
    const loss = new metric.Loss()
    loss.update(null, np.full([300], 1000, { dtype: 'float16' }))
    expect(loss.get()).toEqual(['loss', 1000])
  })
})

describe('every metric', () => {
  freshProcess()

  const names = ['acc', 'top_k_acc', 'f1', 'mcc', 'pcc', 'mae', 'mse', 'rmse', 'ce', 'nll_loss', 'perplexity', 'pearsonr', 'loss']

  it.each(names)('%s: NaN at first, names, and what is refused', name => {
    const one = metric.create(name, name === 'top_k_acc' ? { topK: 2 } : {})
    expect(one.get()).toEqual([one.name, NaN])
    expect(inspect(one)).toBe(`EvalMetric: {'${one.name}': nan}`)
    // Labels of losses are passed by.
    if (name !== 'loss') expect(() => one.update([np.ones([1])], [])).toThrow('Shape of labels 1 does not match shape of predictions 0')
    expect(() => one.update(np.zeros([0]), np.zeros([0, 2]))).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('nothing to measure') }))
    if (name !== 'loss') expect(() => one.update(np.zeros([3]), np.zeros([2, 2]))).toThrow(/\(3,\)/)
    expect(() => one.update([1] as never, [1] as never)).toThrow(TypeError)
    expect(one.get()[1]).toBeNaN()
  })

  it('lists are taken pair by pair, and a bad pair leaves nothing behind', () => {
    const accuracy = new metric.Accuracy()
    accuracy.update([np.array([1]), np.array([0, 0])], [np.array([1]), np.array([1, 0])])
    expect(accuracy.get()[1]).toBeCloseTo(2 / 3, 12)
    expect(() => accuracy.update([np.array([1]), np.array([0, 0])], [np.array([1]), np.array([1])])).toThrow('Shape of labels (2,) does not match shape of predictions (1,)')
    expect(() => accuracy.update([np.array([1])], [np.array([1]), np.array([1])])).toThrow('Shape of labels 1 does not match shape of predictions 2')
    expect(accuracy.get()[1]).toBeCloseTo(2 / 3, 12)
  })

  it('records nothing', () => {
    const pred = np.array([[1, 2]])
    pred.attachGrad()
    const loss = new metric.Loss()
    autograd.record(() => { loss.update(null, pred.mul(2)); return pred.sum() }).backward()
    expect(loss.get()).toEqual(['loss', 3])
    const modes: boolean[] = []
    const own = metric.np(() => Number(modes.push(autograd.isRecording())))
    autograd.record(() => own.update(pred, pred))
    expect(modes).toEqual([false])
  })

  it('create: names in any case, functions, lists, metrics; all else is refused', () => {
    expect(metric.create('ACC').name).toBe('accuracy')
    expect(metric.create('mae', { name: 'distance' }).name).toBe('distance')
    const own = new metric.MAE()
    expect(metric.create(own)).toBe(own)
    expect(metric.create(['acc', ['mae', 'mse']]).get()).toEqual([['accuracy', 'mae', 'mse'], [NaN, NaN, NaN]])
    expect(() => metric.create('unknown')).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('unknown is not registered') }))
    expect(() => metric.create('mae', { axis: 1 })).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining("'axis'") }))
    expect(() => metric.create(3 as never)).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it('functions: sums with counts, arrays of one element, extra outputs', () => {
    const [label, pred] = [np.array([1, 2, 3]), np.array([1, 1, 1])]
    const weighted = metric.create((l: NDArray, p: NDArray) => [l.sub(p).sum(), 3] as const)
    weighted.update(label, pred)
    expect(weighted.get()).toEqual(['custom(<lambda>)', 1])
    const exact = metric.np(() => 1e-20 + 1)
    exact.update(label, pred)
    expect(exact.get()[1]).toBe(1)
    const named = metric.np((l, p) => l.sub(p).abs().max(), 'worst', true)
    named.update(label, [pred, pred])
    expect(named.get()).toEqual(['worst', 2])
    expect(() => metric.np(() => 1).update(label, [pred, pred])).toThrow('Shape of labels 1 does not match shape of predictions 2')
    expect(() => metric.np(() => 'a' as never).update(label, pred)).toThrow(TypeError)
    expect(() => new metric.CustomMetric('mae' as never)).toThrow(TypeError)
  })

  it('several in one: all take a batch, or none', () => {
    const both = new metric.CompositeEvalMetric([new metric.MAE()])
    both.add(new metric.F1())
    both.update(np.array([1, 0]), np.array([1, 0]))
    expect(both.getNameValue()).toEqual([['mae', 0], ['f1', 1]])
    expect(() => both.update(np.array([0, 1, 2]), np.array([5, 5, 5]))).toThrow('binary')
    expect(both.getNameValue()).toEqual([['mae', 0], ['f1', 1]])
    expect(both.getMetric(1).name).toBe('f1')
    expect(() => both.getMetric(2)).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('Metric index 2 is out of range 0 and 2') }))
    expect(() => both.add('mae' as never)).toThrow(TypeError)
  })

  it('one of your own, alone and in a composite', () => {
    class Count extends metric.EvalMetric {
      override update(_: unknown, preds: NDArray): void { this.sumMetric += preds.size; this.numInst++ }
    }
    const all = metric.create([new Count('count'), 'mae'])
    all.update(np.zeros([2]), np.ones([2]))
    expect(all.get()).toEqual([['count', 'mae'], [2, 1]])
    all.reset()
    expect(all.get()).toEqual([['count', 'mae'], [NaN, NaN]])
    expect(() => new metric.EvalMetric('none').update(np.zeros([1]), np.zeros([1]))).toThrow(expect.objectContaining({ name: 'NotImplementedError' }))
  })
})

describe('metrics on devices', () => {
  freshProcess()

  it('batches on several devices, with labels on the host', () => {
    const [a, b] = twoGpus()
    const accuracy = new metric.Accuracy()
    accuracy.update([np.array([1]), np.array([0, 0])], [np.array([1], { ctx: a }), np.array([1, 0], { ctx: b })])
    expect(accuracy.get()[1]).toBeCloseTo(2 / 3, 12)
  })

  it('update reads nothing back; get reads a few times, in scopes too', async () => withFarDevice({}, (ctx, reads) => {
    const one = metric.create(['acc', 'ce', 'mcc', 'perplexity', 'pcc'])
    for (let i = 0; i < 200; i++) scope(() => one.update(np.array([0, 1], { ctx }), scores([[0.75, 0.25], [0.75, 0.25]], ctx)))
    expect(reads()).toBe(0)
    const [, values] = one.get()
    const entropy = (-Math.log(0.75) - Math.log(0.25)) / 2
    const expected = [0.5, entropy, 0, Math.exp(entropy)]
    values.slice(0, 4).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5))
    expect(values[4]).toBeNaN()
    expect(reads()).toBeLessThan(5 * 20)
    const before = reads()
    one.get()
    expect(reads()).toBe(before)
  }))

  it('where reads are asynchronous, getAsync reads', async () => withFarDevice({ syncRead: false }, async ctx => {
    const one = metric.create(['acc', 'mae', new metric.Loss()])
    for (let i = 0; i < 70; i++) one.update(np.array([i % 2], { ctx }), np.array([1], { ctx }))
    expect(() => one.get()).toThrow(expect.objectContaining({ name: 'NotImplementedError', message: expect.stringMatching(/far\(0\).*getAsync/) }))
    const [first, second] = await Promise.all([one.getAsync(), one.getNameValueAsync()])
    expect(first).toEqual([['accuracy', 'mae', 'loss'], [0.5, 0.5, 1]])
    expect(second).toEqual([['accuracy', 0.5], ['mae', 0.5], ['loss', 1]])
    expect(one.get()).toEqual(first)
  }))

  it('reset while reading forgets what is on its way', async () => withFarDevice({ syncRead: false }, async ctx => {
    const one = new metric.MAE()
    one.update(np.array([0], { ctx }), np.array([5], { ctx }))
    const reading = one.getAsync()
    one.reset()
    one.update(np.array([0], { ctx }), np.array([1], { ctx }))
    await reading
    expect(await one.getAsync()).toEqual(['mae', 1])
  }))

  it('a batch of three classes is refused when it is read, and alone', async () => withFarDevice({}, ctx => {
    const f1 = new metric.F1()
    f1.update(np.array([0, 1, 2], { ctx }), np.array([0, 1, 0], { ctx }))
    f1.update(np.array([0, 1], { ctx }), np.array([0, 1], { ctx }))
    expect(() => f1.get()).toThrow('binary')
    expect(f1.get()).toEqual(['f1', 1])
  }))
})
