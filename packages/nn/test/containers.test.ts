import { describe, expect, it, test } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { np } from '@ashlar/core'
import { Activation, Block, Dense, HybridSequential, Sequential } from '@ashlar/nn'
import { freshProcess, warnings } from './support.ts'

const text = (name: string): string => `"${name}" is an unregistered container with Blocks. Note that Blocks inside the list, tuple or dict will not be registered automatically. Make sure to register them using register_child() or switching to nn.Sequential/nn.HybridSequential instead. `

class NestMLP extends Block {
  net: unknown
  dense = new Dense(1, { inUnits: 2 })
  constructor(net: unknown = [new Dense(2, { inUnits: 2 }), new Dense(2, { inUnits: 2 })]) {
    super()
    this.net = net
  }

  override forward(x: NDArray): NDArray {
    for (const layer of this.net as Dense[]) x = layer(x)
    return this.dense(x)
  }
}

describe('E5.1-3: blocks in containers', () => {
  freshProcess()

  it('E5.1-3a: are not collected; that is said once', () => {
    const net = new NestMLP()
    expect([...net.collectParams().keys()]).toEqual(['dense2_weight', 'dense2_bias'])
    expect(warnings).toEqual([text('NestMLP.net')])
    net.collectParams()
    net.initialize()
    expect(warnings).toHaveLength(1)
    new Sequential(new NestMLP()).initialize()
    expect(warnings).toHaveLength(2)
  })

  it('E5.1-3b: are not initialized, so that using them is refused, and not saved', () => {
    const net = new NestMLP()
    net.initialize()
    expect(() => net(np.ones([1, 2]))).toThrow(expect.objectContaining({ name: 'RuntimeError', message: expect.stringContaining(`Parameter 'dense0_weight' has not been initialized.`) }))
    expect([...net.stateDict().keys()]).toEqual(['dense.weight', 'dense.bias'])
    expect(() => (net.net as () => void)()).toThrow(TypeError)
    expect(warnings).toHaveLength(1)
  })

  it.each([
    ['a list', () => [new Dense(1)]],
    ['a list in a list', () => [1, [new Dense(1)]]],
    ['a plain object', () => ({ a: new Dense(1) })],
    ['an object without prototype', () => Object.assign(Object.create(null) as object, { a: new Dense(1) })],
    ['a Map', () => new Map([['a', new Dense(1)]])],
    ['a Set', () => new Set([new Dense(1)])],
    ['all at once', () => ({ a: [new Map([['b', { c: new Dense(1) }]])] })],
  ])('E5.1-3c: %s is searched', (_, make) => {
    new NestMLP(make()).collectParams()
    expect(warnings).toEqual([text('NestMLP.net')])
  })

  it('E5.1-3d: no warning where their blocks are registered elsewhere, or where there are none', () => {
    const list: unknown[] = [1, 'text', null, undefined, np.ones([2]), { a: new Map() }]
    list.push(list)
    new NestMLP(list).collectParams()
    class Registered extends NestMLP {
      constructor() {
        super()
        for (const layer of this.net as Dense[]) this.registerChild(layer)
      }
    }
    const net = new Registered()
    expect(net.collectParams().size).toBe(6)
    class Views extends Block {
      body = new Sequential(new Dense(1), new Dense(1))
      ends = [this.body[0], this.body[1]]
    }
    new Views().collectParams()
    const shared = new Dense(1)
    new Sequential(new NestMLP([shared]), shared).collectParams()
    expect(warnings).toEqual([])
  })

  it('E5.1-3e: a block that is registered in part of them is still a warning', () => {
    const net = new NestMLP()
    net.registerChild((net.net as Dense[])[0]!)
    net.collectParams()
    expect(warnings).toEqual([text('NestMLP.net')])
  })
})

describe('R: a block that its parent cannot see', () => {
  freshProcess()

  const said = (child: string, parent: string): unknown => expect.stringMatching(new RegExp(`^'${child}' \\(\\w+\\) runs inside '${parent}' \\(\\w+\\), which does not list it as a child: it is neither initialised nor saved with the parent\\.`))

  class Hidden extends Block {
    readonly #layer: Block
    constructor(layer: Block = new Dense(2, { inUnits: 2 })) {
      super()
      this.#layer = layer
    }
    override forward(x: NDArray): NDArray { return this.#layer(x) as NDArray }
  }
  const x = np.ones([1, 2])
  const ready = (): Dense => {
    const layer = new Dense(2, { inUnits: 2 })
    layer.initialize()
    return layer
  }

  test('R-private-a: in a #private field: said at the first run, once', () => {
    const net = new Hidden()
    net.initialize()
    expect(() => net(x)).toThrow('has not been initialized')
    expect(warnings).toEqual([said('dense0', 'hidden0')])
    expect(() => net(x)).toThrow('has not been initialized')
    expect(warnings).toHaveLength(1)
  })

  test('R-private-b: in a closure or a variable, and below other blocks', () => {
    const layer = ready()
    class Closed extends Block {
      override forward(value: NDArray): NDArray { return layer(value) }
    }
    const net = new Sequential(new Closed())
    net(x)
    net(x)
    expect(warnings).toEqual([said('dense0', 'closed0')])
    new Hidden(new Sequential(ready()))(x)
    expect(warnings).toHaveLength(2)
    expect(warnings[1]).toEqual(said('sequential1', 'hidden0'))
  })

  test('R-private-c: nothing is said of children, of what an ancestor lists, of inputs, and of blocks without parameters', () => {
    class Passes extends Block {
      body = ready()
      inner = new Hidden(this.body)
      override forward(value: NDArray): NDArray { return this.inner(this.body(value)) }
    }
    new Passes()(x)
    class Applies extends Block {
      override forward(layer: Dense, value: NDArray): NDArray { return layer(value) }
    }
    new Applies()(ready(), x)
    new Hidden(new Activation('relu'))(x)
    class Registered extends Block {
      constructor(readonly_: Block) {
        super()
        this.registerChild(readonly_)
      }
      override forward(value: NDArray): NDArray { return this.children.get('0')!(value) as NDArray }
    }
    new Registered(ready())(x)
    expect(warnings).toEqual([])
  })

  test('R-private-d: hooks run beside the network, and a forward that throws leaves nothing behind', () => {
    const net = new Sequential(ready())
    const other = ready()
    net[0].registerForwardHook(() => void other(x))
    net[0].registerForwardPreHook(() => void other(x))
    net(x)
    const broken = new Hidden(new Sequential(new Activation('relu')))
    expect(() => broken('x' as never)).toThrow(TypeError)
    other(x)
    expect(warnings).toEqual([])
  })
})

describe('E5.1-1: a constructor that does not call its parent', () => {
  freshProcess()

  it('E5.1-1a: cannot set a field', () => {
    const source = 'return class MLP extends Block { constructor() { this.hidden = new Dense(1) } }'
    // Type checks and class syntax keep this out of TypeScript.
    // eslint-disable-next-line typescript/no-implied-eval
    const MLP = new Function('Block', 'Dense', source)(Block, Dense) as new () => Block
    expect(() => new MLP()).toThrow(expect.objectContaining({ name: 'ReferenceError', message: expect.stringContaining('Must call super constructor') }))
  })

  it('E5.1-1b: cannot register, collect or make parameters where it is written as a function', () => {
    function MLP(this: unknown): void {}
    Object.setPrototypeOf(MLP.prototype, Block.prototype as object)
    const net = new (MLP as unknown as new () => Block)()
    for (const use of [() => net.registerChild(new Dense(1)), () => net.collectParams(), () => net.children]) {
      expect(use).toThrow(expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(/'MLP' object has no attribute '_(params|children)'; its constructor did not call that of Block: super\(options\) comes first/) }))
    }
    expect(() => net.params).toThrow(`no attribute '_params'`)
  })
})

describe('registerChild in a container', () => {
  freshProcess()

  it('P-10, P-12: children under any name are found by position', () => {
    const block = (i: number): Sequential => new Sequential().addModule('a layer', new Dense(i + 1))
    const net = new Sequential()
    for (let i = 0; i < 3; i++) net.addModule(`block ${i}`, block(i))
    expect([...net.children.keys()]).toEqual(['block 0', 'block 1', 'block 2'])
    expect(net[1][0].weight.shape).toEqual([2, -1])
    const replacement = new Dense(9)
    net.registerChild(replacement, 'block 1')
    expect([net[1], net.at(1), net.length]).toEqual([replacement, replacement, 3])
  })

  it('P-10: names are checked as PyTorch does', () => {
    const net = new HybridSequential()
    for (const [name, message] of [['a.b', `module name can't contain ".", got: a.b`], ['', `module name can't be empty string ""`]] as const) {
      expect(() => net.addModule(name, new Dense(1))).toThrow(expect.objectContaining({ name: 'KeyError', message: expect.stringContaining(message) }))
    }
    for (const taken of ['forward', 'params', 'add']) expect(() => net.addModule(taken, new Dense(1))).toThrow(expect.objectContaining({ name: 'KeyError', message: expect.stringContaining(`attribute '${taken}' already exists`) }))
    expect(() => net.addModule(3 as never, new Dense(1))).toThrow(TypeError)
    expect(() => net.addModule('a', {} as never)).toThrow(TypeError)
    expect(() => net.add(net)).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('cannot hold itself') }))
    expect(net.length).toBe(0)
    net.addModule('0', new Dense(1))
    expect(net.addModule('0', new Dense(2))[0].weight.shape).toEqual([2, -1])
  })

  it('P-03: children that are set by hand keep their order', () => {
    class MySequential extends Block {
      constructor(...blocks: Block[]) {
        super()
        blocks.forEach((each, i) => this.children.set(String(i), each))
      }
      override forward(x: NDArray): NDArray {
        for (const each of this.children.values()) x = each(x) as NDArray
        return x
      }
    }
    const net = new MySequential(new Dense(3), new Activation('relu'), new Dense(2))
    net.initialize()
    expect(net(np.ones([1, 4])).shape).toEqual([1, 2])
    expect([...net.stateDict().keys()]).toEqual(['0.weight', '0.bias', '2.weight', '2.bias'])
  })
})
