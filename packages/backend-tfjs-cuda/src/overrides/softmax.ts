import type { Spec } from '@ashlar/core'
import type { Attribute } from '../attributes.ts'
import { FLOATS } from '../attributes.ts'
import type { Steps } from '../engine.ts'
import { around } from '../kernels/movement.ts'
import type { TensorInfo } from '../tfjs.ts'
import type { Composed, Operand } from './override.ts'
import { over } from './override.ts'

/** Softmax, or its logarithm, along an axis: TensorFlow's are along the last, and moving another there takes longer than five kernels. */
function along(name: 'Softmax' | 'LogSoftmax'): Composed {
  return ((steps: Steps, [x]: readonly Operand[], { axis }: { readonly axis: number }) => {
    const { info } = x!.handle
    const [before, extent, after] = around(x!.shape, axis)
    if (after === 1 && steps.engine.isNative) return steps.op(name, [info.shape.length === 2 && info.shape[1] === extent ? info : steps.view(info, [before, extent])], FLOATS)
    const rows = steps.view(info, [before, extent, after])
    const across = (kernel: 'Max' | 'Sum', of: TensorInfo): TensorInfo =>
      steps.view(steps.call(kernel, { x: of }, { axis: [1], reductionIndices: [1], keepDims: false }), [before, 1, after])
    const shifted = steps.view(over(steps, 'sub', rows, across('Max', rows)), rows.shape)
    const powers = steps.call('Exp', { x: shifted })
    const total = across('Sum', powers)
    return name === 'Softmax' ? over(steps, 'div', powers, total) : over(steps, 'sub', shifted, steps.call('Log', { x: total }))
  }) as Composed
}

/** See `softmax` in core. */
export const softmax: Composed = along('Softmax')
/** See `logSoftmax` in core. */
export const logSoftmax: Composed = along('LogSoftmax')

const LABELLED: readonly Attribute[] = [...FLOATS, ['Tlabels', 'type', 'int32']]

/** The losses of rows, and the gradients of their sum. */
function crossEntropy(steps: Steps, pred: Operand, label: Operand): TensorInfo[] {
  const classes = pred.shape.at(-1)!
  return steps.ops('SparseSoftmaxCrossEntropyWithLogits', [pred.shape.length === 2 ? steps.shown(pred) : steps.view(pred.handle.info, [pred.size / classes, classes]), steps.view(label.handle.info, [label.size])], LABELLED, 2)
}

/** See `softmaxCrossEntropy` in core: labels are int32, and in range. */
export const softmaxCrossEntropy: Composed = (steps, [pred, label]) => crossEntropy(steps, pred!, label!)[0]!

/** See `softmaxCrossEntropyGradient` in core. */
export const softmaxCrossEntropyGradient = ((steps: Steps, [g, pred, label]: readonly Operand[], _: unknown, out: Spec) => {
  const [, gradient] = crossEntropy(steps, pred!, label!)
  return steps.call('Multiply', { a: gradient, b: steps.view(g!.handle.info, [out.size / out.shape.at(-1)!, 1]) })
}) as Composed
