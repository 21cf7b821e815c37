import { setImmediate } from 'node:timers/promises'
import { autograd, data, nn, optim } from 'ashlar'
import type { Batch, Reading, Score } from './evaluate.ts'
import { evaluate } from './evaluate.ts'
import { UserError } from './user-error.ts'

/** One line of the history. */
export interface Epoch {
  /** From 1. */
  readonly number: number
  readonly train: Score
  readonly test: Score
}

/** Who wants to know how training goes. */
export interface Listener {
  batch(): void
  /** After each epoch, with the network as it is then. */
  epoch(epoch: Epoch): void
}

export interface TrainOptions {
  readonly epochs: number
  readonly batchSize: number
  readonly lr: number
  readonly seed: number
  /** Ends the training between two batches. */
  readonly signal: AbortSignal
}

/**
 * Trains a network with Adam, and reads all digits after each epoch.
 *
 * @returns the epochs, and what the trained network says of the digits held back
 * @throws the signal's reason where it was aborted; UserError where the loss is no number any more
 */
export async function train(net: nn.Block, learn: Batch, heldBack: Batch, options: TrainOptions, listener: Listener): Promise<{ history: Epoch[]; reading: Reading }> {
  const loader = new data.DataLoader(new data.ArrayDataset(learn.x, learn.y), { batchSize: options.batchSize, shuffle: true, seed: options.seed })
  const lossOf = new nn.SoftmaxCrossEntropyLoss()
  const trainer = new optim.Trainer(net.collectParams(), 'adam', { learningRate: options.lr })
  const history: Epoch[] = []
  for (let number = 1; ; number++) {
    for (const [x, y] of loader) {
      const loss = autograd.record(() => lossOf(net(x), y))
      loss.backward()
      trainer.step(x.length)
      listener.batch()
      // Signals and the progress bar get their turn here.
      await setImmediate()
      options.signal.throwIfAborted()
    }
    const score = await evaluate(net, learn)
    const reading = await evaluate(net, heldBack)
    if (!Number.isFinite(score.loss + reading.loss)) throw new UserError(`the loss is ${score.loss} after epoch ${number}: the steps are too large; try an --lr below ${options.lr}`)
    const epoch = { number, train: pick(score), test: pick(reading) }
    history.push(epoch)
    listener.epoch(epoch)
    if (number === options.epochs) return { history, reading }
  }
}

function pick({ loss, accuracy }: Score): Score {
  return { loss, accuracy }
}
