import { array, autograd, elementwise, memory, registerTypes, scope, zeros } from '@ashlar/core'
import type { ElementwiseProgram, ElementwiseStep } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { cleanState } from '../support/clean-state.ts'

cleanState()

const of = (inputs: ElementwiseProgram['inputs'], ...steps: readonly unknown[]): ElementwiseProgram => ({ inputs, steps: steps as readonly ElementwiseStep[] })

describe('elementwise', () => {
  it('runs steps on registers, broadcasts, and drops what it made on the way', () => {
    const program = of(['float32', 'float32'], { kind: 'mul', of: [0, 1] }, { kind: 'exp', of: [2] }, { kind: 'sub', of: [3, 0] })
    const [a, b] = [array([[0.5, -1], [2, 0]]), array([1, 2])]
    const before = memory().buffers
    const y = elementwise(program, [a, b])
    expect(memory().buffers).toBe(before + 1)
    const expected = [Math.exp(0.5) - 0.5, Math.exp(-2) + 1, Math.exp(2) - 2, 1]
    ;(y.reshape(-1).tolist() as number[]).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5))
  })

  it('has gradients, through all of its steps', () => {
    // d/da (a b + tanh a) = b + 1 - tanh² a, d/db = a.
    const program = of(['float32', 'float32'], { kind: 'mul', of: [0, 1] }, { kind: 'tanh', of: [0] }, { kind: 'add', of: [2, 3] })
    const [a, b] = [array([0.5, -1]), array([3, 2])]
    a.attachGrad()
    b.attachGrad()
    autograd.record(() => elementwise(program, [a, b]).sum()).backward()
    const slopes = a.grad!.tolist() as number[]
    ;[3 + 1 - Math.tanh(0.5) ** 2, 2 + 1 - Math.tanh(1) ** 2].forEach((value, i) => expect(slopes[i]).toBeCloseTo(value, 5))
    expect(b.grad!.tolist()).toEqual([0.5, -1])
  })

  it('an input that no step reads still broadcasts', () => {
    const program = of(['float32', 'float32'], { kind: 'neg', of: [0] })
    expect(elementwise(program, [array([1]), zeros([2, 2])]).tolist()).toEqual([[-1, -1], [-1, -1]])
  })

  it('tells the dtype of each register', () => {
    const steps = [{ kind: 'gt', of: [0, 0] }, { kind: 'where', of: [2, 1, 1] }, { kind: 'cast', of: [3], dtype: 'float64' }, { kind: 'constant', of: [], value: 1, dtype: 'bool' }]
    expect(registerTypes(of(['float32', 'int32'], ...steps))).toEqual(['float32', 'int32', 'bool', 'int32', 'float64', 'bool'])
  })

  it.each([
    ['no steps', of(['float32']), /inputs and steps/],
    ['no inputs', of([], { kind: 'constant', of: [], value: 1, dtype: 'float32' }), /inputs and steps/],
    ['an unknown kind', of(['float32'], { kind: 'frobnicate', of: [0] }), /step 0 .*frobnicate.* no known kind/],
    ['nothing for a step', of(['float32'], null), /no known kind/],
    ['a register of its own', of(['float32'], { kind: 'neg', of: [1] }), /reads 1 of the registers 0 to 0/],
    ['too few registers', of(['float32'], { kind: 'add', of: [0] }), /reads 2 of the registers/],
    ['a broken number', of(['float32'], { kind: 'neg', of: [0.5] }), /reads 1 of the registers/],
    ['two dtypes', of(['float32', 'int32'], { kind: 'add', of: [0, 1] }), /reads float32, int32/],
    ['a condition that is no bool', of(['float32'], { kind: 'where', of: [0, 0, 0] }), /bool and two of one dtype/],
    ['exp of whole numbers', of(['int32'], { kind: 'exp', of: [0] }), /does not come in int32/],
    ['div of whole numbers', of(['int32'], { kind: 'div', of: [0, 0] }), /does not come in int32/],
    ['arithmetic on bools', of(['bool'], { kind: 'add', of: [0, 0] }), /does not come in bool/],
    ['float16', of(['float16'], { kind: 'neg', of: [0] }), /float16.* not compute in/],
    ['a cast to a storage type', of(['int32'], { kind: 'cast', of: [0], dtype: 'int64' }), /int64.* not compute in/],
    ['a constant that is no number', of(['float32'], { kind: 'constant', of: [], value: '1', dtype: 'float32' }), /a constant is a number/],
  ])('refuses %s', (_, program, message) => {
    expect(() => elementwise(program, [zeros([2])])).toThrow(message)
  })

  it('refuses inputs that the program does not take', () => {
    const program = of(['float32', 'float32'], { kind: 'add', of: [0, 1] })
    expect(() => elementwise(program, [zeros([2])])).toThrow('takes 2 inputs, got 1')
    expect(() => elementwise(program, [zeros([2]), zeros([2], { dtype: 'int32' })])).toThrow('input 1 is float32, got int32')
    expect(() => elementwise(program, [zeros([2]), zeros([3])])).toThrow('[elementwise]')
    expect(() => elementwise(program, [zeros([2]), 1 as never])).toThrow(TypeError)
  })

  it('what it makes ends with a scope', () => {
    const before = memory().buffers
    scope(() => void elementwise(of(['float32'], { kind: 'neg', of: [0] }), [zeros([3])]))
    expect(memory().buffers).toBe(before)
  })
})
