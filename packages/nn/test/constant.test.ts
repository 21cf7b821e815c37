import { describe, expect, it } from 'vitest'
import { autograd, np } from '@ashlar/core'
import { Constant, ParameterDict } from '@ashlar/nn'
import { Block } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, twoGpus, warnings, withFolder } from './support.ts'

class Net extends Block {
  c = this.params.getConstant('c', [1, 2])
}

describe('B-1.16: Constant', () => {
  freshProcess()

  it('holds an array, prints as Constant and has no gradient', () => {
    const c = new Constant('c', [[1, 2], [3, 4]])
    c.initialize()
    expect(c.repr()).toBe('Constant c (shape=(2, 2), dtype=float32)')
    expect(numbers(c.data())).toEqual([1, 2, 3, 4])
    expect([c.gradReq, c.data().grad]).toEqual(['null', null])
    expect(autograd.record(() => c.data().mul(2)).node).toBeNull()
  })

  it('another gradReq is a warning', () => {
    const c = new Constant('c', 1)
    c.gradReq = 'write'
    expect(c.gradReq).toBe('null')
    expect(warnings).toEqual(['Constant parameter "c" does not support grad_req other than "null", and new value "write" is ignored.'])
  })

  it('S5.1-16: is not readable before initialize', () => {
    expectRefusal(new Constant('c', 1), () => new Constant('c', 1).data(), 'RuntimeError', `Parameter 'c' has not been initialized`)
  })

  it('a network\'s initialize restores the value, its own initialize can overwrite it', () => {
    const net = new Net()
    net.initialize('zeros')
    net.c.setData(np.array([7, 8]))
    net.initialize({ init: 'zeros', forceReinit: true })
    expect(numbers(net.c.data())).toEqual([1, 2])
    net.c.initialize('zeros', { forceReinit: true })
    expect(numbers(net.c.data())).toEqual([0, 0])
    expect(numbers(net.c.value)).toEqual([1, 2])
  })

  it('keeps its value when the array that it was made from changes', () => {
    const source = np.array([1, 2])
    const c = new Constant('c', source)
    source.set(0)
    c.initialize()
    c.data().set(5)
    expect(numbers(c.value)).toEqual([1, 2])
  })

  it('is saved and loaded like any parameter', () => withFolder(path => {
    const [net, other] = [new Net(), new Net()]
    net.initialize()
    net.c.setData(np.array([7, 8]))
    net.saveParameters(path('f'))
    other.loadParameters(path('f'))
    expect(numbers(other.c.data())).toEqual([7, 8])
  }))

  it('made from an array on a device', () => {
    const [gpu0] = twoGpus()
    const c = new Constant('c', np.array([1, 2], { ctx: gpu0 }))
    c.initialize(null, { ctx: gpu0 })
    expect([numbers(c.data()), String(c.data().context)]).toEqual([[1, 2], 'gpu(0)'])
  })

  it('B-2.4: found by its short name, checked against a new value', () => {
    const params = new ParameterDict('p_')
    expect(() => params.getConstant('c')).toThrow(expect.objectContaining({ name: 'KeyError', message: expect.stringContaining(`No constant named 'p_c'. Please specify value if you want to create a new constant.`) }))
    const c = params.getConstant('c', [1, 2])
    expect(params.getConstant('c')).toBe(c)
    expect(params.getConstant('c', [1, 2])).toBe(c)
    for (const value of [[1, 3], [1, 2, 3], 1]) expect(() => params.getConstant('c', value)).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining(`Constant 'p_c' already exists`) }))
    params.get('w')
    expect(() => params.getConstant('w', 1)).toThrow('already exists but it is not a constant')
  })
})
