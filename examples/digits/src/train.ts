import { setImmediate } from 'node:timers/promises'
import { UserError } from '@ashlar-examples/shared/errors'
import { autograd, data, nn, optim, scope } from 'ashlar'
import type { Batch, Reading, Score } from './evaluate.ts'
import { evaluate, score } from './evaluate.ts'

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
      // What a step makes ends with it, so that memory stays flat on devices that the garbage collector does not know.
      scope(() => {
        autograd.record(() => lossOf(net(x), y)).backward()
        trainer.step(x.length)
      })
      for (const array of [x, y]) array.dispose()
      listener.batch()
      // Signals and the progress bar get their turn here.
      await setImmediate()
      options.signal.throwIfAborted()
    }
    const epoch = { number, train: await score(net, learn), test: await score(net, heldBack) }
    if (!Number.isFinite(epoch.train.loss + epoch.test.loss)) throw new UserError(`the loss is ${epoch.train.loss} after epoch ${number}: the steps are too large; try an --lr below ${options.lr}`)
    history.push(epoch)
    listener.epoch(epoch)
    if (number === options.epochs) return { history, reading: await evaluate(net, heldBack) }
  }
}
