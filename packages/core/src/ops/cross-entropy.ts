import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { checkOptions, formatShape, sameShape, sizeOf, specOf } from '../shape.ts'
import { logSoftmax, softmax } from './activations.ts'
import { mul, neg, sub } from './arithmetic.ts'
import { toFloat } from './cast.ts'
import { checkBeside, inRange } from './index-range.ts'
import { oneHot, pick } from './indexing.ts'
import { expandDims, reshape } from './reshape.ts'
import { within } from './within.ts'

/** The gradient of the predictions: what each class got of the probability, less 1 at the label, times the gradient of the loss. */
const gradientOp: OpFunction<[g: NDArray, pred: NDArray, label: NDArray], {}> = /* #__PURE__ */ defineOp<[NDArray, NDArray, NDArray]>('softmaxCrossEntropyGradient', {
  arity: 3,
  infer: ([, pred]) => pred,
  compose: ([g, pred, label]) => mul(sub(softmax(pred), oneHot(label, pred.shape.at(-1)!, { dtype: pred.dtype })), reshape(g, [...label.shape, 1])),
})

interface Attributes {
  readonly keepdims: boolean
}

/** Labels are int32, and in range. */
const crossEntropyOp = /* #__PURE__ */ defineOp<[NDArray, NDArray], Attributes>('softmaxCrossEntropy', {
  arity: 2,
  infer: ([pred, label], { keepdims }) => specOf(keepdims ? [...label.shape, 1] : label.shape, pred.dtype),
  compose: ([pred, label], { keepdims }) => {
    const loss = neg(pick(logSoftmax(pred), label))
    return keepdims ? expandDims(loss, -1) : loss
  },
  vjp: (g, [pred, label]) => [() => gradientOp(g, pred, label), null],
})

/**
 * The cross entropy of a softmax: `-log softmax(pred)[label]` along the last axis.
 *
 * @param pred (…, classes)
 * @param label (…), the numbers of the classes, of any numeric dtype
 * @param options `keepdims` leaves the last axis as an extent of 1
 * @returns (…)
 * @throws ValueError where the shapes do not agree, IndexError for labels out of range that lie in host memory; elsewhere they are clipped
 */
export function softmaxCrossEntropy(pred: NDArray, label: NDArray, options: { readonly keepdims?: boolean } = {}): NDArray {
  return within('softmaxCrossEntropy', () => {
    const keepdims = checkOptions(options, 'softmaxCrossEntropy').keepdims ?? false
    const x = toFloat(pred, 'softmaxCrossEntropy')
    if (x.ndim === 0) throw new ValueError('predictions have an axis of classes, got ()', { op: 'softmaxCrossEntropy', shapes: [x.shape] })
    const axis = x.ndim - 1
    const rest = x.shape.slice(0, axis)
    if (checkArray(label, 'softmaxCrossEntropy').size !== sizeOf(rest)) {
      throw new ValueError(`one label for each of ${formatShape(rest)} is needed, got labels of shape ${formatShape(label.shape)}`, { op: 'softmaxCrossEntropy', shapes: [x.shape, label.shape] })
    }
    const classes = inRange(sameShape(label.shape, rest) ? label : reshape(label, rest), undefined, { axis, shape: x.shape, op: 'softmaxCrossEntropy' })
    checkBeside(x, classes, 'softmaxCrossEntropy')
    return crossEntropyOp(x, classes, { keepdims })
  })
}
