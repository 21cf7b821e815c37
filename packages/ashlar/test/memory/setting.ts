import type { NDArray } from 'ashlar'
import { autograd, gluon, nn, np, npx, optim } from 'ashlar'

/** A network, a trainer and batches, the same for every program. Sizes are such that results live in the pool. */
export interface Setting {
  readonly net: nn.Block
  readonly trainer: optim.Trainer
  readonly loss: gluon.loss.SoftmaxCrossEntropyLoss
  batch(step: number): [NDArray, NDArray]
}

/** Steps that a program runs, unless it is told otherwise. */
export const STEPS = 12

export function mlp(): nn.Sequential {
  return new nn.Sequential(new nn.Dense(64, { activation: 'tanh' }), new nn.Dense(10))
}

export function setting(net: nn.Block = mlp()): Setting {
  npx.random.seed(7)
  net.initialize('xavier')
  const data = np.random.uniform(-1, 1, [4, 32, 20])
  const labels = np.random.randint(0, 10, [4, 32])
  net(data.get(0))
  return {
    net,
    trainer: new optim.Trainer(net.collectParams(), 'sgd', { learningRate: 0.1 }),
    loss: new gluon.loss.SoftmaxCrossEntropyLoss(),
    batch: step => [data.get(step % 4), labels.get(step % 4)],
  }
}

/** The usual step; gives the loss. */
export function train({ net, trainer, loss, batch }: Setting, step: number): NDArray {
  const [x, y] = batch(step)
  const value = autograd.record(() => loss(net(x), y))
  value.backward()
  trainer.step(32)
  return value
}

/** What a program is compared by. */
export function weights(net: nn.Block): number[] {
  return [...net.collectParams().values()].flatMap(parameter => parameter.data().toTypedArray()).flatMap(data => [...(data as Float32Array)])
}

export const numbers = (x: NDArray): number[] => [...(x.toTypedArray() as Float32Array)]

/** The first difference in words: a diff of thousands of numbers takes minutes. */
export function difference(found: readonly number[], expected: readonly number[]): string {
  if (found.length !== expected.length) return `${found.length} numbers, expected ${expected.length}`
  const at = found.findIndex((value, i) => !Object.is(value, expected[i]))
  return at < 0 ? 'none' : `number ${at} is ${found[at]}, expected ${expected[at]}`
}
