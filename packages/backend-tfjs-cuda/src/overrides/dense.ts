import { sameShape } from '@ashlar/core'
import type { Spec } from '@ashlar/core'
import { FLOATS } from '../attributes.ts'
import type { Steps } from '../engine.ts'
import { binary } from '../kernels/binary.ts'
import { matmul, plainMatmul } from '../kernels/matmul.ts'
import { stretch } from '../kernels/movement.ts'
import type { Composed, Operand } from './override.ts'
import { operand } from './override.ts'

/** See `linear` in core. */
export const linear = ((steps: Steps, [x, weight, bias]: readonly Operand[], _: unknown, out: Spec) => {
  const [rows, columns] = out.shape as [number, number]
  if (x!.size === 0) return stretch(steps, bias!.handle.info, [1, columns], out.shape)
  if (out.dtype === 'float32') {
    const product = plainMatmul(steps, steps.shown(x!), steps.shown(weight!), false, true)
    return steps.op('BiasAdd', [product, steps.shown(bias!)], FLOATS)
  }
  const product = operand({ info: matmul(steps, x!, weight!, false, true, out), shape: [rows, columns] })
  return binary(steps, out.dtype === 'bool' ? 'maximum' : 'add', product, bias!, out.shape)
}) as Composed

/** See `relu` in core: integers too. */
export const relu: Composed = (steps, [x]) => {
  const { info } = x!.handle
  return x!.dtype === 'float32' ? steps.op('Relu', [info], FLOATS) : steps.call('Maximum', { a: info, b: steps.scalar(0, x!.dtype) })
}

/** A TensorFlow op of floats of one shape; `g` and `y` in that order, or the other way round. */
function pair(name: string, first: 'g' | 'y'): Composed {
  return (steps, [g, y]) => {
    const a = g!.handle.info
    const b = sameShape(a.shape, y!.handle.info.shape) ? y!.handle.info : steps.view(y!.handle.info, a.shape)
    return steps.op(name, first === 'g' ? [a, b] : [b, a], FLOATS)
  }
}

/** See `reluGradient` in core. */
export const reluGradient: Composed = pair('ReluGrad', 'g')
/** See `sigmoidGradient` in core. */
export const sigmoidGradient: Composed = pair('SigmoidGrad', 'y')
/** See `tanhGradient` in core. */
export const tanhGradient: Composed = pair('TanhGrad', 'y')

/** See `sigmoid` in core. */
export const sigmoid: Composed = (steps, [x]) => steps.op('Sigmoid', [x!.handle.info], FLOATS)
