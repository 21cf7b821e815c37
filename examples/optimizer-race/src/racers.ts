import type { Optimizer } from '@ashlar/optim'
import { create } from '@ashlar/optim'

/** Options of an optimizer. */
type Settings = Readonly<Record<string, number | boolean>>

/** An optimizer as it starts. */
export interface Racer {
  readonly name: string
  /** What `optim.create` knows it by. */
  readonly optimizer: string
  /** Its options, the learning rate apart. */
  readonly options: Settings
  /** Its learning rate for the digits; null where it has no use for one. */
  readonly rate: number | null
  /** More options for the digits. */
  readonly forDigits: Settings
}

const racer = (name: string, rate: number | null, options: Settings = {}, optimizer: string = name, forDigits: Settings = {}): Racer => ({ name, optimizer, options, rate, forDigits })

/** The optimizer of a racer, fresh. */
export function optimizerOf({ optimizer, options }: Racer, rate: number | null, more: Settings = {}): Optimizer {
  return create(optimizer, { ...options, ...more, learningRate: rate })
}

/** Everyone who takes part, with rates for the digits that were found by trying. */
export const RACERS: readonly Racer[] = [
  racer('sgd', 0.3),
  racer('momentum', 0.1, { momentum: 0.9 }, 'sgd'),
  racer('nag', 0.1, { momentum: 0.9 }),
  racer('adagrad', 0.1),
  racer('adadelta', null),
  racer('rmsprop', 0.01),
  racer('centered', 0.003, { centered: true }, 'rmsprop'),
  racer('adam', 0.03),
  racer('adamW', 0.03, { wd: 0.01 }),
  racer('adamax', 0.03),
  racer('nadam', 0.03),
  racer('ftml', 0.03),
  racer('ftrl', 1, { lamda1: 0.0001 }),
  racer('signum', 0.01),
  racer('lamb', 0.03),
  racer('lars', 0.1, { momentum: 0.9, eta: 0.1 }),
  racer('dcasgd', 0.1, { momentum: 0.9 }),
  // It samples what fits all digits, so that a batch's mean has to speak for all of them.
  racer('sgld', 0.0003, {}, 'sgld', { rescaleGrad: 1437 }),
]

/** The learning rates that everyone tries in the valley. */
export const RATES: readonly number[] = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]
