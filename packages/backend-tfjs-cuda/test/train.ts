import { array, autograd, np } from '@ashlar/core'
import type { Context } from '@ashlar/core'

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
