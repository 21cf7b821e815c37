import { describe, expect, it } from 'vitest'
import { init, np, nn } from 'ashlar'
import { freshProcess, getnet, numbers, position } from './support.ts'

/** Notes who was initialized and writes nothing. */
class MyInit extends init.Initializer {
  readonly lines: string[] = []
  override initWeight(name: string, data: { readonly shape: readonly number[] }): void {
    this.lines.push(`Init ${name} (${data.shape.join(', ')})`)
  }
}

const listing = (first: number, second: number, from = 0): string => `sequential0_ (
  Parameter dense${from}_weight (shape=(256, ${first}), dtype=float32)
  Parameter dense${from}_bias (shape=(256,), dtype=float32)
  Parameter dense${from + 1}_weight (shape=(10, ${second}), dtype=float32)
  Parameter dense${from + 1}_bias (shape=(10,), dtype=float32)
)`

const input = (): ReturnType<typeof np.zeros> => np.random.uniform({ size: [2, 20] })

describe('section 5.3, deferred initialization', () => {
  freshProcess()

  it('S5.3-01, 02: the network and its parameters before initialize', () => {
    const net = getnet()
    expect(net.repr()).toBe('Sequential(\n  (0): Dense(-1 -> 256, Activation(relu))\n  (1): Dense(-1 -> 10, linear)\n)')
    expect(String(net.collectParams())).toBe(listing(-1, -1))
  })

  it('S5.3-03: reading before initialize', () => {
    const net = getnet()
    const text = `Parameter 'dense0_weight' has not been initialized. Note that you should initialize parameters and create Trainer with Block.collect_params() instead of Block.params because the later does not include Parameters of nested child Blocks`
    expect(() => net[0].weight.data()).toThrow(expect.objectContaining({ name: 'RuntimeError', message: expect.stringContaining(text) }))
    expect(() => net(input())).toThrow(text)
    expect(String(net.collectParams())).toBe(listing(-1, -1))
  })

  it('S5.3-04, 05: after initialize, weights wait and biases are there', () => {
    const net = getnet()
    net.initialize()
    expect(String(net.collectParams())).toBe(listing(-1, -1))
    const text = `Parameter 'dense0_weight' has not been initialized yet because initialization was deferred. Actual initialization happens during the first forward pass. Please pass one batch of data through the network before accessing Parameters. You can also avoid deferred initialization by specifying in_units, num_features, etc., for network layers.`
    const deferred = expect.objectContaining({ name: 'DeferredInitializationError', message: expect.stringContaining(text) })
    expect(() => net[0].weight.data()).toThrow(deferred)
    expect(() => net[0].weight.grad()).toThrow(deferred)
    expect(() => net[0].weight.listData()).toThrow(deferred)
    expect(numbers(net[0].bias.data())).toEqual(new Array(256).fill(0))
    expect(position()).toBe(0)
  })

  it('S5.3-06: after forward all shapes are known', () => {
    const net = getnet()
    net.initialize()
    net(input())
    expect(String(net.collectParams())).toBe(listing(20, 256))
  })

  it('S5.3-07, 08, 09, 10, 11: when an initializer runs, in one process', () => {
    getnet()
    const net = getnet()
    const mine = new MyInit()
    const said = (): string[] => mine.lines.splice(0)
    net.initialize(mine)
    expect(said()).toEqual([])
    const y = net(input())
    expect(said()).toEqual(['Init dense2_weight (256, 20)', 'Init dense3_weight (10, 256)'])
    expect(numbers(y)).toEqual(new Array(20).fill(0))
    net(input())
    expect(said()).toEqual([])
    net.initialize({ init: mine, forceReinit: true })
    expect(said()).toEqual(['Init dense2_weight (256, 20)', 'Init dense3_weight (10, 256)'])
    const known = new nn.Sequential()
    known.add(new nn.Dense(256, { inUnits: 20, activation: 'relu' }))
    known.add(new nn.Dense(10, { inUnits: 256 }))
    known.initialize(mine)
    expect(said()).toEqual(['Init dense4_weight (256, 20)', 'Init dense5_weight (10, 256)'])
    expect(known[0]!.weight.data().shape).toEqual([256, 20])
  })

  it('S5.3-12: another batch size infers nothing again, another feature size is refused', () => {
    const net = getnet()
    net.initialize()
    net(input())
    const [before, drawn] = [numbers(net[0].weight.data()), position()]
    expect(net(np.ones([5, 20])).shape).toEqual([5, 10])
    expect(() => net(np.ones([2, 30]))).toThrow('Shape inconsistent, Provided = [256,20], inferred shape=(256,30)')
    expect(numbers(net[0].weight.data())).toEqual(before)
    expect(position()).toBe(drawn)
    expect(net(np.ones([2, 20])).shape).toEqual([2, 10])
  })

  it('E5.3-1: with one input size given, that layer is initialized at once', () => {
    const net = new nn.Sequential(new nn.Dense(256, { inUnits: 20 }), new nn.Dense(10))
    net.initialize()
    expect(net[0].weight.data().shape).toEqual([256, 20])
    expect(() => net[1].weight.data()).toThrow('initialization was deferred')
  })

  it('E5.3-2: sizes that do not fit are refused at forward, and the network stays usable', () => {
    const net = new nn.Sequential(new nn.Dense(256, { inUnits: 20 }), new nn.Dense(10, { inUnits: 128 }))
    net.initialize()
    const before = [0, 1].map(i => numbers(net.at(i).weight.data()))
    expect(() => net(input())).toThrow('Shape inconsistent, Provided = [10,128], inferred shape=(10,256)')
    expect([0, 1].map(i => numbers(net.at(i).weight.data()))).toEqual(before)
    expect(net[1](np.ones([2, 128]))).toMatchObject({ shape: [2, 10] })
  })

  it('E5.3-3: inputs of several sizes share later parameters', () => {
    const shared = new nn.Dense(3)
    const [a, b] = [new nn.Sequential(new nn.Dense(8), shared), new nn.Sequential(new nn.Dense(8), new nn.Dense(3, { params: shared.params }))]
    a.initialize()
    b[0]!.initialize()
    expect([a(np.ones([2, 5])).shape, b(np.ones([4, 7])).shape]).toEqual([[2, 3], [4, 3]])
    expect(b.at(1).weight).toBe(shared.weight)
    const last = new nn.Dense(3, { flatten: false })
    last.initialize()
    expect([last(np.ones([2, 5, 4])).shape, last(np.ones([7, 4])).shape]).toEqual([[2, 5, 3], [7, 3]])
  })
})
