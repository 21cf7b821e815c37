import type { Override, Spec, Tensor } from '@ashlar/core'
import type { Handle } from '../engine/memory.ts'
import { choose, pointwise } from '../kernels/pointwise.ts'
import type { Overrides, Tools } from './types.ts'

/** Activations of `x`, and their gradients from that of the output `g` and the output `y`; all as core composes them. */
export function activationOverrides({ launcher }: Tools): Overrides {
  const of = (name: string, operands: readonly string[], statements: string, scalar?: string): Override<Handle> =>
    ((inputs: readonly Tensor<Handle>[], attributes: Readonly<Record<string, number>>, out: Spec) => {
      const definition = { name, operands, statements: () => statements, ...(scalar === undefined ? {} : { scalars: [scalar] }) }
      return pointwise(launcher, definition, inputs, out, scalar === undefined ? [] : [attributes[scalar]!])
    }) as Override<Handle>
  const exact = of('gelu', ['x'], 'return geluOf(x);')
  const approximate = of('gelu approximate', ['x'], 'return geluTanhOf(x, inf);')
  return {
    relu: of('relu', ['x'], 'return reluOf(x);'),
    leakyRelu: of('leakyRelu', ['x'], choose('x > 0', 'x', 'x * alpha'), 'alpha'),
    sigmoid: of('sigmoid', ['x'], 'return sigmoidOf(x, inf);'),
    swish: of('swish', ['x'], 'return x * sigmoidOf(x * beta, inf);', 'beta'),
    gelu: ((inputs: never, attributes: { readonly approximate: boolean }, out: never) =>
      (attributes.approximate ? approximate : exact)(inputs, attributes as never, out)) as Override<Handle>,
    reluGradient: of('reluGradient', ['g', 'y'], choose('y > 0', 'g', '0')),
    sigmoidGradient: of('sigmoidGradient', ['g', 'y'], 'return g * (y * (1 - y));'),
    tanhGradient: of('tanhGradient', ['g', 'y'], 'return g * (1 - y * y);'),
  }
}
