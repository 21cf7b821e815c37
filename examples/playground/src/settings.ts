import type { Recipe } from './points/datasets.ts'

export const ACTIVATIONS = ['tanh', 'relu', 'sigmoid', 'softrelu', 'softsign'] as const
export type ActivationName = (typeof ACTIVATIONS)[number]

/** The optimizers on offer, each with the learning rate that suits these small networks, and the code that makes it. */
export const OPTIMIZERS = {
  adam: { title: 'Adam', learningRate: 0.01, name: 'adam', options: {} },
  rmsprop: { title: 'RMSProp', learningRate: 0.003, name: 'rmsprop', options: {} },
  adagrad: { title: 'AdaGrad', learningRate: 0.1, name: 'adagrad', options: {} },
  momentum: { title: 'SGD with momentum', learningRate: 0.1, name: 'sgd', options: { momentum: 0.9 } },
  nesterov: { title: 'Nesterov', learningRate: 0.1, name: 'nag', options: { momentum: 0.9 } },
  sgd: { title: 'SGD', learningRate: 0.3, name: 'sgd', options: {} },
} as const
export type OptimizerName = keyof typeof OPTIMIZERS

export const LEARNING_RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3] as const
export const BATCH_SIZES = [1, 4, 8, 16, 32, 64, 128, 256] as const
/** Steps a second; Infinity for as many as there can be. */
export const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, Infinity] as const

export const LIMITS = {
  count: { low: 20, high: 600 },
  noise: { low: 0, high: 0.6 },
  seed: { low: 0, high: 9999 },
  layers: { low: 0, high: 6 },
  units: { low: 1, high: 64 },
} as const

export type BackendName = 'cpu' | 'gpu'

/** How the network is built. */
export interface NetworkSettings {
  /** Units of the hidden layers. */
  readonly hidden: readonly number[]
  readonly activation: ActivationName
  readonly seed: number
}

/** How it is trained; may change while it is. */
export interface TuneSettings {
  readonly optimizer: OptimizerName
  readonly learningRate: number
  readonly batchSize: number
  readonly stepsPerSecond: number
}

export interface Settings extends Recipe, NetworkSettings, TuneSettings {
  readonly backend: BackendName
}

export const DEFAULTS: Settings = {
  kind: 'spirals', count: 240, noise: 0.08, seed: 1,
  hidden: [16, 16], activation: 'tanh',
  optimizer: 'adam', learningRate: 0.01, batchSize: 32, stepsPerSecond: 200,
  backend: 'cpu',
}

/** What a change of settings asks for. */
export interface Change {
  /** Other points. */
  readonly points: boolean
  /** Another training. */
  readonly restart: boolean
  /** Other steps of the same training. */
  readonly tune: boolean
  /** Another device. */
  readonly backend: boolean
}

export function changeOf(before: Settings, after: Settings): Change {
  const differ = (...names: readonly (keyof Settings)[]): boolean => names.some(name => before[name] !== after[name])
  const points = differ('kind', 'count', 'noise', 'seed')
  return {
    points,
    restart: points || differ('activation') || before.hidden.join() !== after.hidden.join(),
    tune: differ('optimizer', 'learningRate', 'batchSize', 'stepsPerSecond'),
    backend: differ('backend'),
  }
}

/** A whole number within limits; `fallback` for what is none. */
export function clampWhole(value: number, { low, high }: { readonly low: number; readonly high: number }, fallback: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, Math.round(value))) : fallback
}

/** How many parameters a network from 2 coordinates to 2 classes has. */
export function countParameters(hidden: readonly number[]): number {
  const widths = [2, ...hidden, 2]
  return widths.slice(1).reduce((total, units, i) => total + units * (widths[i]! + 1), 0)
}
