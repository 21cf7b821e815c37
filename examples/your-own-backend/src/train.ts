import { autograd, gluon, nn, np, npx, optim, scope } from 'ashlar'
import type { device } from 'ashlar'

/** Points of a square, by the golden ratio, and whether they lie in a ring. */
const points = Array.from({ length: 100 }, (_, i) => [-1 + (2 * i + 1) / 100, -1 + 2 * ((i * 0.6180339887498949) % 1)] as const)
const inRing = points.map(([x, y]) => Number(Math.abs(Math.hypot(x, y) - 0.6) < 0.3))

/** Trains a network of two layers on a device, from the same first values on each, and gives the loss after every step. */
export function train(ctx: device.Context, steps: number): number[] {
  const x = np.array(points, { ctx })
  const y = np.array(inRing, { ctx })
  npx.random.seed(1)
  const net = new nn.Sequential(new nn.Dense(16, { activation: 'tanh' }), new nn.Dense(2))
  net.initialize('xavier', { ctx })
  const lossOf = new gluon.loss.SoftmaxCrossEntropyLoss()
  const trainer = new optim.Trainer(net.collectParams(), 'adam', { learningRate: 0.1 })
  return Array.from({ length: steps }, () => scope(() => {
    const loss = autograd.record(() => lossOf(net(x), y))
    loss.backward()
    trainer.step(points.length)
    return loss.mean().item()
  }))
}
