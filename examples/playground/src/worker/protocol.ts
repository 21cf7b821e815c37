import type { Score } from '../model/session.ts'
import type { Point } from '../points/datasets.ts'
import type { BackendName, Settings, TuneSettings } from '../settings.ts'

/** What the page tells its worker. */
export type ToWorker =
  /** Another training; frames and problems carry its number, so that late ones can be told. */
  | { readonly type: 'restart'; readonly run: number; readonly settings: Settings; readonly points: readonly Point[] }
  | { readonly type: 'points'; readonly points: readonly Point[] }
  | { readonly type: 'tune'; readonly settings: TuneSettings }
  | { readonly type: 'backend'; readonly name: BackendName }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  /** The last frame was taken; at most one is under way. */
  | { readonly type: 'taken' }
  /** How many milliseconds lie between two frames at least. */
  | { readonly type: 'interval'; readonly interval: number }
  | { readonly type: 'load'; readonly url: string }
  | { readonly type: 'read'; readonly id: number; readonly pixels: Float32Array }

/** The training as it is now. */
export interface Frame {
  readonly run: number
  readonly steps: number
  readonly train: Score | null
  readonly heldBack: Score | null
  /** The probability of the second class on a grid of SIDE by SIDE places, the top row first. */
  readonly surface: Float32Array
  /** Measured since the last frame; null while it does not run. */
  readonly stepsPerSecond: number | null
  /** What computed it. */
  readonly backend: BackendName
}

/** The device that computes from now on. */
export interface DeviceNews {
  readonly name: BackendName
  /** Such as `gpu(0)`. */
  readonly ctx: string
  readonly about: string
  readonly note: string
}

/** Something that went wrong, as a sentence, and what to do about it. */
export interface Problem {
  readonly text: string
  readonly mend: string
  /** Whether the training does not run any more. */
  readonly ends: boolean
}

/** What the worker tells the page. */
export type ToPage =
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'device'; readonly device: DeviceNews }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** The network that reads digits is there, or why it is not. */
  | { readonly type: 'reader'; readonly problem: Problem | null }
  | { readonly type: 'digit'; readonly id: number; readonly chances: readonly number[] }

/** How many places the surface has along each axis. */
export const SIDE = 64
