import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { Context, autograd, np } from '@ashlar/core'
import { load, loadEntries, save } from '@ashlar/io'
import { Block, Dense, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, goldenPath, numbers, twoGpus, warnings, withFolder } from './support.ts'

const names = (file: string): string[] => loadEntries(file).names as string[]

function tied(): Sequential {
  const shared = new Dense(3, { inUnits: 3 })
  return new Sequential(shared, new Dense(3, { inUnits: 3, params: shared.params }))
}

class Net extends Block {
  hidden = new Dense(3)
  blocks = new Sequential(new Dense(2), new Dense(1))
  scale = this.params.get('scale', { shape: 1 })
  override forward(x: NDArray): NDArray { return (this.blocks(this.hidden(x)) as NDArray).mul(this.scale.data()) }
}

function ready(): Net {
  const net = new Net()
  net.initialize()
  net(np.ones([1, 4]))
  return net
}

describe('saveParameters and loadParameters', () => {
  freshProcess()

  it('B-3.4: structural names, own parameters first', () => withFolder(path => {
    ready().saveParameters(path('f'))
    expect(names(path('f'))).toEqual(['scale', 'hidden.weight', 'hidden.bias', 'blocks.0.weight', 'blocks.0.bias', 'blocks.1.weight', 'blocks.1.bias'])
  }))

  it('B-3.13: loading tells shapes and finishes what was deferred, without a forward', () => withFolder(path => {
    const net = ready()
    net.saveParameters(path('f'))
    for (const before of [() => new Net(), () => { const clone = new Net(); clone.initialize(); return clone }, ready]) {
      const clone = before()
      clone.loadParameters(path('f'))
      expect(numbers(clone(np.ones([2, 4])))).toEqual(numbers(net(np.ones([2, 4]))))
      autograd.record(() => clone(np.ones([2, 4]))).backward()
      expect(clone.hidden.weight.grad().shape).toEqual([3, 4])
    }
  }))

  it('values are replaced within the arrays that others hold', () => withFolder(path => {
    ready().saveParameters(path('f'))
    const net = ready()
    const [data, grad] = [net.hidden.weight.data(), net.hidden.weight.grad()]
    net.loadParameters(path('f'))
    expect([net.hidden.weight.data() === data, net.hidden.weight.grad() === grad]).toEqual([true, true])
  }))

  it('B-3.12: shared parameters are written under each name, or once under the last', () => withFolder(path => {
    const net = tied()
    net.initialize()
    net.saveParameters(path('all'))
    net.saveParameters(path('once'), { deduplicate: true })
    expect(names(path('all'))).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
    expect(names(path('once'))).toEqual(['1.weight', '1.bias'])
    for (const file of ['all', 'once']) {
      const clone = tied()
      clone.loadParameters(path(file))
      expect(numbers(clone[0].weight.data())).toEqual(numbers(net[1].weight.data()))
    }
  }))

  it('Q-2: files that MXNet wrote, a lone layer too, byte for byte after saving again', () => withFolder(path => {
    const cases: [string, Block][] = [['dense.params', new Dense(3)], ['tied.params', tied()]]
    for (const [file, net] of cases) {
      net.loadParameters(goldenPath(file))
      net.saveParameters(path(file))
      expect(readFileSync(path(file)).equals(readFileSync(goldenPath(file))), file).toBe(true)
    }
    const legacy = new Sequential(new Dense(3), new Dense(1))
    legacy.loadParameters(goldenPath('legacy-net.params'))
    expect(numbers(legacy(np.array([[1, 2]])) as NDArray)).toEqual([9])
  }))

  it('B-3.13, C-1.11: names without a dot are full names without the prefix', () => withFolder(path => {
    const make = (prefix: string): Sequential => {
      const net = new Sequential({ prefix })
      net.nameScope(() => net.add(new Dense(2, { inUnits: 2 }), new Dense(1, { inUnits: 2 })))
      return net
    }
    const [net, other] = [make('a_'), make('b_')]
    net.initialize()
    net.collectParams().save(path('f'), 'a_')
    expect(names(path('f'))).toEqual(['dense0_weight', 'dense0_bias', 'dense1_weight', 'dense1_bias'])
    other.loadParameters(path('f'))
    expect(numbers(other(np.ones([1, 2])) as NDArray)).toEqual(numbers(net(np.ones([1, 2])) as NDArray))
  }))

  it('B-3.13: an empty file and no parameters', () => withFolder(path => {
    new Sequential().saveParameters(path('f'))
    new Sequential().loadParameters(path('f'))
    expect(load(path('f'))).toEqual([])
  }))

  it('C-1.9, B-1.14: copies on several devices are saved as one, for the CPU', () => withFolder(path => {
    const [gpu0, gpu1] = twoGpus()
    const net = new Dense(1, { inUnits: 2 })
    net.initialize({ ctx: [gpu0, gpu1] })
    net.saveParameters(path('f'))
    expect(loadEntries(path('f')).arrays.map(a => String(a.context))).toEqual(['cpu(0)', 'cpu(0)'])
    net.weight.data(gpu1).set(9)
    net.loadParameters(path('f'))
    expect(numbers(net.weight.data(gpu1))).toEqual(numbers(net.weight.data(gpu0)))
    net.loadParameters(path('f'), { ctx: [gpu1, gpu0] })
    const clone = new Dense(1)
    clone.loadParameters(path('f'), { ctx: [gpu0, gpu1] })
    expect(clone.weight.listCtx().map(String)).toEqual(['gpu(0)', 'gpu(1)'])
  }))

  it('B-1.15: without a context, parameters that were never initialized go to the CPU', () => withFolder(path => {
    const [gpu0] = twoGpus()
    const net = new Dense(1, { inUnits: 2 })
    net.initialize()
    net.saveParameters(path('f'))
    const [clone, deferred] = [new Dense(1), new Dense(1)]
    deferred.initialize({ ctx: gpu0 })
    for (const each of [clone, deferred]) each.loadParameters(path('f'))
    expect([clone, deferred].map(each => String(each.weight.listCtx()))).toEqual([String(new Context('cpu')), 'gpu(0)'])
  }))

  it('B-1.15: castDtype and dtypeSource', () => withFolder(path => {
    const make = (dtype: 'float32' | 'float64'): Dense => new Dense(1, { inUnits: 2, dtype })
    const source = make('float64')
    source.initialize()
    source.saveParameters(path('f'))
    const [current, saved, initialized] = [make('float32'), make('float32'), make('float32')]
    initialized.initialize()
    current.loadParameters(path('f'), { castDtype: true })
    for (const net of [saved, initialized]) net.loadParameters(path('f'), { castDtype: true, dtypeSource: 'saved' })
    expect([current, saved, initialized].map(net => [net.weight.dtype, net.weight.data().dtype, net.weight.grad().dtype])).toEqual([
      ['float32', 'float32', 'float32'], ['float64', 'float64', 'float64'], ['float64', 'float64', 'float64'],
    ])
    expect(numbers(saved.weight.data())).toEqual(numbers(source.weight.data()))
  }))

  it('Q-12: a file of full names with the prefix, as export writes them', () => withFolder(path => {
    const make = (prefix: string): Sequential => new Sequential({ prefix }, new Dense(2, { inUnits: 2, prefix: `${prefix}dense_` }))
    const [net, other] = [make('net_'), make('net_')]
    net.initialize()
    const [weight, bias] = [...net.collectParams().values()].map(p => p.data())
    save(path('f'), { 'arg:net_dense_weight': weight!, 'arg:net_dense_bias': bias! })
    other.loadParameters(path('f'))
    expect(numbers(other[0].weight.data())).toEqual(numbers(weight!))
    other[0].weight.data().set(0)
    other.collectParams().load(path('f'))
    expect(numbers(other[0].weight.data())).toEqual(numbers(weight!))
  }))

  it('B-3.15: the deprecated names warn; saveParams writes full names without the prefix', () => withFolder(path => {
    const make = (prefix: string): Sequential => {
      const net = new Sequential({ prefix })
      net.nameScope(() => net.add(new Dense(2, { inUnits: 2 })))
      return net
    }
    const [net, other] = [make('a_'), make('b_')]
    net.initialize()
    net.saveParams(path('f'))
    expect(names(path('f'))).toEqual(['dense0_weight', 'dense0_bias'])
    other.loadParams(path('f'))
    expect(numbers(other[0].weight.data())).toEqual(numbers(net[0].weight.data()))
    expect(warnings).toEqual(['save_params is deprecated. Please use save_parameters.', 'load_params is deprecated. Please use load_parameters.'])
    const flat = new Sequential({ prefix: 'c_' }, new Dense(1, { inUnits: 1 }))
    flat.initialize()
    expect(() => flat.saveParams(path('g'))).toThrow(`Prefix 'c_' is to be striped before saving, but Parameter's name 'dense0_weight' does not start with 'c_'.`)
  }))

  it('options with unknown names are refused', () => withFolder(path => {
    const net = ready()
    net.saveParameters(path('f'))
    expectRefusal(net, () => net.loadParameters(path('f'), { ignore_extra: true } as never), 'TypeError', `unknown option 'ignore_extra'; use ignoreExtra`)
    expectRefusal(net, () => net.loadParameters(path('f'), { dtypeSource: 'x' as never }), 'AssertionError', 'dtype_source must be')
    expect(() => net.saveParameters(path('f'), { dedup: true } as never)).toThrow(`unknown option 'dedup'; there are deduplicate`)
  }))
})
