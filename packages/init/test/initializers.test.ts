import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { Context, np, registerBackend, seed, withContext } from '@ashlar/core'
import { cpuBackend } from '@ashlar/backend-cpu'
import { Constant, Initializer, MSRAPrelu, Normal, One, Uniform, Xavier, Zero, create, register } from '@ashlar/init'
import { drawn, freshStreams, numbers, position } from './support.ts'

const refused = (name: string, text: string): unknown => expect.objectContaining({ name, message: expect.stringContaining(text) })

describe('values', () => {
  freshStreams()

  it('B-11.1: Constant takes a number or an array that broadcasts', () => {
    expect(numbers(drawn(new Constant([[1], [2]]), [2, 2]))).toEqual([1, 1, 2, 2])
    expect(numbers(drawn(new Constant(np.array([3, 4])), [2, 2]))).toEqual([3, 4, 3, 4])
    expect(new Constant(np.array([3, 4])).dumps()).toBe('["constant", {"value": [3, 4]}]')
    expect(() => drawn(new Constant([1, 2, 3]), [2])).toThrow()
  })

  it('N-04: constants draw nothing', () => {
    for (const each of [new Zero(), new One(), new Constant(2)]) drawn(each, [5])
    expect(position()).toBe(0)
  })

  it('B-11.1: Uniform stays in [-scale, scale), and takes the scale alone', () => {
    const values = numbers(drawn(new Uniform(2), [1000]))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-2)
    expect(Math.max(...values)).toBeLessThan(2)
    expect(Math.max(...values)).toBeGreaterThan(1.9)
  })

  it('B-11.2: Xavier\'s bounds follow the fans, kernels included', () => {
    const bound = (options: ConstructorParameters<typeof Xavier>[0], shape: number[]): number => Math.max(...numbers(drawn(new Xavier(options), shape)).map(Math.abs))
    const limits: [ConstructorParameters<typeof Xavier>[0], number][] = [[{}, Math.sqrt(3 / ((27 + 72) / 2))], [{ factorType: 'in' }, Math.sqrt(3 / 27)], [{ factorType: 'out', magnitude: 2 }, Math.sqrt(2 / 72)]]
    for (const [options, limit] of limits) {
      const largest = bound(options, [8, 3, 3, 3])
      expect(largest).toBeLessThanOrEqual(limit)
      expect(largest).toBeGreaterThan(0.95 * limit)
    }
  })

  it('B-11.3: MSRAPrelu is a gaussian Xavier of magnitude 2 / (1 + slope²)', () => {
    const msra = numbers(drawn(new MSRAPrelu({ slope: 0.5 }), [4, 3]))
    seed(0)
    expect(numbers(drawn(new Xavier({ rndType: 'gaussian', magnitude: 2 / 1.25 }), [4, 3]))).toEqual(msra)
  })

  it('other dtypes get the float32 draws', () => {
    const narrow = numbers(drawn(new Uniform(), [5]))
    seed(0)
    const wide = drawn(new Uniform(), [5], { dtype: 'float64' })
    expect([wide.dtype, numbers(wide)]).toEqual(['float64', narrow])
  })

  it('N-04: draws come from the CPU stream whatever the device', () => {
    const cpu = cpuBackend()
    registerBackend({ ...cpu, name: 'two-gpus', type: 'gpu', count: 2, open: () => Object.create(cpu.open(0)) as ReturnType<typeof cpu.open> })
    const gpu = new Context('gpu', 1)
    for (const each of [new Uniform(), new Normal(), new Xavier(), new MSRAPrelu(), new Constant([1, 2]), new One()]) {
      seed(0)
      const host = numbers(drawn(each, [2, 2]))
      seed(0)
      expect(numbers(drawn(each, [2, 2], { ctx: gpu }))).toEqual(host)
      seed(0)
      expect(numbers(withContext(gpu, () => drawn(each, [2, 2])))).toEqual(host)
    }
  })
})

describe('errors', () => {
  freshStreams()

  it('B-11.2: bad words and vectors', () => {
    expect(() => new Xavier({ factorType: 'both' as never })).toThrow(refused('ValueError', 'Incorrect factor type'))
    expect(() => new Xavier({ rndType: 'cauchy' as never })).toThrow(refused('ValueError', 'Unknown random type'))
    const data = np.zeros([3])
    expect(() => new Xavier().initWeight('dense0_bias', data)).toThrow(refused('ValueError', 'Xavier initializer cannot be applied to vector dense0_bias. It requires at least 2D.'))
    expect([numbers(data), position()]).toEqual([[0, 0, 0], 0])
  })

  it('scales are numbers from 0', () => {
    for (const value of [-1, NaN, '1' as never]) {
      expect(() => new Uniform({ scale: value })).toThrow(refused('ValueError', 'scale'))
      expect(() => new Normal({ sigma: value })).toThrow(refused('ValueError', 'sigma'))
    }
  })

  it('the base class draws nothing', () => {
    expect(() => drawn(new Initializer(), [1])).toThrow(refused('NotImplementedError', 'does not override initWeight'))
  })
})

describe('names, dumps and equality', () => {
  freshStreams()

  it.each([['zeros', Zero], ['zero', Zero], ['ones', One], ['one', One], ['uniform', Uniform], ['normal', Normal], ['xavier', Xavier], ['msraprelu', MSRAPrelu], ['XAVIER', Xavier], ['constant', Constant]])('B-11.6: create(%s)', (name, expected) => {
    expect(create(name)).toBeInstanceOf(expected)
  })

  it('an initializer stands for itself, and a dump for one with its options', () => {
    const own = new Normal()
    expect(create(own)).toBe(own)
    expect((create('["xavier", {"rnd_type": "gaussian", "factor_type": "in", "magnitude": 2}]') as Xavier).kwargs).toEqual({ rnd_type: 'gaussian', factor_type: 'in', magnitude: 2 })
    expect((create('["uniform", {"scale": 0.5}]') as Uniform).scale).toBe(0.5)
  })

  it('dumps with Python\'s blanks', () => {
    expect(new Normal({ sigma: 0.5 }).dumps()).toBe('["normal", {"sigma": 0.5}]')
    expect(new Zero().dumps()).toBe('["zero", {}]')
  })

  it('equality is the same class and the same options', () => {
    expect(new Normal().equals(new Normal({ sigma: 0.01 }))).toBe(true)
    expect(new Normal().equals(new Normal({ sigma: 1 }))).toBe(false)
    expect(new Zero().equals(new One())).toBe(false)
    expect(new Zero().equals('zeros')).toBe(false)
  })

  it('unknown names and other values are refused', () => {
    expect(() => create('foo')).toThrow(refused('AssertionError', 'foo is not registered. Please register with initializer.register first'))
    expect(() => create('constructor')).toThrow(refused('AssertionError', 'is not registered'))
    expect(() => create('["normal", ')).toThrow(refused('AssertionError', 'is no initializer'))
    for (const value of [3, null, {}]) expect(() => create(value as never)).toThrow(refused('AssertionError', 'expected an initializer or its name'))
  })

  it('register makes a class known under its lower-case name, or another', () => {
    class RegisteredForTest extends Initializer {
      override initWeight(_name: string, data: NDArray): void { data.set(Number(this.kwargs.value ?? 7)) }
    }
    expect(register(RegisteredForTest)).toBe(RegisteredForTest)
    register(RegisteredForTest, 'otherNameForTest')
    expect(numbers(drawn(create('registeredfortest'), [2]))).toEqual([7, 7])
    expect(numbers(drawn(create('["othernamefortest", {"value": 3}]'), [1]))).toEqual([3])
    expect(create('registeredfortest').dumps()).toBe('["registeredfortest", {}]')
  })
})
