import { autograd, data, nn, np, npx, optim, scope } from 'ashlar'
import type { NDArray, device } from 'ashlar'
import type { Point } from '../points/datasets.ts'
import { REACH } from '../points/datasets.ts'
import type { NetworkSettings, TuneSettings } from '../settings.ts'
import { OPTIMIZERS } from '../settings.ts'
import { freshNetwork } from './network.ts'

/** How well points are told apart: mean cross entropy, and the share that is right. */
export interface Score {
  readonly loss: number
  readonly accuracy: number
}

/** Points as arrays on a device: coordinates (n, 2), classes (n,). */
interface Batch {
  readonly x: NDArray
  readonly y: NDArray
}

type SessionSettings = NetworkSettings & TuneSettings

const lossOf = new nn.SoftmaxCrossEntropyLoss()

/** One training: a network, its trainer and its points, on one device at a time. */
export class Session {
  readonly net: nn.Sequential
  /** Steps since the beginning. */
  steps = 0
  #settings: SessionSettings
  #ctx: device.Context
  #points: readonly Point[]
  #trainer: optim.Trainer
  #learn: Batch | null = null
  #heldBack: Batch | null = null
  #batches: Iterator<readonly NDArray[]> | null = null
  #grid: { readonly side: number; readonly x: NDArray } | null = null

  constructor(settings: SessionSettings, points: readonly Point[], ctx: device.Context) {
    this.#settings = settings
    this.#points = points
    this.#ctx = ctx
    this.net = freshNetwork(settings, ctx)
    // The sizes of the inputs are found at the first call.
    scope(() => this.net(np.zeros([1, 2], { ctx })))
    this.#trainer = this.#makeTrainer()
    this.#place()
  }

  get ctx(): device.Context {
    return this.#ctx
  }

  /** Whether there is anything to learn from. */
  get canLearn(): boolean {
    return this.#learn !== null
  }

  /** Moves to another device and goes on there: the weights go along, and what the optimizer keeps follows them at its next step. */
  moveTo(ctx: device.Context): void {
    this.net.collectParams().resetCtx(ctx)
    this.#ctx = ctx
    this.#place()
  }

  /** Goes on with other points. */
  setPoints(points: readonly Point[]): void {
    this.#points = points
    this.#place()
  }

  /** Goes on in another way; an optimizer that is not the same begins anew. */
  tune(settings: TuneSettings): void {
    const before = this.#settings
    this.#settings = { ...before, ...settings }
    if (settings.optimizer !== before.optimizer) this.#trainer = this.#makeTrainer()
    else if (settings.learningRate !== before.learningRate) this.#trainer.setLearningRate(settings.learningRate)
    if (settings.batchSize !== before.batchSize) this.#batches = null
  }

  /** One step on the next batch. */
  step(): void {
    if (this.#learn === null) return
    const [x, y] = this.#nextBatch(this.#learn)
    // What a step makes ends with it, so that memory stays flat on devices that the garbage collector does not know.
    scope(() => {
      autograd.record(() => lossOf(this.net(x), y)).backward()
      this.#trainer.step(x.length)
    })
    x.dispose()
    y.dispose()
    this.steps++
  }

  /** The scores on what is learned from and on what is held back; null where there are no such points. Awaited, as not every device can be read at once. */
  async scores(): Promise<{ readonly train: Score | null; readonly heldBack: Score | null }> {
    const [train, heldBack] = await Promise.all([this.#score(this.#learn), this.#score(this.#heldBack)])
    return { train, heldBack }
  }

  /** How probable the second class is on a grid of `side` by `side` places from edge to edge, the top row first. */
  async surface(side: number): Promise<Float32Array> {
    const x = this.#gridOf(side)
    const chances = scope(() => npx.softmax(this.net(x)))
    const values = await chances.toTypedArrayAsync()
    chances.dispose()
    return Float32Array.from({ length: side * side }, (_, i) => Number(values[2 * i + 1]))
  }

  /** Frees what lies on the device. */
  dispose(): void {
    for (const batch of [this.#learn, this.#heldBack]) {
      batch?.x.dispose()
      batch?.y.dispose()
    }
    this.#grid?.x.dispose()
    this.#learn = this.#heldBack = this.#grid = this.#batches = null
  }

  async #score(batch: Batch | null): Promise<Score | null> {
    if (batch === null) return null
    const both = scope(() => {
      const scores = this.net(batch.x)
      return np.stack([lossOf(scores, batch.y).mean(), scores.argmax({ axis: 1 }).eq(batch.y).astype('float32').mean()])
    })
    const [loss, accuracy] = await both.toTypedArrayAsync()
    both.dispose()
    return { loss: Number(loss), accuracy: Number(accuracy) }
  }

  #makeTrainer(): optim.Trainer {
    const { name, options } = OPTIMIZERS[this.#settings.optimizer]
    return new optim.Trainer(this.net.collectParams(), name, { ...options, learningRate: this.#settings.learningRate })
  }

  /** Brings points and grid to the device. */
  #place(): void {
    this.dispose()
    this.#learn = this.#batchOf(this.#points.filter(point => !point.heldBack))
    this.#heldBack = this.#batchOf(this.#points.filter(point => point.heldBack))
  }

  #batchOf(points: readonly Point[]): Batch | null {
    if (points.length === 0) return null
    return {
      x: np.array(points.map(({ x, y }) => [x, y]), { ctx: this.#ctx }),
      y: np.array(points.map(({ label }) => label), { ctx: this.#ctx }),
    }
  }

  #nextBatch({ x, y }: Batch): readonly [NDArray, NDArray] {
    for (;;) {
      const next = this.#batches?.next()
      if (next !== undefined && next.done !== true) return [next.value[0]!, next.value[1]!]
      const { batchSize, seed } = this.#settings
      const loader = new data.DataLoader(new data.ArrayDataset(x, y), { batchSize, shuffle: true, seed: seed + this.steps })
      this.#batches = loader[Symbol.iterator]()
    }
  }

  #gridOf(side: number): NDArray {
    if (this.#grid?.side === side) return this.#grid.x
    this.#grid?.x.dispose()
    const places = Float32Array.from({ length: 2 * side * side }, (_, i) => {
      const [row, column] = [Math.floor(i / 2 / side), Math.floor(i / 2) % side]
      return i % 2 === 0 ? REACH * (2 * column / (side - 1) - 1) : REACH * (1 - 2 * row / (side - 1))
    })
    const x = np.array(places, { ctx: this.#ctx }).reshape(-1, 2)
    this.#grid = { side, x }
    return x
  }
}
