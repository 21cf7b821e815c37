import { setImmediate } from 'node:timers/promises'
import { UserError } from '@ashlar-examples/shared/errors'
import type { device } from 'ashlar'
import { autograd, nn, np, optim, scope } from 'ashlar'
import type { Pictures } from './pictures.ts'

export interface TrainOptions {
  readonly steps: number
  readonly lr: number
  /** The extents of one picture. */
  readonly picture: readonly number[]
  /** Ends the training between two steps. */
  readonly signal: AbortSignal
}

/**
 * Trains a network with Adam. A step lasts from the batch in the host's memory to its loss in the host's memory, so that a
 * device that answers late is waited for.
 *
 * @param step is told the number of each step, from 1, and its mean loss
 * @returns how long each step took, in milliseconds
 * @throws the signal's reason where it was aborted; UserError where the loss is no number any more
 */
export async function train(net: nn.Block, batches: Iterator<Pictures>, ctx: device.Context, options: TrainOptions, step: (number: number, loss: number) => void): Promise<number[]> {
  const lossOf = new nn.SoftmaxCrossEntropyLoss()
  const trainer = new optim.Trainer(net.collectParams(), 'adam', { learningRate: options.lr })
  const times: number[] = []
  for (let number = 1; number <= options.steps; number++) {
    const { pixels, labels } = batches.next().value as Pictures
    const start = performance.now()
    const mean = scope(() => {
      const x = np.array(pixels, { ctx }).reshape([labels.length, ...options.picture])
      const y = np.array(labels, { ctx })
      const losses = autograd.record(() => lossOf(net(x), y))
      losses.backward()
      trainer.step(labels.length)
      return losses.mean()
    })
    const [loss] = await mean.toTypedArrayAsync() as Float32Array
    times.push(performance.now() - start)
    mean.dispose()
    if (!Number.isFinite(loss)) throw new UserError(`the loss is ${loss} after step ${number}: the steps are too large; try an --lr below ${options.lr}`)
    step(number, loss!)
    // Signals and the progress bar get their turn here.
    await setImmediate()
    options.signal.throwIfAborted()
  }
  return times
}
