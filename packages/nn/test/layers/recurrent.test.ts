import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { array, autograd, memory, np, scope } from '@ashlar/core'
import { Sequential, rnn } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position, twoGpus, withFolder } from '../support.ts'
import { checkLayer, distance, scatter, scattered } from './reference.ts'

type Vector = number[]
type Matrix = number[][]
type Mode = 'relu' | 'tanh' | 'lstm' | 'gru'

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v))
const affine = (w: Matrix, x: Vector, b: Vector): Vector => w.map((row, i) => row.reduce((sum, each, j) => sum + each * x[j]!, b[i]!))

/** One step for one sample: the state is h, and for an LSTM also c. */
function step(mode: Mode, i: Vector, h: Vector, [hidden, cell]: Vector[]): Vector[] {
  const n = hidden!.length
  const part = (v: Vector, k: number): Vector => v.slice(k * n, (k + 1) * n)
  const sum = i.map((v, k) => v + h[k]!)
  if (mode === 'relu') return [sum.map(v => Math.max(v, 0))]
  if (mode === 'tanh') return [sum.map(Math.tanh)]
  if (mode === 'lstm') {
    const next = cell!.map((c, k) => sigmoid(part(sum, 1)[k]!) * c + sigmoid(part(sum, 0)[k]!) * Math.tanh(part(sum, 2)[k]!))
    return [next.map((c, k) => sigmoid(part(sum, 3)[k]!) * Math.tanh(c)), next]
  }
  return [hidden!.map((before, k) => {
    const [r, z] = [sigmoid(part(sum, 0)[k]!), sigmoid(part(sum, 1)[k]!)]
    return (1 - z) * Math.tanh(part(i, 2)[k]! + r * part(h, 2)[k]!) + z * before
  })]
}

/** All layers and directions for one sample (T, C), in plain numbers; gives outputs and states [array][layer and direction]. */
function reference(mode: Mode, layer: rnn.RecurrentLayer, layers: number, sides: string[], x: Matrix, start: Vector[][]): { output: Matrix; states: Vector[][] } {
  const parameter = (name: string): unknown => (layer as unknown as Record<string, { data(): NDArray }>)[name]!.data().tolist()
  let input = x
  const states: Vector[][] = start.map(() => [])
  for (let l = 0; l < layers; l++) {
    const outputs = sides.map((side, s) => {
      const [wi, wh, bi, bh] = ['i2h_weight', 'h2h_weight', 'i2h_bias', 'h2h_bias'].map(name => parameter(`${side}${l}_${name}`)) as [Matrix, Matrix, Vector, Vector]
      let state = start.map(each => each[l * sides.length + s]!)
      const found: Vector[] = []
      for (const each of side === 'r' ? [...input].reverse() : input) {
        state = step(mode, affine(wi, each, bi), affine(wh, state[0]!, bh), state)
        found.push(state[0]!)
      }
      state.forEach((each, k) => states[k]!.push(each))
      return side === 'r' ? found.reverse() : found
    })
    input = input.map((_, t) => outputs.flatMap(each => each[t]!))
  }
  return { output: input, states }
}

const CASES: [string, Mode, rnn.RecurrentLayer, number, string[]][] = [
  ['RNN', 'relu', new rnn.RNN(3), 1, ['l']],
  ['RNN with tanh, two layers', 'tanh', new rnn.RNN(2, 2, { activation: 'tanh' }), 2, ['l']],
  ['RNN with tanh, both ways', 'tanh', new rnn.RNN(2, { activation: 'tanh', bidirectional: true }), 1, ['l', 'r']],
  ['LSTM', 'lstm', new rnn.LSTM(3), 1, ['l']],
  ['LSTM, two layers both ways', 'lstm', new rnn.LSTM(2, 2, { bidirectional: true }), 2, ['l', 'r']],
  ['GRU', 'gru', new rnn.GRU(3), 1, ['l']],
  ['GRU, two layers both ways', 'gru', new rnn.GRU(2, { numLayers: 2, bidirectional: true }), 2, ['l', 'r']],
]

describe('recurrent layers', () => {
  freshProcess()

  it.each(CASES)('%s is what its steps say, from zeros and from a state', (_, mode, layer, layers, sides) => {
    const x = scattered([4, 2, 3])
    layer.initialize()
    layer(x)
    layer.cast('float64')
    scatter(layer)
    const start = layer.stateInfo(2).map(({ shape }, i) => scattered(shape, 40 + i))
    const [y, states] = layer(x, start)
    const fromZeros = layer(x)
    for (const sample of [0, 1]) {
      const pick = (each: NDArray): unknown => each.get(':', sample).tolist()
      const expected = reference(mode, layer, layers, sides, pick(x) as Matrix, start.map(each => pick(each) as Vector[]))
      expect(distance((pick(y) as Matrix).flat(), expected.output.flat())).toBeLessThan(1e-12)
      states.forEach((state, k) => expect(distance((pick(state) as Matrix).flat(), expected.states[k]!.flat())).toBeLessThan(1e-12))
      const zeros = reference(mode, layer, layers, sides, pick(x) as Matrix, start.map(each => (pick(each) as Vector[]).map(vector => vector.map(() => 0))))
      expect(distance((pick(fromZeros) as Matrix).flat(), zeros.output.flat())).toBeLessThan(1e-12)
    }
  })

  it.each(CASES)('gradients of %s are what differences give', (_, _mode, layer) => {
    checkLayer(layer, scattered([2, 1, 3]))
  })

  it('the gradient of a state is what differences give', () => {
    const layer = new rnn.LSTM(2)
    layer.initialize()
    const cells = scattered([1, 2, 2], 9)
    checkLayer(layer, scattered([1, 2, 2]), hidden => {
      const [y, [h, c]] = layer(scattered([3, 2, 2], 4), [hidden, cells.astype(hidden.dtype)]) as [NDArray, [NDArray, NDArray]]
      return np.concatenate([y, h, c])
    })
  })

  it('layout NTC has samples first, and states as they were', () => {
    const [tnc, ntc] = [new rnn.GRU(3), new rnn.GRU(3, { layout: 'NTC' })]
    const x = scattered([4, 2, 5]).astype('float32')
    for (const layer of [tnc, ntc]) layer.initialize('ones')
    const [y, [h]] = tnc(x, tnc.beginState(2)) as [NDArray, [NDArray]]
    const [z, [g]] = ntc(x.swapaxes(0, 1), ntc.beginState(2)) as [NDArray, [NDArray]]
    expect([z.shape, g.shape]).toEqual([[2, 4, 3], [1, 2, 3]])
    expect([z.swapaxes(0, 1).tolist(), g.tolist()]).toEqual([y.tolist(), h.tolist()])
  })

  it('B-10.4: dropout lies between layers, in training alone', () => {
    const layer = new rnn.RNN(50, 2, { dropout: 0.5, inputSize: 2 })
    layer.initialize('ones')
    const x = np.ones([1, 1, 2])
    // All weights 1, no biases: the first layer gives 2s, which double or go, and the second adds them up.
    expect(numbers(layer(x))[0]).toBe(100)
    const [y, [h]] = autograd.trainMode(() => layer(x, layer.beginState(1))) as [NDArray, [NDArray]]
    const sum = numbers(y)[0]!
    expect(sum % 4).toBe(0)
    expect([sum > 40, sum < 160, sum === 100]).toEqual([true, true, false])
    expect(new Set(numbers(h.get(0)))).toEqual(new Set([2]))
    const alone = new rnn.RNN(5, { dropout: 0.5, inputSize: 2 })
    alone.initialize('ones')
    expect(numbers(autograd.trainMode(() => alone(x)))).toEqual([2, 2, 2, 2, 2])
  })

  it('B-3.4, C-1.10: fields, names and files have Gluon\'s names, in its order', () => {
    const layer = new rnn.LSTM(2, 2, { bidirectional: true, inputSize: 3 })
    const names = ['l0', 'r0', 'l1', 'r1'].flatMap(at => ['i2h_weight', 'h2h_weight', 'i2h_bias', 'h2h_bias'].map(name => `${at}_${name}`))
    expect([...layer.fieldParameters.keys()]).toEqual(names)
    expect([...layer.collectParams().keys()]).toEqual(names.map(name => `lstm0_${name}`))
    expect([new rnn.RNN(1).name, new rnn.GRU(1).name]).toEqual(['rnn0', 'gru0'])
    expect(layer.l1_i2h_weight!.shape).toEqual([8, 4])
    withFolder(path => {
      const net = new Sequential(layer)
      net.initialize()
      net.saveParameters(path('lstm.params'))
      const clone = new Sequential(new rnn.LSTM(2, 2, { bidirectional: true }))
      clone.loadParameters(path('lstm.params'))
      expect(clone(np.ones([2, 1, 3])).tolist()).toEqual(net(np.ones([2, 1, 3])).tolist())
    })
  })

  it('the first input tells its size; what is known is drawn before', () => {
    const layer = new rnn.GRU(2, 2)
    layer.initialize()
    expect(position()).toBe(12 + 12 + 12)
    layer(np.ones([1, 1, 5]))
    expect([position(), layer.l0_i2h_weight!.shape]).toEqual([36 + 30, [6, 5]])
    expectRefusal(layer, () => layer(np.ones([1, 1, 4])), 'MXNetError', 'Shape inconsistent, Provided = [6,5], inferred shape=(6,4)')
  })

  it('beginState makes zeros, or what it is told to', () => {
    const [gpu0] = twoGpus()
    const layer = new rnn.LSTM(3, 2, { bidirectional: true })
    expect(layer.stateInfo(5)).toEqual([{ shape: [4, 5, 3], layout: 'LNC' }, { shape: [4, 5, 3], layout: 'LNC' }])
    const state = layer.beginState(2, { ctx: gpu0, dtype: 'float64' })
    expect(state.map(each => [each.shape, each.dtype, String(each.context), each.sum().item()])).toEqual([[[4, 2, 3], 'float64', 'gpu(0)', 0], [[4, 2, 3], 'float64', 'gpu(0)', 0]])
    expect(layer.beginState(1, { func: np.ones }).map(each => each.sum().item())).toEqual([12, 12])
    layer.initialize(null, { ctx: gpu0 })
    expect(String(layer(np.ones([2, 1, 3], { ctx: gpu0 })).context)).toBe('gpu(0)')
  })

  it('one array is a state, where one is needed', () => {
    const layer = new rnn.RNN(2, { inputSize: 1 })
    layer.initialize()
    const [y, states] = layer(np.ones([3, 1, 1]), np.zeros([1, 1, 2]))
    expect([y.shape, states.map(each => each.shape)]).toEqual([[3, 1, 2], [[1, 1, 2]]])
  })

  it.each([
    ['no layers', () => new rnn.LSTM(2, 0), 'ValueError', 'numLayers is a whole number from 1'],
    ['no size', () => new rnn.GRU(0), 'ValueError', 'hiddenSize is a whole number from 1'],
    ['a layout', () => new rnn.GRU(1, { layout: 'CNT' as never }), 'AssertionError', `Invalid layout 'CNT'; must be one of ['TNC' or 'NTC']`],
    ['a rate', () => new rnn.GRU(1, { dropout: 1 }), 'ValueError', 'dropout is a number from 0 up to but without 1'],
    ['an activation', () => new rnn.RNN(1, { activation: 'step' as never }), 'ValueError', `unknown activation 'step'`],
    ['an activation of what has its own', () => new rnn.LSTM(1, { activation: 'relu' } as never), 'TypeError', `unknown option 'activation'`],
  ])('refuses %s', (_, make, name, text) => {
    expect(make).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text) }))
  })

  it.each([
    ['another rank', [np.ones([2, 3])], 'the input is (T, N, C), got (2, 3)'],
    ['an empty sequence', [np.ones([0, 2, 3])], 'the sequence is empty'],
    ['a state of another shape', [np.ones([2, 2, 3]), [np.zeros([1, 1, 4]), np.zeros([1, 2, 4])]], 'Invalid recurrent state shape. Expecting (1, 2, 4), (1, 2, 4), got (1, 1, 4), (1, 2, 4).'],
    ['half a state', [np.ones([2, 2, 3]), np.zeros([1, 2, 4])], 'Invalid recurrent state shape.'],
    ['a state of no arrays', [np.ones([2, 2, 3]), [1, 2]], 'got no array, no array'],
  ])('a first input with %s leaves shapes open', (_, inputs, text) => {
    const layer = new rnn.LSTM(4)
    layer.initialize()
    expectRefusal(layer, () => layer(...inputs as [NDArray, NDArray[]]), 'ValueError', text)
  })

  it('many steps keep no more arrays than one', () => {
    const layer = new rnn.GRU(2, 2, { bidirectional: true })
    layer.initialize()
    const x = array([[[1, 2]], [[3, 4]], [[5, 6]]])
    const train = (): void => scope(() => autograd.record(() => layer(x).sum()).backward())
    train()
    const before = memory()
    for (let i = 0; i < 5; i++) train()
    expect(memory()).toEqual(before)
  })
})
