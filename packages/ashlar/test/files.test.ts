import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { autograd, gluon, io, np, npx, nn } from 'ashlar'
import type { NDArray } from 'ashlar'
import { MLP, chapter, freshProcess, numbers, sha256, withFolder } from './support.ts'

const golden = chapter['5.5']

describe('section 5.5, files', () => {
  freshProcess()

  it('S5.5-01, 02, 03, 04, 05: arrays, lists and dictionaries, byte for byte', () => withFolder(path => {
    const [x, y] = [np.arange(4), np.zeros([4])]
    expect(x.dtype).toBe('float32')
    const written = (name: string, data: Parameters<typeof npx.save>[1]): string => {
      npx.save(path(name), data)
      return readFileSync(path(name)).toString('base64')
    }
    expect(written('x-file', x)).toBe(golden['x-file_b64'])
    expect(written('x-files', [x, y])).toBe(golden['x-files_b64'])
    expect(written('mydict', { x, y })).toBe(golden.mydict_b64)
    const list = (name: string): NDArray[] => npx.load(path(name)) as NDArray[]
    expect(list('x-file').map(a => a.repr())).toEqual(['array([0., 1., 2., 3.])'])
    expect(list('x-files').map(a => a.repr())).toEqual(['array([0., 1., 2., 3.])', 'array([0., 0., 0., 0.])'])
    expect(Object.entries(npx.load(path('mydict'))).map(([key, a]) => `${key}: ${(a as NDArray).repr()}`)).toEqual(['x: array([0., 1., 2., 3.])', 'y: array([0., 0., 0., 0.])'])
  }))

  it('S5.5-06, 07, 08, 09, N-08: mlp.params byte for byte, and a clone from it', () => withFolder(path => {
    const net = new MLP()
    net.initialize()
    const x = np.random.uniform({ size: [2, 20] })
    const y = net(x)
    const file = path('mlp.params')
    net.saveParameters(file)
    expect(statSync(file).size).toBe(golden['mlp.params_fresh'].bytes)
    expect(sha256(readFileSync(file))).toBe('17a92bcb80130b7860f0fd2526eda3eaa9597474a39a0b25f1b90d1cf8f1d728')
    expect(Object.keys(npx.load(file))).toEqual(['hidden.weight', 'hidden.bias', 'output.weight', 'output.bias'])

    const clone = new MLP()
    clone.loadParameters(file)
    expect(clone.hidden.weight.name).toBe('dense2_weight')
    const row = '[ True,  True,  True,  True,  True,  True,  True,  True,  True,\n         True]'
    expect(clone(x).eq(y).repr()).toBe(`array([${row},\n       ${row}])`)
    expect(numbers(clone.hidden.weight.grad()).every(g => g === 0)).toBe(true)
    const trainer = new gluon.Trainer(clone.collectParams(), 'sgd', { learningRate: 1 })
    autograd.record(() => clone(x)).backward()
    trainer.step(2)
    expect(clone(x).eq(y).any().bool()).toBe(false)
  }))

  it('S5.5-07: a Sequential saves under its indices and loads into another one', () => withFolder(path => {
    const build = (): nn.Sequential => new nn.Sequential(new nn.Dense(3, { inUnits: 2 }), new nn.Sequential(new nn.Dense(1, { inUnits: 3 })))
    const [net, other] = [build(), build()]
    net.initialize()
    net.saveParameters(path('net'))
    expect(Object.keys(npx.load(path('net')))).toEqual(['0.weight', '0.bias', '1.0.weight', '1.0.bias'])
    other.loadParameters(path('net'))
    expect(numbers(other(np.ones([1, 2])))).toEqual(numbers(net(np.ones([1, 2]))))
  }))

  it('S5.5-10: arguments of the wrong kind', () => withFolder(path => {
    expect(() => npx.save(path('f'), 1 as never)).toThrow('data needs to either be a ndarray, dict of (str, ndarray) pairs or a list of ndarrays.')
    expect(() => npx.save(path('f'), [1] as never)).toThrow('Only accepts dict str->ndarray or list of ndarrays')
    expect(() => npx.load(1 as never)).toThrow('file required to be a string')
  }))

  it('io.encode and io.decode give the bytes of a file anywhere', () => {
    const bytes = io.encode('params', { x: np.arange(4), y: np.zeros([4]) })
    expect(Buffer.from(bytes).toString('base64')).toBe(golden.mydict_b64)
    expect(Object.keys(io.decode(bytes))).toEqual(['x', 'y'])
  })

  it('E5.5-2: layers of one network in another, shared or loaded', () => withFolder(path => {
    const net = new nn.Sequential(new nn.Dense(4), new nn.Dense(3), new nn.Dense(2))
    net.initialize()
    net(np.ones([1, 5]))
    const second = new nn.Sequential(...net.slice(0, 2), new nn.Dense(7))
    second.at(-1).initialize()
    expect(second(np.ones([1, 5])).shape).toEqual([1, 7])
    expect(second.at(0).weight).toBe(net.at(0).weight)

    net.saveParameters(path('net'))
    const third = new nn.Sequential(new nn.Dense(4), new nn.Dense(3))
    third.loadParameters(path('net'), { ignoreExtra: true })
    expect(numbers(third(np.ones([1, 5])))).toEqual(numbers(net.slice(0, 2)(np.ones([1, 5]))))
  }))
})
