import { createRequire } from 'node:module'
import type { Digits } from '@ashlar-examples/digits/data'
import { CLASSES, INK, PIXELS, readDigits } from '@ashlar-examples/digits/data'
import type { NDArray } from '@ashlar/core'
import { autograd, np, scope } from '@ashlar/core'
import { ArrayDataset, DataLoader, trainTestSplit } from '@ashlar/data'
import { Xavier } from '@ashlar/init'
import { Dense, Sequential, SoftmaxCrossEntropyLoss } from '@ashlar/nn'
import { Trainer } from '@ashlar/optim'
import type { Racer } from './racers.ts'
import { optimizerOf } from './racers.ts'

const HIDDEN = 32
const BATCH = 64

/** Pixels of shape (n, 64) from 0 to 1, and labels of shape (n,). */
interface Part {
  readonly x: NDArray
  readonly y: NDArray
}

/** The digits to learn from, and a fifth that is held back. */
export interface Track {
  readonly learn: Part
  readonly heldBack: Part
  /** Batches of an epoch. */
  readonly batches: number
}

/** How one racer learned. */
export interface Learned {
  readonly racer: Racer
  /** The mean loss of each epoch's batches. */
  readonly losses: readonly number[]
  /** The share of the digits held back that is read right, after each epoch. */
  readonly accuracies: readonly number[]
}

/** The digits of `examples/digits`, split by the seed. */
export function openTrack(seed: number): Track {
  const digits = readDigits(createRequire(import.meta.url).resolve('@ashlar-examples/digits/digits.csv.gz'))
  const { train, test } = trainTestSplit([...digits.labels], { testSize: 0.2, stratify: true, seed })
  return { learn: partOf(digits, train), heldBack: partOf(digits, test), batches: Math.ceil(train.length / BATCH) }
}

function partOf({ pixels, labels }: Digits, indices: readonly number[]): Part {
  const levels = new Float32Array(indices.length * PIXELS)
  indices.forEach((index, i) => levels.set(pixels[index]!, i * PIXELS))
  return { x: np.array(levels).div(INK).reshape(-1, PIXELS), y: np.array(Float32Array.from(indices, index => labels[index]!)) }
}

const lossOf = new SoftmaxCrossEntropyLoss()

/** Trains a network with the first values and the order of batches that the seed gives, so that racers differ in nothing else. */
export async function learn(racer: Racer, track: Track, epochs: number, seed: number, pause: () => Promise<void>): Promise<Learned> {
  np.random.seed(seed)
  const net = new Sequential(new Dense(HIDDEN, { activation: 'relu', inUnits: PIXELS }), new Dense(CLASSES, { inUnits: HIDDEN }))
  net.initialize(new Xavier())
  const trainer = new Trainer(net.collectParams(), optimizerOf(racer, racer.rate, racer.forDigits))
  const loader = new DataLoader(new ArrayDataset(track.learn.x, track.learn.y), { batchSize: BATCH, shuffle: true, seed })
  const [losses, accuracies]: [number[], number[]] = [[], []]
  for (let epoch = 0; epoch < epochs; epoch++) {
    let total = 0
    for (const [x, y] of loader) {
      scope(() => {
        const loss = autograd.record(() => lossOf(net(x) as NDArray, y))
        loss.backward()
        trainer.step(x.shape[0]!)
        total += loss.sum().item() as number
      })
      await pause()
    }
    losses.push(total / track.learn.x.shape[0]!)
    accuracies.push(scope(() => (net(track.heldBack.x) as NDArray).argmax({ axis: 1 }).eq(track.heldBack.y).astype('float32').mean().item() as number))
  }
  return { racer, losses, accuracies }
}
