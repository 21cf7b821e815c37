import { describe, expect, it } from 'vitest'
import { Context, np } from '@ashlar/core'
import { Dense, ParameterDict, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, goldenPath, numbers, position, stateOf, warnings, withFolder } from './support.ts'

describe('B-2: ParameterDict', () => {
  freshProcess()

  it('B-2.1: an ordered map by full names', () => {
    const params = new ParameterDict('p_')
    const [b, a] = [params.get('b'), params.get('a')]
    expect([params.prefix, params.size, [...params.keys()], [...params.values()], [...params.entries()]]).toEqual(['p_', 2, ['p_b', 'p_a'], [b, a], [['p_b', b], ['p_a', a]]])
    expect([...params]).toEqual([...params.entries()])
    expect([params.has('p_a'), params.has('a'), params.at('p_a') === a]).toEqual([true, false, true])
    expect(() => params.at('a')).toThrow(expect.objectContaining({ name: 'KeyError', message: expect.stringContaining(`'p_b', 'p_a'`) }))
  })

  it('B-2.2: printed forms', () => {
    const params = new ParameterDict('p_')
    expect(String(params)).toBe('p_ (\n\n)')
    expect(String(new ParameterDict())).toBe('(\n\n)')
    params.get('a', { shape: 3, dtype: 'float32' })
    expect(params.repr()).toBe('p_ (\n  Parameter p_a (shape=(3,), dtype=float32)\n)')
  })

  it('B-2.3: get makes, finds here, and finds in shared', () => {
    const shared = new ParameterDict('p_')
    const w = shared.get('w', { shape: [3, -1] })
    const params = new ParameterDict('p_', shared)
    expect(params.size).toBe(0)
    expect(params.get('w')).toBe(w)
    expect(params.has('p_w')).toBe(true)
    expect(params.get('v')).not.toBe(w)
    expect(shared.has('p_v')).toBe(false)
    expect(new ParameterDict('p_', params).get('w')).toBe(w)
  })

  it('B-2.3: shapes are merged both ways, unset attributes filled in', () => {
    const params = new ParameterDict('p_')
    const w = params.get('w', { shape: [3, -1, -1] })
    expect(params.get('w', { shape: [0, 4, 0], init: 'ones' })).toBe(w)
    expect([w.shape, w.init]).toEqual([[3, 4, -1], 'ones'])
    expect(params.get('w', { init: 'one', dtype: 'float32' })).toBe(w)
    const unset = params.get('u')
    params.get('u', { shape: 2 })
    expect(unset.shape).toEqual([2])
  })

  it.each([
    ['shape', { shape: [10, 0] }, `desired '(10, 0)' vs stored '(8, -1)'`],
    ['shape', { shape: [8, 4, 1] }, `desired '(8, 4, 1)' vs stored '(8, -1)'`],
    ['dtype', { shape: [8, 4], dtype: 'float64' }, `desired 'float64' vs stored 'float32'`],
    ['init', { shape: [8, 4], init: 'zeros' }, `for attribute 'init'`],
    ['gradReq', { shape: [8, 4], gradReq: 'null' }, `desired 'null' vs stored 'write'`],
    ['lrMult', { lrMult: 2 }, `desired '2' vs stored '1'`],
    ['wdMult', { wdMult: 0 }, `desired '0' vs stored '1'`],
  ] as const)('B-2.3: another %s is refused and changes nothing: %o', (_, options, text) => {
    const params = new ParameterDict()
    const w = params.get('dense0_weight', { shape: [8, -1], init: 'ones' })
    expectRefusal(w, () => params.get('dense0_weight', options), 'AssertionError', `Cannot retrieve Parameter 'dense0_weight' because desired attribute does not match with stored for attribute '`)
    expect(() => params.get('dense0_weight', options)).toThrow(text)
  })

  it('B-2.5: update refuses two parameters of one name', () => {
    const [a, b] = [new ParameterDict('p_'), new ParameterDict('p_')]
    a.get('x')
    b.get('x')
    expect(() => a.update(b)).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining(`Cannot update self with other because they have different Parameters with the same name 'p_x'`) }))
    const net = new Sequential(new Dense(1, { prefix: 'same_' }), new Dense(1, { prefix: 'same_' }))
    expect(() => net.collectParams()).toThrow(`same name 'same_weight'`)
  })

  it('B-2.6: initialize gives a default, in order', () => {
    const params = new ParameterDict()
    params.get('a', { shape: 2 })
    params.get('b', { shape: 1, init: 'ones' })
    params.get('c', { shape: 3 })
    params.initialize()
    expect(position()).toBe(5)
    expect(params.at('b').data().item()).toBe(1)
    params.initialize('zeros', { forceReinit: true, ctx: new Context('cpu', 1) })
    expect([...params.values()].map(p => [p.data().sum().item(), String(p.listCtx())])).toEqual([[0, 'cpu(1)'], [1, 'cpu(1)'], [0, 'cpu(1)']])
  })

  it('B-2.6: an initializer that does not exist is refused before anything is initialized', () => {
    const params = new ParameterDict()
    const first = params.get('a', { shape: 1, init: 'ones' })
    params.get('b', { shape: 1 })
    expectRefusal(first, () => params.initialize('nothing'), 'AssertionError', 'nothing is not registered. Please register with initializer.register first')
  })

  it('B-2.6: zeroGrad, setattr and resetCtx reach every parameter', () => {
    const params = new ParameterDict()
    for (const name of ['a', 'b']) params.get(name, { shape: 2 })
    params.initialize('ones')
    for (const p of params.values()) p.grad().set(3)
    params.zeroGrad()
    expect([...params.values()].map(p => numbers(p.grad()))).toEqual([[0, 0], [0, 0]])
    params.setattr('lrMult', 2)
    params.setattr('wdMult', 3)
    params.setattr('gradReq', 'null')
    expect([...params.values()].map(p => [p.lrMult, p.wdMult, p.gradReq])).toEqual([[2, 3, 'null'], [2, 3, 'null']])
    params.resetCtx(new Context('cpu', 1))
    expect([...params.values()].map(p => String(p.listCtx()))).toEqual(['cpu(1)', 'cpu(1)'])
    expect(warnings).toEqual([])
  })

  it('B-2.6c: setattr sets what may be set, and refuses the rest', () => {
    const params = new ParameterDict()
    for (const name of ['a', 'b']) params.get(name, { shape: [2, -1] })
    params.setattr('init', 'ones')
    params.setattr('allowDeferredInit', true)
    params.initialize()
    params.setattr('dtype', 'float64')
    expect([...params.values()].map(p => [p.init, p.deferred, p.dtype])).toEqual([['ones', true, 'float64'], ['ones', true, 'float64']])
    const first = params.at('a')
    expectRefusal(first, () => params.setattr('gradReq', 'sum' as never), 'AssertionError', `grad_req must be one of 'write', 'add', or 'null', but got 'sum'`)
    expectRefusal(first, () => params.setattr('dtype', 'float17' as never), 'TypeError', 'float17')
    expectRefusal(first, () => params.setattr('shape' as never, [1] as never), 'ValueError', `no attribute 'shape' to set`)
  })

  it('B-2.6d: listCtx gives each context once, in order', () => {
    const params = new ParameterDict()
    const [cpu0, cpu1] = [new Context('cpu'), new Context('cpu', 1)]
    params.get('a', { shape: 1 }).initialize('ones', { ctx: [cpu1, cpu0] })
    params.get('b', { shape: -1, allowDeferredInit: true }).initialize('ones', { ctx: [cpu0, new Context('cpu', 2)] })
    expect(params.listCtx().map(String)).toEqual(['cpu(1)', 'cpu(0)', 'cpu(2)'])
    params.get('c')
    expect(() => params.listCtx()).toThrow(`Parameter 'c' has not been initialized`)
  })

  it('B-2.7b: loadDict takes arrays from a Map or an object, and says where a name is missing', () => {
    const params = new ParameterDict('p_')
    const a = params.get('a', { shape: [2] })
    for (const arrays of [{ a: np.array([1, 2]) }, new Map([['arg:a', np.array([1, 2])]])]) {
      params.loadDict(arrays, { restorePrefix: 'p_' })
      expect(numbers(a.data())).toEqual([1, 2])
      a.data().set(0)
    }
    expectRefusal(a, () => params.loadDict({}), 'AssertionError', `Parameter 'p_a' is missing in param_dict, which contains parameters: . Please make sure source and target networks have the same prefix.`)
    expectRefusal(a, () => params.loadDict({ p_a: np.ones([2]), b: np.ones([1]) }), 'AssertionError', `Parameter 'b' loaded from param_dict is not present in ParameterDict, choices are: 'p_a'. Set ignore_extra to True to ignore.`)
    for (const wrong of [null, [], np.ones([1]), { p_a: [1, 2] }, 'file']) expectRefusal(a, () => params.loadDict(wrong as never), 'TypeError', '')
    expectRefusal(a, () => params.loadDict({ p_a: np.ones([2]) }, { dtypeSource: 'mine' as never }), 'AssertionError', `dtype_source must be 'current' or 'saved', but got 'mine'`)
    expectRefusal(a, () => params.loadDict({ p_a: np.ones([2]) }, { allow_missing: true } as never), 'TypeError', 'use allowMissing')
    params.loadDict({ b: np.ones([1]) }, { allowMissing: true, ignoreExtra: true })
  })
})

describe('B-2.7: files of full names', () => {
  freshProcess()

  function dict(prefix = 'p_', names = ['a', 'b']): ParameterDict {
    const params = new ParameterDict(prefix)
    for (const name of names) params.get(name, { shape: 2 })
    params.initialize('ones')
    return params
  }

  it('Q-1: round trip, with the prefix stripped and restored', () => withFolder(path => {
    dict().save(path('f'), 'p_')
    const other = new ParameterDict('p_')
    for (const name of ['a', 'b']) other.get(name)
    other.load(path('f'), { restorePrefix: 'p_' })
    expect([...other.values()].map(p => numbers(p.data()))).toEqual([[1, 1], [1, 1]])
    dict().load(path('f'), { restorePrefix: 'p_' })
  }))

  it('strips only what every name starts with', () => withFolder(path => {
    expect(() => dict().save(path('f'), 'q_')).toThrow(`Prefix 'q_' is to be striped before saving, but Parameter's name 'p_a' does not start with 'q_'.`)
  }))

  it('B-2.8: what is not initialized cannot be saved', () => withFolder(path => {
    const params = new ParameterDict()
    params.get('a', { shape: 2 })
    expect(() => params.save(path('f'))).toThrow(`Parameter 'a' has not been initialized`)
  }))

  it('missing and extra names are refused and change nothing', () => withFolder(path => {
    const many = Array.from({ length: 9 }, (_, i) => `w${i}`)
    dict('', many).save(path('f'))
    const more = dict('', [...many, 'extra'])
    const before = [...more.values()].map(stateOf)
    const list = `'w0', 'w1', 'w2', ..., 'w5', 'w6', 'w7', 'w8'`
    expect(() => more.load(path('f'))).toThrow(`Parameter 'extra' is missing in file: ${path('f')}, which contains parameters: ${list}. Please make sure source and target networks have the same prefix.`)
    const fewer = dict('', ['w0'])
    expect(() => fewer.load(path('f'))).toThrow(`Parameter 'w1' loaded from file: ${path('f')} is not present in ParameterDict, choices are: 'w0'. Set ignore_extra to True to ignore.`)
    expect([...more.values()].map(stateOf)).toEqual(before)
    more.load(path('f'), { allowMissing: true })
    fewer.load(path('f'), { ignoreExtra: true })
  }))

  it('arg: and aux: are stripped', () => withFolder(path => {
    const source = new ParameterDict()
    for (const name of ['arg:a', 'aux:b']) source.get(name, { shape: 2 })
    source.initialize('ones')
    source.save(path('f'))
    const target = dict('', ['a', 'b'])
    target.initialize('zeros', { forceReinit: true })
    target.load(path('f'))
    expect([...target.values()].map(p => numbers(p.data()))).toEqual([[1, 1], [1, 1]])
  }))

  it('a file that MXNet wrote', () => {
    const net = new Sequential({ prefix: 'net_' })
    net.nameScope(() => net.add(new Dense(3), new Dense(1)))
    net.collectParams().load(goldenPath('legacy-paramdict.params'))
    expect(numbers(net(np.ones([1, 2])) as ReturnType<typeof np.ones>)).toEqual([6])
  })
})
