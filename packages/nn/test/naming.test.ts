import { describe, expect, it } from 'vitest'
import { nextCount } from '@ashlar/core'
import type { BlockOptions } from '@ashlar/nn'
import { Activation, Block, Dense, Sequential, SoftmaxCrossEntropyLoss } from '@ashlar/nn'
import { freshProcess } from './support.ts'

class Net extends Block {
  dense = this.nameScope(() => new Dense(1))
}

describe('B-4: names', () => {
  freshProcess()

  it('B-4.1: the hint is the lower-case class name, the function for Activation, or an alias', () => {
    class Minified extends Block {
      static override readonly alias = 'dense'
    }
    class MyLayer extends Block {}
    expect([new MyLayer(), new Activation('relu'), new Minified(), new Dense(1), new SoftmaxCrossEntropyLoss()].map(block => block.name))
      .toEqual(['mylayer0', 'relu0', 'dense0', 'dense1', 'softmaxcrossentropyloss0'])
  })

  it('B-4.2: one counter a hint; an explicit prefix is used as it is and counts nothing', () => {
    expect([new Dense(1), new Sequential(), new Dense(1, { prefix: 'x' }), new Dense(1)].map(block => block.prefix)).toEqual(['dense0_', 'sequential0_', 'x', 'dense1_'])
    expect(nextCount('dense')).toBe(2)
    expect(new Dense(1, { prefix: 'x' }).weight.name).toBe('xweight')
  })

  it('B-4.3: inside a scope names follow the parent, counted there, over re-entry too', () => {
    const net = new Sequential({ prefix: 'net_' })
    const inner = net.nameScope(() => [new Dense(1, { activation: 'relu' }), new Dense(1, { prefix: 'own_' })] as const)
    const again = net.nameScope(() => new Dense(1))
    expect([...inner, again].map(block => block.prefix)).toEqual(['net_dense0_', 'net_own_', 'net_dense1_'])
    expect(inner[0].act!.prefix).toBe('net_dense0_relu_')
    expect(again.weight.name).toBe('net_dense1_weight')
    expect(nextCount('dense')).toBe(0)
  })

  it('B-4.3: scopes nest, and end on a throw', () => {
    const outer = new Net({ prefix: 'a_' })
    expect(outer.nameScope(() => new Net()).dense.weight.name).toBe('a_net0_dense0_weight')
    expect(() => outer.nameScope(() => { throw new Error('stop') })).toThrow('stop')
    expect(new Dense(1).name).toBe('dense0')
  })

  it('B-4.4: an empty prefix leaves names to the surrounding scope', () => {
    const net = new Sequential({ prefix: '' })
    expect(new Dense(1).name).toBe('dense0')
    expect(net.nameScope(() => new Dense(1)).name).toBe('dense1')
    const outer = new Sequential({ prefix: 'o_' })
    const child = outer.nameScope(() => {
      const empty = new Sequential({ prefix: '' })
      expect(empty.prefix).toBe('o_')
      expect(new Dense(1).name).toBe('o_dense0')
      return empty.nameScope(() => new Dense(1))
    })
    expect(child.name).toBe('o_dense1')
  })

  it('B-4.5: params shares what has the same short name', () => {
    const first = new Dense(2, { inUnits: 3 })
    const second = new Dense(2, { params: first.params })
    expect([second.weight === first.weight, second.bias === first.bias, second.prefix, second.params.prefix]).toEqual([true, true, 'dense1_', 'dense0_'])
    expect(() => new Dense(5, { params: first.params })).toThrow(`Cannot retrieve Parameter 'dense0_weight' because desired attribute does not match with stored for attribute 'shape': desired '(5, -1)' vs stored '(2, 3)'.`)
    const third = new Dense(2, { params: new Dense(2, { useBias: false }).params })
    expect(third.bias!.name).toBe('dense3_bias')
  })

  it('B-4.5: a network built on another\'s collected parameters reuses all of them', () => {
    class Two extends Block {
      a: Dense
      b: Dense
      constructor(options: BlockOptions = {}) {
        super(options)
        const [a, b] = this.nameScope(() => [new Dense(2), new Dense(3)] as const)
        this.a = a
        this.b = b
      }
    }
    const net1 = new Two({ prefix: 'net1_' })
    const net2 = new Two({ prefix: 'net2_', params: net1.collectParams() })
    expect([net2.a.weight === net1.a.weight, net2.b.bias === net1.b.bias]).toEqual([true, true])
    expect(net2.prefix).toBe('net2_')
    expect([...net2.collectParams().keys()]).toEqual([...net1.collectParams().keys()])
  })

  it('B-4.6: without a scope children have flat names', () => {
    class Flat extends Block {
      dense = new Dense(1)
    }
    expect(new Flat({ prefix: 'flat_' }).dense.weight.name).toBe('dense0_weight')
  })
})
