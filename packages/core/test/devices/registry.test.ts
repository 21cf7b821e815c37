import { describe, expect, it } from 'vitest'
import { Context, array, deviceCount, deviceOf, listBackends, np, registerBackend, unregisterBackend } from '@ashlar/core'
import type { Backend } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { simulatedBackend } from '../support/simulated.ts'
import { thrownBy } from '../support/thrown.ts'

const gpu = (i = 0): Context => new Context('gpu', i)
const names = (): string[] => listBackends().map(({ name }) => name)

describe('registerBackend', () => {
  cleanState()

  it('is idempotent by name: the first one stays', () => {
    const first = simulatedBackend('sim', 1)
    registerBackend(first)
    registerBackend(simulatedBackend('sim', 5))
    expect(names()).toEqual(['cpu', 'sim'])
    expect(deviceCount('gpu')).toBe(1)
    expect(listBackends()[1]).toBe(first)
  })

  it('waits for a promise', async () => {
    await registerBackend(Promise.resolve<Backend>(simulatedBackend('later', 2)))
    expect(deviceCount('gpu')).toBe(2)
    await expect(registerBackend(Promise.reject<Backend>(new Error('no driver')))).rejects.toThrow('no driver')
    await expect(registerBackend(Promise.resolve(3 as never))).rejects.toThrow('[registerBackend]')
  })

  it.each([undefined, null, 3, 'cpu', {}, () => simulatedBackend('f', 1), { name: 'x', type: 'gpu', count: 1 }])('refuses %s', value => {
    expect(thrownBy(() => registerBackend(value as never)).message).toContain('expected a backend')
    expect(names()).toEqual(['cpu'])
  })

  it('opens a device at first use, once', () => {
    const backend = simulatedBackend('sim', 2)
    registerBackend(backend)
    expect(backend.opened).toEqual([0, 0])
    for (let i = 0; i < 3; i++) np.ones(1, { ctx: gpu(1) })
    expect(backend.opened).toEqual([0, 1])
  })

  it('counts devices without freezing their order', () => {
    registerBackend(simulatedBackend('slow', 1, { priority: 1 }))
    expect(deviceCount('gpu')).toBe(1)
    const fast = simulatedBackend('fast', 1, { priority: 2 })
    registerBackend(fast)
    np.ones(1, { ctx: gpu(0) })
    expect(fast.opened).toEqual([1])
  })

  it('numbers GPUs by priority, those without one as 0, equals in order of registration', () => {
    const backends = [simulatedBackend('a', 1), simulatedBackend('b', 2, { priority: 5 }), simulatedBackend('c', 1, { priority: -1 }), simulatedBackend('d', 1)]
    for (const backend of backends) registerBackend(backend)
    const order = [0, 1, 2, 3, 4].map(i => {
      const before = backends.map(({ opened }) => opened.reduce((x, y) => x + y))
      deviceOf(gpu(i), 'test')
      return backends[backends.findIndex(({ opened }, k) => opened.reduce((x, y) => x + y) > before[k]!)]!.name
    })
    expect(order).toEqual(['b', 'b', 'a', 'd', 'c'])
  })

  it('freezes the numbers at first use: a later backend is appended, whatever its priority', () => {
    const [early, late] = [simulatedBackend('early', 1), simulatedBackend('late', 1, { priority: 100 })]
    registerBackend(early)
    const x = np.ones(1, { ctx: gpu(0) })
    registerBackend(late)
    expectList(x.add(np.ones(1, { ctx: gpu(0) })), [2])
    np.ones(1, { ctx: gpu(1) })
    expect([early.opened, late.opened]).toEqual([[1], [1]])
  })

  it('a failed use of a GPU freezes nothing that is not there', () => {
    thrownBy(() => np.ones(1, { ctx: gpu(0) }))
    registerBackend(simulatedBackend('sim', 1))
    expectList(np.ones(1, { ctx: gpu(0) }), [1])
  })

  it('a backend of a type of its own is never a GPU', () => {
    registerBackend(simulatedBackend('js', 1, { type: 'gpujs-cpu' }))
    expect([deviceCount('gpu'), deviceCount('gpujs-cpu'), deviceCount('cpu'), deviceCount('none')]).toEqual([0, 1, Infinity, 0])
    expectList(np.ones(1, { ctx: new Context('gpujs-cpu') }), [1])
    thrownBy(() => np.ones(1, { ctx: new Context('gpujs-cpu', 1) }))
  })

  it('takes a backend without devices', () => {
    registerBackend(simulatedBackend('none', 0))
    expect(deviceCount('gpu')).toBe(0)
    expect(thrownBy(() => np.ones(1, { ctx: gpu() })).message).toContain('none (0 × gpu)')
  })

  it('an index beyond those there are is an IndexError that lists what is registered', () => {
    registerBackend(simulatedBackend('sim', 2))
    const error = thrownBy(() => np.ones(1, { ctx: gpu(2) }))
    expect(error.name).toBe('IndexError')
    expect(error.message).toContain('there is no device gpu(2)')
    expect(error.message).toContain('sim (2 × gpu)')
  })
})

describe('unregisterBackend', () => {
  cleanState()

  it('says whether it was there', () => {
    registerBackend(simulatedBackend('sim', 1))
    expect([unregisterBackend('sim'), unregisterBackend('sim'), unregisterBackend('nobody')]).toEqual([true, false, false])
  })

  it('arrays stay usable, and the device is gone', () => {
    registerBackend(simulatedBackend('sim', 1))
    const x = np.ones(2, { ctx: gpu() })
    unregisterBackend('sim')
    expectList(x.add(x), [2, 2])
    thrownBy(() => np.ones(1, { ctx: gpu() }))
    expect(deviceCount('gpu')).toBe(0)
  })

  it('moves up the numbers behind, and an opened device stays the same one', () => {
    const [a, b] = [simulatedBackend('a', 1, { priority: 2 }), simulatedBackend('b', 2, { priority: 1 })]
    registerBackend(a)
    registerBackend(b)
    np.ones(1, { ctx: gpu(0) })
    const x = array([1, 2], { ctx: gpu(1) })
    unregisterBackend('a')
    expect(deviceCount('gpu')).toBe(2)
    expectList(x.add(np.ones(2, { ctx: gpu(0) })), [2, 3])
    expect(b.opened).toEqual([1, 0])
  })

  it('a backend of the same name that comes back is opened anew', () => {
    registerBackend(simulatedBackend('sim', 1))
    np.ones(1, { ctx: gpu() })
    unregisterBackend('sim')
    const again = simulatedBackend('sim', 1)
    registerBackend(again)
    np.ones(1, { ctx: gpu() })
    expect(again.opened).toEqual([1])
  })
})

describe('what a device can hold', () => {
  cleanState()

  it('refuses other dtypes everywhere, and names those that it holds', () => {
    registerBackend(simulatedBackend('small', 1, { capabilities: { dtypes: ['float32', 'int32', 'bool'] } }))
    const x = np.ones(2, { ctx: gpu() })
    const tries = [
      () => array([1], { dtype: 'float64', ctx: gpu() }), () => np.zeros(2, { dtype: 'float64', ctx: gpu() }), () => np.eye(2, 2, 0, { dtype: 'uint8', ctx: gpu() }),
      () => np.ones(2, { dtype: 'float64' }).copyto(gpu()), () => x.astype('float64'), () => np.random.uniform({ dtype: 'float64', ctx: gpu() }),
    ]
    for (const attempt of tries) {
      const error = thrownBy(attempt)
      expect(error.name).toBe('NotImplementedError')
      expect(error.message).toContain('gpu(0) does not hold')
    }
    expectList(x, [1, 1])
  })

  it('refuses results beyond its largest array', () => {
    registerBackend(simulatedBackend('tiny', 1, { capabilities: { maxSize: 100 } }))
    const x = np.ones([10, 10], { ctx: gpu() })
    expect(thrownBy(() => np.concatenate([x, x])).message).toContain('100 elements')
    thrownBy(() => np.broadcastTo(x, [2, 10, 10]))
    thrownBy(() => np.ones([101], { ctx: gpu() }))
    thrownBy(() => array(new Float32Array(101), { ctx: gpu() }))
    thrownBy(() => np.ones([101]).copyto(gpu()))
  })
})
