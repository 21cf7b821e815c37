import type { Override, Spec, Tensor } from '@ashlar/core'
import type { Handle } from '../engine/memory.ts'
import { product } from '../kernels/matmul.ts'
import { pointwise } from '../kernels/pointwise.ts'
import type { Overrides, Tools } from './types.ts'

/** See `linear` in core: the bias is added where the product is summed. */
export function linearOverrides({ launcher }: Tools): Overrides {
  const linear = (([x, weight, bias]: readonly [Tensor<Handle>, Tensor<Handle>, Tensor<Handle>], _: never, out: Spec) =>
    (x.size === 0 || weight.size === 0
      ? pointwise(launcher, { name: 'copy', operands: ['a'], statements: () => 'return a;' }, [bias], out)
      : product(launcher, x, weight, false, true, out, bias.handle))) as unknown as Override<Handle>
  return { linear }
}
