import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Context, np } from '@ashlar/core'
import { save } from '@ashlar/io'
import type { DenseOptions } from '@ashlar/nn'
import { Block, Dense, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, withFolder } from './support.ts'

class Net extends Block {
  hidden: Dense
  output: Dense
  constructor(units = 3, options: DenseOptions = {}) {
    super()
    this.hidden = new Dense(units, options)
    this.output = new Dense(2, options)
  }
}

const full = { 'hidden.weight': np.ones([3, 4]), 'hidden.bias': np.ones([3]), 'output.weight': np.ones([2, 3]), 'output.bias': np.ones([2]) }
type Entries = Record<string, ReturnType<typeof np.ones>>

function without(name: string): Entries {
  return Object.fromEntries(Object.entries(full).filter(([key]) => key !== name))
}

/** Initializes a network as if data had run through it. */
function complete(net: Block): void {
  net.initialize()
  for (const p of net.collectParams().values()) if (p.deferred) p.setData(np.zeros([p.shape![0]!, p.shape![0] === 3 ? 4 : 3]))
}

/** Demands the refusal from a network in each state that it may be in, with nothing changed, the file included. */
function expectRefused(entries: Entries | ReturnType<typeof np.ones>[], name: string, text: string, make = (): Block => new Net()): void {
  withFolder(path => {
    const file = path('f')
    save(file, entries)
    const bytes = readFileSync(file)
    for (const prepare of [() => {}, (net: Block) => net.initialize(), complete]) {
      const net = make()
      prepare(net)
      expectRefusal(net, () => net.loadParameters(file), name, text.replaceAll('FILE', file))
    }
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(path('.'))).toEqual(['f'])
  })
}

describe('B-3.13: a refused load changes nothing', () => {
  freshProcess()

  it('a parameter is missing', () => {
    expectRefused(without('hidden.weight'), 'AssertionError', `Parameter 'hidden.weight' is missing in file 'FILE', which contains parameters: 'hidden.bias', 'output.weight', 'output.bias'. Set allow_missing=True to ignore missing parameters.`)
  })

  it('Q-3: a name too many', () => {
    expectRefused({ ...full, 'other.weight': np.ones([1]) }, 'ValueError', `Parameter 'other.weight' loaded from file 'FILE' is not present in ParameterDict, which contains parameters 'hidden.weight', 'hidden.bias', 'output.weight', 'output.bias'. Set ignore_extra=True to ignore.`)
  })

  it('another shape in the last parameter', () => {
    expectRefused({ ...full, 'output.bias': np.ones([5]) }, 'AssertionError', 'from saved params: shape incompatible expected (2,) vs saved (5,)')
  })

  it('Q-14: another rank', () => {
    expectRefused({ ...full, 'output.bias': np.ones([2, 1]) }, 'AssertionError', 'shape incompatible expected (2,) vs saved (2, 1)')
  })

  it('another dtype', () => {
    expectRefused({ ...full, 'output.bias': np.ones([2], { dtype: 'float64' }) }, 'AssertionError', 'dtype incompatible expected float32 vs saved float64. Set cast_dtype=True to cast the dtype of saved params.')
  })

  it('a list without names', () => {
    expectRefused([np.ones([3])], 'ValueError', 'without names')
  })

  it('B-3.14: names of another instance', () => {
    expectRefused({ 'dense0.weight': np.ones([1, 1]) }, 'AssertionError', 'is missing in file')
  })

  it('a lone layer with names of another shape', () => {
    expectRefused({ weight: np.ones([3, 4]), bias: np.ones([4]) }, 'AssertionError', 'shape incompatible expected (3,) vs saved (4,)', () => new Dense(3))
  })

  it('full names that are missing', () => {
    expectRefused({ dense0_weight: np.ones([3, 4]) }, 'AssertionError', 'Please make sure source and target networks have the same prefix.', () => new Sequential({ prefix: 'x_' }, new Dense(3)))
  })

  it('names are shortened to three and four', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`n${i}.w`, np.ones([1])]))
    expectRefused(many, 'AssertionError', `contains parameters: 'n0.w', 'n1.w', 'n2.w', ..., 'n5.w', 'n6.w', 'n7.w', 'n8.w'. Set allow_missing`)
  })

  it('allowMissing and ignoreExtra let them pass', () => withFolder(path => {
    save(path('missing'), without('hidden.weight'))
    save(path('extra'), { ...full, 'other.weight': np.ones([1]) })
    const [a, b] = [new Net(), new Net()]
    a.loadParameters(path('missing'), { allowMissing: true })
    b.loadParameters(path('extra'), { ignoreExtra: true })
    expect(() => a.hidden.weight.data()).toThrow('has not been initialized')
    expect(a.output.weight.data().shape).toEqual([2, 3])
    expect(b.hidden.weight.data().shape).toEqual([3, 4])
  }))

  it('B-1.15: another set of contexts, or one that is not there', () => withFolder(path => {
    save(path('f'), full)
    const net = new Net()
    net.initialize()
    expectRefusal(net, () => net.loadParameters(path('f'), { ctx: new Context('cpu', 1) }), 'AssertionError', 'on [cpu(1)] because it was previous initialized on [cpu(0)].')
    const fresh = new Net()
    expectRefusal(fresh, () => fresh.loadParameters(path('f'), { ctx: new Context('gpu', 3) }), 'MXNetError', 'gpu(3)')
  }))

  it('a file that is missing, damaged or no parameter file', () => withFolder(path => {
    const net = new Net()
    net.initialize()
    expectRefusal(net, () => net.loadParameters(path('none')), 'FileError', 'none')
    save(path('f'), full)
    writeFileSync(path('cut'), readFileSync(path('f')).subarray(0, 150))
    expectRefusal(net, () => net.loadParameters(path('cut')), 'FormatError', 'Invalid NDArray file format')
  }))

  it('saving what is not initialized leaves the file that was there', () => withFolder(path => {
    writeFileSync(path('f'), 'old')
    const net = new Net()
    expectRefusal(net, () => net.saveParameters(path('f')), 'RuntimeError', 'has not been initialized')
    net.initialize()
    expectRefusal(net, () => net.saveParameters(path('f')), 'DeferredInitializationError', 'initialization was deferred')
    expect([readFileSync(path('f'), 'utf8'), readdirSync(path('.'))]).toEqual(['old', ['f']])
  }))
})
