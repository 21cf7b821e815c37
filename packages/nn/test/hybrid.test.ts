import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { autograd, np } from '@ashlar/core'
import { Activation, Block, Concurrent, Dense, HybridBlock, HybridConcurrent, HybridSequential, Identity, ReLU, Sequential } from '@ashlar/nn'
import { freshProcess, numbers } from './support.ts'

class Plain extends Block {
  override forward(x: NDArray): NDArray { return x }
}

const refusal = (text = 'Plain(\n\n)'): unknown => expect.objectContaining({
  name: 'ValueError',
  message: expect.stringContaining(`Children of HybridBlock must also be HybridBlock, but ${text} has type Plain. If you are using Sequential, please try HybridSequential instead.`),
})

describe('B-5.2: children of a HybridBlock are HybridBlocks', () => {
  freshProcess()

  it('B-5.2a: add and registerChild refuse others, and add nothing', () => {
    const net = new HybridSequential(new Dense(1))
    expect(() => net.add(new Dense(2), new Plain())).toThrow(refusal())
    expect(() => net.registerChild(new Plain(), 'x')).toThrow(refusal())
    expect(() => new HybridSequential(new Sequential())).toThrow('has type Sequential')
    expect([net.length, net[1]]).toEqual([1, undefined])
  })

  it('B-5.2b: a field is found at the next look, until it is mended', () => {
    class Net extends HybridBlock {
      dense: Block | null = new Dense(1, { inUnits: 1 })
      other: Block | null = new Plain()
      override forward(x: NDArray): NDArray { return x }
    }
    const net = new Net()
    const x = np.ones([1, 1])
    for (const look of [() => net(x), () => net.collectParams(), () => net.initialize(), () => net.stateDict(), () => String(net)]) expect(look).toThrow(refusal())
    net.other = null
    net.initialize()
    expect(net(x)).toBe(x)
    net.children.set('by hand', new Plain())
    expect(() => net(x)).toThrow(refusal())
  })

  it('B-5.2c: a Block may hold anything', () => {
    const net = new Sequential(new Plain(), new HybridSequential(new Dense(1)))
    net.initialize()
    expect(net(np.ones([1, 2])).shape).toEqual([1, 1])
  })

  it('the layers here are HybridBlocks', () => {
    for (const block of [new Dense(1), new Activation('relu'), new HybridSequential(), new Identity(), new ReLU(), new HybridConcurrent()]) expect(block).toBeInstanceOf(HybridBlock)
    expect(new Sequential()).not.toBeInstanceOf(HybridBlock)
    expect(new Concurrent()).not.toBeInstanceOf(HybridBlock)
  })
})

describe('HybridSequential', () => {
  freshProcess()

  it('B-5.3: runs, prints, slices and counts like Sequential', () => {
    const make = (Container: typeof Sequential | typeof HybridSequential): Sequential | HybridSequential => {
      const net = new (Container as typeof Sequential)(new Dense(3, { inUnits: 2, activation: 'tanh' }), new Dense(1, { inUnits: 3 }))
      net.initialize('ones')
      return net
    }
    const [plain, hybrid] = [make(Sequential), make(HybridSequential)]
    expect(numbers(hybrid(np.ones([1, 2])) as NDArray)).toEqual(numbers(plain(np.ones([1, 2])) as NDArray))
    expect(String(hybrid)).toBe(`Hybrid${String(plain)}`)
    expect(hybrid.prefix).toBe('hybridsequential0_')
    const part = hybrid.slice(1)
    expect([part instanceof HybridSequential, part.prefix, part.length, part[0] === hybrid[1]]).toEqual([true, 'hybridsequential0_', 1, true])
    expect(() => hybrid.at(2)).toThrow(expect.objectContaining({ name: 'IndexError' }))
    expect([...hybrid]).toEqual([hybrid[0], hybrid[1]])
  })
})

describe('E5.1-4: Concurrent', () => {
  freshProcess()
  const dense = (units: number): Dense => new Dense(units, { inUnits: 2, weightInitializer: 'ones' })

  it.each([['Concurrent', Concurrent], ['HybridConcurrent', HybridConcurrent]] as const)('%s joins what its blocks make of the same input', (name, Class) => {
    const net = new Class(dense(1), new Identity())
    net.initialize()
    const x = np.array([[1, 2]])
    expect(net(x).tolist()).toEqual([[3, 1, 2]])
    expect(net.axis).toBe(-1)
    const rows = new Class({ axis: 0, prefix: 'rows_' }, new Identity(), dense(2))
    rows.initialize()
    expect(rows(x).tolist()).toEqual([[1, 2], [3, 3]])
    expect([rows.name, rows.slice(0, 1).prefix, (rows.slice(0, 1) as Concurrent).axis]).toEqual(['rows', 'rows_', 0])
    expect(String(rows)).toBe(`${name}(\n  (0): Identity(\n  \n  )\n  (1): Dense(2 -> 2, linear)\n)`)
  })

  it('E5.1-4b: gradients reach all of them', () => {
    const net = new Concurrent(dense(3), dense(2))
    net.initialize()
    autograd.record(() => net(np.array([[1, 2]]))).backward()
    expect(net.collectParams().size).toBe(4)
    expect([...net.collectParams('.*weight').values()].map(p => numbers(p.grad()))).toEqual([[1, 2, 1, 2, 1, 2], [1, 2, 1, 2]])
  })

  it('refuses no blocks, an axis that is none, and outputs that do not fit', () => {
    expect(() => new Concurrent()(np.ones([1]))).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('no blocks') }))
    expect(() => new Concurrent({ axis: 0.5 })).toThrow(expect.objectContaining({ name: 'ValueError' }))
    const net = new Concurrent({ axis: 0 }, dense(3), new Identity())
    net.initialize()
    expect(() => net(np.ones([1, 2]))).toThrow(/concatenate/)
  })

  it('B-10: Identity gives its input back', () => {
    const x = np.ones([2])
    expect(new Identity()(x)).toBe(x)
    const pair = [x, 3] as const
    expect(new Identity()(pair)).toBe(pair)
  })
})
