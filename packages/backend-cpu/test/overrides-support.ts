import { cpuBackend } from '@ashlar/backend-cpu'
import { Context, array, autograd, registerBackend, scope, sizeOf } from '@ashlar/core'
import type { DType, Device, NDArray } from '@ashlar/core'
import { expect } from 'vitest'

const device = cpuBackend().open(0)

/** A device on which everything is composed, beside the one with overrides. */
const composed: Device = { ...device, overrides: {} }

registerBackend(cpuBackend())
registerBackend({ name: 'composed', type: 'composed', count: 1, open: () => composed })

/** Numbers that are no multiples of each other, of either sign. */
export function numbers(shape: readonly number[], seed = 0): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, i) => (((i + seed) * 7919) % 2003) / 701 - 1.4)
}

export interface Comparison {
  readonly shapes: readonly (readonly number[])[]
  readonly dtype?: DType
  readonly data?: readonly (readonly number[])[]
  readonly tolerance?: number
  run(inputs: readonly NDArray[]): NDArray
}

function results({ shapes, dtype = 'float32', data, run }: Comparison, context: Context): { name: string; shape: readonly number[]; values: number[] }[] {
  return scope(() => {
    const inputs = shapes.map((shape, i) => array(data?.[i] ?? numbers(shape, i * 31), { dtype, ctx: context }).reshape(shape))
    const floats = dtype.startsWith('float')
    if (floats) for (const input of inputs) input.attachGrad('null')
    const y = floats ? autograd.record(() => run(inputs)) : run(inputs)
    // Weighted, since some gradients of a plain sum are 0.
    const weights = array(numbers(y.shape, 5), { dtype: y.dtype, ctx: context }).reshape(y.shape)
    const gradients = floats ? autograd.grad(y, inputs, { headGrads: weights }) : []
    return [y, ...gradients].map((x, i) => ({ name: i === 0 ? 'output' : `gradient ${i - 1}`, shape: x.shape, values: Array.from(x.toTypedArray() as ArrayLike<number>) }))
  })
}

/** What a call and its gradients give with overrides is what their compositions give. */
export function expectComposition(comparison: Comparison): void {
  const [mine, theirs] = [results(comparison, new Context('cpu', 0)), results(comparison, new Context('composed', 0))]
  const tolerance = comparison.tolerance ?? (comparison.dtype === 'float64' ? 1e-12 : 1e-5)
  theirs.forEach(({ name, shape, values }, part) => {
    expect(mine[part]!.shape, name).toEqual(shape)
    // Sums of numbers of either sign cancel: what is left is measured by the size of the whole.
    const scale = Math.max(...values.filter(Number.isFinite).map(Math.abs), 0)
    values.forEach((expected, i) => {
      const value = mine[part]!.values[i]!
      if (Number.isFinite(expected)) expect(Math.abs(value - expected), `${name}, element ${i}: ${value} for ${expected}`).toBeLessThanOrEqual(tolerance * scale)
      else expect(value, `${name}, element ${i}`).toBe(expected)
    })
  })
}
