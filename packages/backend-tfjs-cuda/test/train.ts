import { array, autograd, linear, np, relu, scope, sgdStep, sizeOf, softmaxCrossEntropy } from '@ashlar/core'
import type { Context, NDArray } from '@ashlar/core'

/** Numbers that look random and are the same everywhere. */
const wave = (count: number, step: number): number[] => Array.from({ length: count }, (_, i) => Math.sin(i * step + 0.3))

/** Trains a network of two layers on 32 samples, and gives the loss of every step. */
export function train(ctx: Context): number[] {
  const x = array(wave(32 * 6, 1.7), { ctx }).reshape([32, 6])
  const y = np.tanh(x.sum({ axis: 1, keepdims: true }))
  let weights = [array(wave(6 * 16, 2.3), { ctx }).reshape([6, 16]).mul(0.4), array(new Array<number>(16).fill(0), { ctx }), array(wave(16, 3.1), { ctx }).reshape([16, 1]).mul(0.4)]
  const losses: number[] = []
  for (let step = 0; step < 40; step++) {
    for (const w of weights) w.attachGrad()
    const loss = autograd.record(() => {
      const [w1, b1, w2] = weights as [typeof x, typeof x, typeof x]
      return np.square(np.tanh(x.matmul(w1).add(b1)).matmul(w2).sub(y)).mean()
    })
    loss.backward()
    losses.push(Number(loss.item()))
    weights = weights.map(w => w.sub(w.grad!.mul(0.2)).detach())
  }
  return losses
}

/**
 * A classifier of two layers, trained by the operations that TensorFlow fuses.
 *
 * @param scoped whether each step ends what it made, or leaves that to the collector
 * @returns what takes one step, and gives its loss
 */
export function trainSteps(ctx: Context, scoped = true): () => number {
  const tensor = (shape: readonly number[], step: number): NDArray => array(wave(sizeOf(shape), step), { ctx }).reshape(shape).mul(0.3)
  const [x, y] = [tensor([16, 20], 1.7), array(Array.from({ length: 16 }, (_, i) => i % 4), { dtype: 'int32', ctx })]
  let weights = [tensor([32, 20], 2.3), tensor([32], 0.7), tensor([4, 32], 3.1), tensor([4], 1.1)]
  const step = (): { loss: number; next: NDArray[] } => {
    for (const w of weights) w.attachGrad('null')
    const loss = autograd.record(() => {
      const [w1, b1, w2, b2] = weights as [NDArray, NDArray, NDArray, NDArray]
      return softmaxCrossEntropy(linear(relu(linear(x, w1, b1)), w2, b2), y).mean()
    })
    const gradients = autograd.grad(loss, weights)
    return { loss: Number(loss.item()), next: weights.map((w, i) => sgdStep(w, gradients[i]!, { learningRate: 0.1 })) }
  }
  return () => {
    const before = weights
    const { loss, next } = scoped ? scope(step) : step()
    weights = next
    if (scoped) for (const w of before) w.dispose()
    return loss
  }
}
