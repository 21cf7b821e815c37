import { describe, expect, it } from 'vitest'
import { Context, memory, np, npx } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { Initializer } from '@ashlar/init'
import { Block, Dense, ParameterDict, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position, twoGpus, warnings } from './support.ts'

class Loose extends Block {
  weight = this.params.get('weight', { shape: [-1, 8] })
}

/** Draws, and then fails. */
class Failing extends Initializer {
  override initWeight(_name: string, data: NDArray): void {
    data.set(np.random.uniform(0, 1, data.shape))
    npx.dropout(np.ones([100]), 0.5, { mode: 'always' })
    throw new Error('failed after drawing')
  }
}

const dense = (weightInitializer: Initializer | string | null = null): Dense => new Dense(2, { inUnits: 3, weightInitializer })

describe('initialize: all parameters of a network, or none', () => {
  freshProcess()

  const cases: [string, () => Block, string, string][] = [
    ['an unknown shape that may not wait', () => new Sequential(dense(), new Dense(4), new Loose()), 'ValueError', 'invalid shape: (-1, 8).'],
    ['an initializer that fails after drawing', () => new Sequential(dense(), dense(new Failing())), 'Error', 'failed after drawing'],
    ['an initializer that does not fit', () => new Sequential(dense(), new Dense(2, { inUnits: 1, biasInitializer: 'xavier' })), 'ValueError', 'cannot be applied to vector'],
    ['an initializer that does not exist', () => new Sequential(dense(), dense('nothing')), 'AssertionError', 'nothing is not registered'],
  ]

  it.each(cases)('B-3.6, first time: %s', (_, make, name, text) => {
    const net = make()
    np.random.uniform()
    expectRefusal(net, () => net.initialize(), name, text)
    expect(position()).toBe(1)
  })

  it.each(cases)('B-3.6, again with forceReinit: %s', (_, make, name, text) => {
    const good = new Sequential(dense(), new Dense(2))
    good.initialize()
    const net = new Sequential(good, make())
    const values = good[0].weight.data()
    const at = position()
    expectRefusal(net, () => net.initialize({ forceReinit: true }), name, text)
    expect([position(), good[0].weight.data() === values]).toEqual([at, true])
    expectRefusal(net, () => net.initialize(), name, text)
    expect(warnings).toEqual([])
  })

  it('the other streams go back as well: the draws that follow are those that would have come', () => {
    const draw = (): number[] => [...numbers(np.random.uniform(0, 1, [3])), ...numbers(npx.dropout(np.ones([70]), 0.5, { mode: 'always' }))]
    const expected = draw()
    np.random.seed(0)
    expect(() => new Sequential(dense(), dense(new Failing())).initialize()).toThrow('failed after drawing')
    expect(draw()).toEqual(expected)
  })

  it('a device that is not there', () => {
    const net = new Sequential(dense(), dense())
    expectRefusal(net, () => net.initialize({ ctx: [new Context('cpu'), new Context('gpu', 5)] }), 'MXNetError', 'gpu(5)')
    expectRefusal(net, () => net.initialize({ ctx: [] }), 'ValueError', 'the list of contexts is empty')
    expectRefusal(net, () => net.initialize({ ctx: 'gpu(0)' as never }), 'TypeError', 'expected a context')
    const open = new Dense(2)
    expectRefusal(open, () => open.weight.initialize(null, { ctx: new Context('gpu', 5) }), 'MXNetError', 'gpu(5)')
    expect(position()).toBe(0)
  })

  it('what was drawn for nothing is freed', () => {
    const [gpu0] = twoGpus()
    np.ones([1], { ctx: gpu0 }).dispose()
    const count = (): number => memory().devices['gpu(0)']!.live.buffers
    const before = count()
    const net = new Sequential(new Dense(300, { inUnits: 30 }), new Loose())
    expect(() => net.initialize({ ctx: gpu0 })).toThrow('invalid shape')
    expect(count()).toBe(before)
    net[0].initialize({ ctx: gpu0 })
    expect(count()).toBe(before + 4)
  })

  it('a forward that cannot finish its first layer leaves the streams where they were', () => {
    const net = new Sequential(new Dense(2, { weightInitializer: new Failing() }))
    net.initialize()
    expectRefusal(net, () => net(np.ones([1, 3])), 'Error', 'failed after drawing')
    expect(position()).toBe(0)
  })

  it('B-1.12: resetCtx moves all or none', () => {
    const [gpu0] = twoGpus()
    const params = new ParameterDict()
    params.get('a', { shape: 2 }).initialize('ones')
    params.get('b', { shape: 2 })
    expect(() => params.resetCtx(gpu0)).toThrow(`Cannot reset context for Parameter 'b'`)
    expect(String(params.at('a').listCtx())).toBe('cpu(0)')
  })

  it('options are checked before anything happens', () => {
    const net = dense()
    expectRefusal(net, () => net.initialize({ force_reinit: true } as never), 'TypeError', `unknown option 'force_reinit'; use forceReinit`)
    expectRefusal(net, () => net.initialize('ones', { gpu: 1 } as never), 'TypeError', `unknown option 'gpu'; there are init, ctx, forceReinit, verbose`)
    expectRefusal(net, () => net.initialize(3 as never), 'TypeError', 'options are an object, got 3')
    expectRefusal(net, () => net.collectParams().initialize('ones', [] as never), 'TypeError', 'options are an object')
  })
})

describe('B-2.6: verbose', () => {
  freshProcess()

  it('B-2.6b: says which initializer each parameter got, and how large its values are', () => {
    const lines: string[] = []
    const net = new Sequential(new Dense(2, { inUnits: 2 }), new Dense(1))
    net.initialize('["constant", {"value": 3}]', { verbose: line => void lines.push(line) })
    expect(lines).toEqual([
      'Initialized dense0_weight as ["constant", {"value": 3}]: 3',
      'Initialized dense0_bias as ["zero", {}]: 0',
      'Initialized dense1_bias as ["zero", {}]: 0',
    ])
    net(np.ones([1, 2]))
    expect(lines[3]).toBe('Initialized dense1_weight as ["constant", {"value": 3}]: 3')
  })
})
