import type { NDArray, Shape } from '@ashlar/core'
import { Context, ValueError, autograd, describe, formatShape, internal, isNDArray, np, typeError } from '@ashlar/core'
import { Parameter } from './parameter.ts'

/** What the functions of this file write into; all copies of a parameter get the same values. */
export type Fillable = Parameter | NDArray

// Draws come from the CPU's stream whatever the device, as those of initializers do.
const CPU: Context = /* #__PURE__ */ new Context('cpu')

function fill<T extends Fillable>(target: T, make: (shape: Shape) => NDArray | number, op: string): T {
  if (!(target instanceof Parameter) && !isNDArray(target)) throw typeError(`expected a parameter or an array, got ${describe(target)}`, { op })
  const arrays = target instanceof Parameter ? target.listData() : [target]
  autograd.pause(() => internal(() => {
    const values = make(arrays[0]!.shape)
    for (const array of arrays) array.set(typeof values === 'number' ? values : values.asInContext(array.context).astype(array.dtype))
  }))
  return target
}

function checkNumbers(numbers: Readonly<Record<string, number>>, op: string): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value !== 'number' || Number.isNaN(value)) throw typeError(`${name} is a number, got ${describe(value)}`, { op })
  }
}

/** Zeros, in place and unrecorded. Returns what it was given. */
export function zeros_<T extends Fillable>(target: T): T {
  return fill(target, () => 0, 'zeros_')
}

/** Ones, in place and unrecorded. */
export function ones_<T extends Fillable>(target: T): T {
  return fill(target, () => 1, 'ones_')
}

/** One value everywhere, in place and unrecorded. */
export function constant_<T extends Fillable>(target: T, value: number): T {
  checkNumbers({ value }, 'constant_')
  return fill(target, () => value, 'constant_')
}

/** Draws from U[low, high), in place and unrecorded. */
export function uniform_<T extends Fillable>(target: T, low = 0, high = 1): T {
  checkNumbers({ low, high }, 'uniform_')
  return fill(target, shape => np.random.uniform(low, high, shape, { ctx: CPU }), 'uniform_')
}

/**
 * Draws from N(mean, std²), in place and unrecorded. Returns what it was given.
 *
 * @throws ValueError for a negative `std`
 * @example
 * ```ts
 * import { registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Linear, init } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new Linear(2, 3)
 * init.normal_(layer.weight, 0, 0.01)
 * init.zeros_(layer.bias!)
 * console.log(layer.bias!.data())
 * // array([0., 0., 0.])
 * ```
 */
export function normal_<T extends Fillable>(target: T, mean = 0, std = 1): T {
  checkNumbers({ mean, std }, 'normal_')
  if (std < 0) throw new ValueError(`std is not negative, got ${std}`, { op: 'normal_' })
  return fill(target, shape => np.random.normal(mean, std, shape, { ctx: CPU }), 'normal_')
}

/** `fan_in + fan_out` of a weight (units, inputs, …kernel). */
function fans(shape: Shape, op: string): number {
  if (shape.length < 2) throw new ValueError(`fan in and fan out need at least 2 dimensions, got shape ${formatShape(shape)}`, { op, shapes: [shape] })
  const [out, into, ...kernel] = shape as [number, number, ...number[]]
  return (out + into) * kernel.reduce((size, n) => size * n, 1)
}

/** Glorot and Bengio's draws from U(-a, a), a = gain √(6 / (fan_in + fan_out)), in place and unrecorded. @throws ValueError for fewer than 2 dimensions */
export function xavierUniform_<T extends Fillable>(target: T, gain = 1): T {
  checkNumbers({ gain }, 'xavierUniform_')
  return fill(target, shape => {
    const bound = gain * Math.sqrt(6 / fans(shape, 'xavierUniform_'))
    return np.random.uniform(-bound, bound, shape, { ctx: CPU })
  }, 'xavierUniform_')
}

/** Glorot and Bengio's draws from N(0, s²), s = gain √(2 / (fan_in + fan_out)), in place and unrecorded. @throws ValueError for fewer than 2 dimensions */
export function xavierNormal_<T extends Fillable>(target: T, gain = 1): T {
  checkNumbers({ gain }, 'xavierNormal_')
  return fill(target, shape => np.random.normal(0, gain * Math.sqrt(2 / fans(shape, 'xavierNormal_')), shape, { ctx: CPU }), 'xavierNormal_')
}
