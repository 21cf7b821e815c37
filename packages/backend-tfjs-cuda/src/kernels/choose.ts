import type { Shape, Tensor } from '@ashlar/core'
import { sizeOf } from '@ashlar/core'
import type { Attribute } from '../attributes.ts'
import { FLOATS } from '../attributes.ts'
import { broadcasts } from '../axes.ts'
import type { Handle, Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'
import { stretch } from './movement.ts'

const CHOICES = { float32: FLOATS, int32: [['T', 'type', 'int32']], bool: [['T', 'type', 'bool']] } as const satisfies Record<string, readonly Attribute[]>

/** An element-wise choice among tensors of one shape. */
export function choose(steps: Steps, condition: TensorInfo, t: TensorInfo, e: TensorInfo): TensorInfo {
  if (t.dtype === 'bool' && steps.engine.deviates('select-bool')) {
    const yes = steps.call('LogicalAnd', { a: condition, b: t })
    const no = steps.call('LogicalAnd', { a: steps.call('LogicalNot', { x: condition }), b: e })
    return steps.call('LogicalOr', { a: yes, b: no })
  }
  // By a condition of rank 1, `Select` chooses whole rows of what has more axes.
  const flat = [sizeOf(condition.shape)]
  const chosen = steps.call('Select', { condition: steps.view(condition, flat), t: steps.view(t, flat), e: steps.view(e, flat) })
  return steps.view(chosen, t.shape)
}

/** See `Kernels.where`. */
export function where(steps: Steps, condition: Tensor<Handle>, a: Tensor<Handle>, b: Tensor<Handle>, shape: Shape): TensorInfo {
  if (steps.engine.isNative && broadcasts(condition, a, b)) {
    return steps.op('SelectV2', [condition, a, b].map(x => steps.shown(x)), CHOICES[a.dtype as keyof typeof CHOICES])
  }
  const flat = (x: Tensor<Handle>): TensorInfo => steps.view(stretch(steps, x.handle.info, x.shape, shape), [sizeOf(shape)])
  return choose(steps, flat(condition), flat(a), flat(b))
}
