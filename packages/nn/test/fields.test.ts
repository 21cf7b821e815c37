import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { np } from '@ashlar/core'
import { Block, Dense, Parameter, Sequential } from '@ashlar/nn'
import { freshProcess, numbers, withFolder } from './support.ts'

const keys = (block: Block): string[] => [...block.children.keys()]

class Net extends Block {
  a: Dense | null | number = new Dense(1)
  b = new Dense(2)
  override forward(x: NDArray): NDArray { return this.b(x) }
}

describe('R: children are what public fields hold', () => {
  freshProcess()

  it('in the order of first being seen, registerChild in between', () => {
    class Mixed extends Block {
      second: Dense | null = null
      first = new Dense(1)
      constructor() {
        super()
        this.registerChild(new Dense(1), 'registered')
        this.second = new Dense(1)
      }
    }
    expect(keys(new Mixed())).toEqual(['first', 'registered', 'second'])
  })

  it('B-3.3: registerChild counts where no name is given', () => {
    const net = new Net()
    net.registerChild(new Dense(1))
    net.registerChild(new Dense(1), 'named')
    expect(keys(net)).toEqual(['a', 'b', '2', 'named'])
    expect(() => net.registerChild(3 as never)).toThrow(expect.objectContaining({ name: 'TypeError' }))
    expect(keys(net)).toEqual(['a', 'b', '2', 'named'])
  })

  it('not in #private fields, lists or getters', () => {
    class Hidden extends Block {
      #secret = new Dense(1)
      list = [new Dense(1)]
      get made(): Dense { return this.#secret }
    }
    expect(keys(new Hidden())).toEqual([])
    expect(new Hidden().collectParams().size).toBe(0)
  })

  it('B-3.2: null first and a block later is fine', () => {
    const net = new Net()
    net.a = null
    expect(keys(net)).toEqual(['b'])
    net.a = new Dense(3)
    expect(keys(net)).toEqual(['b', 'a'])
  })

  it('a field that is replaced before anybody looked counts as it is then', () => {
    const net = new Net()
    const layer = new Dense(7)
    net.b = layer
    expect([...net.children.values()][1]).toBe(layer)
  })

  it('B-3.2: a block of the same class takes the place of the old one', () => {
    const net = new Net()
    expect(keys(net)).toEqual(['a', 'b'])
    const layer = new Dense(7)
    net.a = layer
    expect([...net.children]).toEqual([['a', layer], ['b', net.b]])
    expect([...net.collectParams().keys()]).toEqual(['dense2_weight', 'dense2_bias', 'dense1_weight', 'dense1_bias'])
  })

  it.each([['null', null], ['a number', 3], ['another class', new Sequential()]])('B-3.2: %s in its place is refused at the next look, until mended', (_, value) => {
    const net = new Net()
    const layer = net.a
    expect(keys(net)).toEqual(['a', 'b'])
    net.a = value as never
    for (const look of [() => net.collectParams(), () => net.initialize(), () => net.children, () => String(net)]) {
      expect(look).toThrow(expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('Changing attribute type for a from Dense to') }))
    }
    net.a = layer
    expect(keys(net)).toEqual(['a', 'b'])
  })

  it('B-3.2, Q-4: another parameter in a parameter field is refused', () => {
    class WithParameter extends Block {
      weight = this.params.get('weight', { shape: 2 })
    }
    const net = new WithParameter()
    expect([...net.fieldParameters.keys()]).toEqual(['weight'])
    const before = net.weight
    net.weight = new Parameter('other')
    expect(() => net.collectParams()).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining('Overriding Parameter attribute weight is not allowed.') }))
    net.weight = before
    expect(net.collectParams().size).toBe(1)
  })

  it('B-3.4: a parameter without a field is collected and not saved', () => withFolder(path => {
    class Loose extends Block {
      kept = this.params.get('kept', { shape: 1 })
      constructor() {
        super()
        this.params.get('loose', { shape: 1 })
      }
    }
    const net = new Loose()
    net.initialize()
    net.saveParameters(path('f'))
    expect([...net.collectParams().keys()]).toEqual(['loose0_kept', 'loose0_loose'])
    const other = new Loose()
    other.loadParameters(path('f'))
    expect(numbers(other.kept.data())).toEqual(numbers(net.kept.data()))
    expect(() => other.params.at('loose1_loose').data()).toThrow('has not been initialized')
  }))
})

describe('a cycle of fields is no child', () => {
  freshProcess()

  class Node extends Block {
    layer = new Dense(1, { inUnits: 1 })
    other: Node | null = null
  }
  const cycle = (): [Node, Node] => {
    const [a, b] = [new Node(), new Node()]
    a.other = b
    b.other = a
    return [a, b]
  }

  it('for collecting, initializing, casting, applying and printing', () => {
    const [a] = cycle()
    expect(a.collectParams().size).toBe(4)
    a.initialize()
    const seen: string[] = []
    expect(a.apply(block => void seen.push(block.name))).toBe(a)
    expect(seen).toEqual(['dense0', 'dense1', 'node1', 'node0'])
    a.cast('float64')
    expect([...a.collectParams().values()].map(p => p.dtype)).toEqual(new Array(4).fill('float64'))
    expect(String(a)).toBe('Node(\n  (layer): Dense(1 -> 1, linear)\n  (other): Node(\n    (layer): Dense(1 -> 1, linear)\n  )\n)')
  })

  it('for saving and loading', () => withFolder(path => {
    const [[a], [b]] = [cycle(), cycle()]
    a.initialize()
    a.saveParameters(path('f'))
    b.loadParameters(path('f'))
    expect(numbers(b.other!.layer.weight.data())).toEqual(numbers(a.other!.layer.weight.data()))
  }))

  it('a block that holds itself', () => {
    const node = new Node()
    node.other = node
    expect(node.collectParams().size).toBe(2)
    expect(String(node)).toBe('Node(\n  (layer): Dense(1 -> 1, linear)\n)')
  })

  it('one block in two fields is no cycle: collected once, under both keys', () => {
    class Twice extends Block {
      a = new Dense(1)
      b = this.a
    }
    const net = new Twice()
    expect(keys(net)).toEqual(['a', 'b'])
    expect(net.collectParams().size).toBe(2)
    expect(String(net)).toBe('Twice(\n  (a): Dense(-1 -> 1, linear)\n  (b): Dense(-1 -> 1, linear)\n)')
    expect(np.ones([1]).item()).toBe(1)
  })
})
