import { describe, expect, it } from 'vitest'
import { Context, array, autograd, newaxis, np, npx, registerBackend } from '@ashlar/core'
import type { DType, Index, NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, flat } from '../support/close.ts'
import { points } from '../support/points.ts'
import { simulatedBackend } from '../support/simulated.ts'
import { thrownBy } from '../support/thrown.ts'
import { Dice, randomIndex } from './random-index.ts'
import type { AnyIndex, Plain } from './reference-advanced.ts'
import { selectAny } from './reference-advanced.ts'

const SHAPES: readonly (readonly number[])[] = [[5], [4, 3], [2, 3, 4], [3, 1, 2], [2, 3, 2, 3], [0, 3], [2, 2, 2, 2, 2], [1], [6, 2]]
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
const ramp = (shape: readonly number[], dtype: DType = 'float64', ctx = new Context('cpu')): NDArray => np.arange(0, sizeOf(shape), 1, { dtype, ctx }).reshape(shape)

/** Whether an empty plain array is a mask cannot be seen from its elements; from the axes that it takes it can. */
function indexOf(part: AnyIndex, dtype: DType, ctx: Context): Index {
  if (typeof part !== 'object' || Array.isArray(part)) return part as Index
  const { shape, data } = part as Plain
  const mask = data.length === 0 || typeof data[0] === 'boolean'
  return array(data.map(Number), { dtype: mask ? 'bool' : dtype, ctx }).reshape(shape)
}

interface Fuzz {
  readonly seed: number
  readonly shape: readonly number[]
  readonly index: AnyIndex[]
  readonly expected: { shape: number[]; positions: number[] }
}

/** Those of `count` seeds whose index makes sense: masks may not broadcast with the rest. */
function cases(count: number): Fuzz[] {
  return Array.from({ length: count }, (_, seed) => seed + 1).flatMap(seed => {
    const dice = new Dice(seed)
    const shape = dice.pick(SHAPES)
    const index = randomIndex(dice, shape)
    try {
      return [{ seed, shape, index, expected: selectAny(shape, index) }]
    } catch {
      return []
    }
  })
}

const say = ({ seed, shape, index }: Fuzz): string => `seed ${seed}: (${shape.join(', ')}) ${index.map(part => (typeof part === 'symbol' ? 'newaxis' : JSON.stringify(part))).join(' ')}`
const FUZZ = cases(900)

describe('get and set with every form of index, against index by index', () => {
  cleanState()

  it('has enough cases', () => expect(FUZZ.length).toBeGreaterThan(600))

  it.each([['host memory', {}], ['no host memory', { hostMemory: false }]] as const)('get and set on a device with %s', (name, capabilities) => {
    registerBackend(simulatedBackend(`fuzz ${name}`, 1, { type: 'fuzz', capabilities }))
    const ctx = new Context('fuzz')
    for (const each of FUZZ) {
      const { shape, index, expected, seed } = each
      const parts = index.map(part => indexOf(part, seed % 3 === 0 ? 'int64' : 'int32', ctx))
      const dtype: DType = seed % 4 === 0 ? 'int64' : 'float32'
      const x = ramp(shape, dtype, ctx)
      const y = x.get(...parts)
      expect([y.dtype, ...y.shape], say(each)).toEqual([dtype, ...expected.shape])
      expect(flat(y), say(each)).toEqual(expected.positions)
      expect(flat(x), say(each)).toEqual(flat(ramp(shape)))
      if (index.length === 0) continue
      // The value has every other axis of the selection broadcast.
      const wanted = flat(ramp(shape))
      const valueShape = expected.shape.map((n, i) => (i % 2 === seed % 2 ? n : 1))
      const values = ramp(valueShape, 'float32', ctx).add(100)
      const spread = flat(np.broadcastTo(values, expected.shape))
      for (const [i, at] of expected.positions.entries()) wanted[at] = spread[i]!
      expect(flat(x.set(parts, values.astype(dtype))), say(each)).toEqual(wanted)
    }
  })

  it('the gradient of get adds up where elements come from', () => {
    for (const each of FUZZ.filter(({ seed }) => seed % 2 === 0)) {
      const { shape, index, expected } = each
      const x = ramp(shape)
      x.attachGrad()
      const weights = points(expected.positions.length, -1, 1, each.seed)
      const y = autograd.record(() => x.get(...index.map(part => indexOf(part, 'int32', x.ctx))))
      y.backward(array(weights, { dtype: 'float64' }).reshape(expected.shape))
      const wanted = flat(ramp(shape)).map(() => 0)
      for (const [i, at] of expected.positions.entries()) wanted[at]! += weights[i]!
      expectClose(x.grad!, shape, wanted, { rtol: 1e-12, atol: 1e-12 })
    }
  })
})

const mask = (data: boolean[], shape: number[] = [data.length]): NDArray => array(data.map(Number), { dtype: 'bool' }).reshape(shape)
const integers = (data: number[], shape: number[] = [data.length]): NDArray => array(data, { dtype: 'int32' }).reshape(shape)

// Shapes that NumPy 2 gives.
const SHAPE_FACTS: readonly (readonly [index: Index[], shape: number[]])[] = [
  [[[0, 1], ':', [0, 1]], [2, 3, 5]], [[':', [0, 1], [0, 1]], [2, 2, 5]], [[':', [0, 1], ':', [0, 1]], [2, 2, 4]], [[0, ':', [0, 1]], [2, 3, 5]],
  [[0, [0, 1]], [2, 4, 5]], [['...', 0, [0, 1]], [2, 3, 2]], [[[0, 1], '...', [0, 1]], [2, 3, 4]], [[':', [0, 1], newaxis, [0, 1]], [2, 2, 1, 5]],
  [[':', integers([0, 1, 2, 0], [2, 2])], [2, 2, 2, 4, 5]], [[integers([0, 1], [2, 1]), [0, 1, 2]], [2, 3, 4, 5]], [[newaxis, [0, 1]], [1, 2, 3, 4, 5]],
  [[':', mask([true, false, true])], [2, 2, 4, 5]], [[mask([true, false, true, true, false, true], [2, 3])], [4, 4, 5]], [[mask([true, true]), ':', [1, 2]], [2, 3, 5]],
  [[mask([true], []), 0], [1, 3, 4, 5]], [[mask([false], [])], [0, 2, 3, 4, 5]], [[integers([1], []), ':', integers([2], [])], [3, 5]],
]

describe('NumPy facts', () => {
  cleanState()

  it.each(SHAPE_FACTS.map(([index, shape]) => [shape, index] as const))('gives the shape %j', (shape, index) => {
    expect(ramp([2, 3, 4, 5]).get(...index).shape).toEqual(shape)
  })

  it('pairs lists, and makes a grid of a column and a row', () => {
    const x = ramp([3, 4])
    expect(x.get([0, 2], [1, 3]).tolist()).toEqual([1, 11])
    expect(x.get(integers([0, 2], [2, 1]), [1, 3]).tolist()).toEqual([[1, 3], [9, 11]])
    expect(x.get(x.gt(5)).tolist()).toEqual([6, 7, 8, 9, 10, 11])
    expect(x.get(mask([true, false, true]), 1).tolist()).toEqual([1, 9])
    expect(x.get(mask([true, false, true]), '::2').tolist()).toEqual([[0, 2], [8, 10]])
  })

  it('set through masks and lists', () => {
    const x = ramp([3, 4])
    expect(x.set([x.lt(10)], 0).tolist()).toEqual([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 10, 11]])
    expect(x.set([[0, 0, 1], [1, 1, 2]], array([1, 2, 3])).tolist()).toEqual([[0, 2, 0, 0], [0, 0, 3, 0], [0, 0, 10, 11]])
    expect(x.set([mask([true, false, true])], array([7, 8, 9, 6])).tolist()).toEqual([[7, 8, 9, 6], [0, 0, 3, 0], [7, 8, 9, 6]])
    expect(x.set([mask([false, false, false])], np.zeros([0, 4])).tolist()).toEqual([[7, 8, 9, 6], [0, 0, 3, 0], [7, 8, 9, 6]])
    expect(x.set([0], np.ones([1, 1, 4])).get(0).tolist()).toEqual([1, 1, 1, 1])
  })

  it('keeps the sign of zero and 64-bit integers beyond 2^53, on any device', () => {
    registerBackend(simulatedBackend('far', 1, { type: 'far', capabilities: { hostMemory: false } }))
    for (const ctx of [new Context('cpu'), new Context('far')]) {
      const big = array([1n, 9007199254740993n, 3n], { dtype: 'int64', ctx })
      expect(big.get([1, 0]).tolist()).toEqual([9007199254740993n, 1n])
      expect(big.get(array([true, false, true], { dtype: 'bool', ctx })).tolist()).toEqual([1n, 3n])
      expect(big.set([[2]], big.get('1:2')).tolist()).toEqual([1n, 9007199254740993n, 9007199254740993n])
      const zeros = np.ones([2], { ctx }).set([0], -0)
      expect(Object.is(zeros.get(0).item(), -0)).toBe(true)
    }
  })
})

describe('devices apart from the host', () => {
  cleanState()

  function far(capabilities: { syncRead?: boolean } = {}): Context {
    registerBackend(simulatedBackend('far', 1, { type: 'far', capabilities: { hostMemory: false, ...capabilities } }))
    return new Context('far')
  }

  it('do not look at indices: those out of range are counted round by get, clipped by take, pick and embedding', () => {
    const ctx = far()
    const x = ramp([3, 2], 'float32', ctx)
    const beyond = array([-7, 4, 1], { dtype: 'int32', ctx })
    expect(x.get(beyond).tolist()).toEqual([[4, 5], [2, 3], [2, 3]])
    expect(np.take(x, beyond, { axis: 0 }).tolist()).toEqual([[0, 1], [4, 5], [2, 3]])
    expect(npx.embedding(beyond, x).tolist()).toEqual([[0, 1], [4, 5], [2, 3]])
    expect(npx.pick(x, beyond).tolist()).toEqual([0, 3, 5])
    expect(np.take(x, beyond, { axis: 0, mode: 'wrap' }).tolist()).toEqual([[4, 5], [2, 3], [2, 3]])
    for (const index of [7, [7]]) expect(thrownBy(() => x.get(index)).name).toBe('IndexError')
    expect(thrownBy(() => np.zeros([0, 2], { ctx }).get(beyond)).name).toBe('IndexError')
  })

  it('that cannot be read refuse masks, and set through arrays; lists and arrays of positions work', () => {
    const ctx = far({ syncRead: false })
    const x = ramp([4], 'float32', ctx)
    const at = array([1, 2], { dtype: 'int32', ctx })
    expect(x.get(at).tolist()).toEqual([1, 2])
    expect(x.set([[3, 0]], array([8, 9], { ctx })).tolist()).toEqual([9, 1, 2, 8])
    for (const attempt of [() => x.get(x.gt(1)), () => x.set([x.gt(1)], 0), () => x.set([at], 0), () => np.sort(x), () => np.where(x)]) {
      const error = thrownBy(attempt)
      expect(error.name).toBe('NotImplementedError')
      expect(error.hint).toContain('cpu()')
    }
  })

  it('are named where an index lies on another one', () => {
    const x = ramp([2], 'float32', far())
    for (const index of [integers([0]), mask([true, false])]) {
      expect(thrownBy(() => x.get(index)).message).toContain('[get] Operator get require all inputs live on the same context')
      expect(thrownBy(() => x.set([index], 1)).hint).toContain('copyto(far(0))')
    }
  })
})

describe('while recording', () => {
  cleanState()

  it('set refuses a value that is in a graph, under every form of index, and changes nothing', () => {
    const leaf = np.ones([1])
    leaf.attachGrad()
    for (const index of [[0], ['1:2'], [[1]], [mask([true, false, false])]] as Index[][]) {
      const x = np.zeros([3])
      autograd.record(() => {
        expect(thrownBy(() => x.set(index, leaf.mul(2))).message).toContain('not supported when recording')
        expect(x.set(index, 5).sum().item()).toBe(5)
      })
    }
  })
})
