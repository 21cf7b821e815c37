import type { Label, Point } from '../points/datasets.ts'
import { makePoints, ownPoint } from '../points/datasets.ts'
import type { Settings } from '../settings.ts'
import { DEFAULTS, LIMITS, OPTIMIZERS, changeOf, clampWhole } from '../settings.ts'
import type { DeviceNews, Frame, Problem } from '../worker/protocol.ts'
import type { Moment } from './history.ts'
import { remember } from './history.ts'

/** All that the page of points shows. */
export interface State {
  readonly settings: Settings
  /** Points set by hand, in their order. */
  readonly own: readonly Point[]
  /** Those of the settings, and then those set by hand. */
  readonly points: readonly Point[]
  /** What a click sets. */
  readonly brush: Label
  /** The number of the training. */
  readonly run: number
  readonly running: boolean
  /** The last frame of this training; null before the first. */
  readonly frame: Frame | null
  readonly history: readonly Moment[]
  readonly device: DeviceNews | null
  readonly problem: Problem | null
}

export type Action =
  | { readonly type: 'set'; readonly settings: Partial<Settings> }
  | { readonly type: 'add-layer' }
  | { readonly type: 'remove-layer'; readonly index: number }
  | { readonly type: 'resize-layer'; readonly index: number; readonly units: number }
  | { readonly type: 'brush'; readonly label: Label }
  | { readonly type: 'point'; readonly x: number; readonly y: number; readonly label: Label }
  | { readonly type: 'undo' }
  | { readonly type: 'clear' }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'reset' }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'device'; readonly device: DeviceNews }
  | { readonly type: 'problem'; readonly problem: Problem | null }

export function initialState(settings: Settings = DEFAULTS): State {
  return { settings, own: [], points: makePoints(settings), brush: 0, run: 1, running: false, frame: null, history: [], device: null, problem: null }
}

/** The state after an action. */
export function reduce(state: State, action: Action): State {
  const { settings } = state
  switch (action.type) {
    case 'set': return changed(state, withRate(settings, action.settings))
    case 'add-layer': {
      if (settings.hidden.length >= LIMITS.layers.high) return state
      return changed(state, { ...settings, hidden: [...settings.hidden, settings.hidden.at(-1) ?? 8] })
    }
    case 'remove-layer': return changed(state, { ...settings, hidden: settings.hidden.filter((_, i) => i !== action.index) })
    case 'resize-layer': {
      const before = settings.hidden[action.index]
      if (before === undefined) return state
      return changed(state, { ...settings, hidden: settings.hidden.with(action.index, clampWhole(action.units, LIMITS.units, before)) })
    }
    case 'brush': return { ...state, brush: action.label }
    case 'point': return withOwn(state, [...state.own, ownPoint(state.own, action.x, action.y, action.label)])
    case 'undo': return withOwn(state, state.own.slice(0, -1))
    case 'clear': return withOwn(state, [])
    case 'play': return canLearn(state) ? { ...state, running: true } : state
    case 'pause':
    case 'step': return { ...state, running: false }
    case 'reset': return restarted(state)
    case 'frame': return withFrame(state, action.frame)
    // Where a device could not be had, the settings say what computes instead.
    case 'device': return { ...state, device: action.device, settings: { ...settings, backend: action.device.name } }
    case 'problem': return { ...state, problem: action.problem, running: state.running && action.problem?.ends !== true }
  }
}

/** Whether there is a point to learn from. */
export function canLearn({ points }: State): boolean {
  return points.some(point => !point.heldBack)
}

/** Settings with some of them changed; another optimizer brings the learning rate that suits it. */
function withRate(before: Settings, some: Partial<Settings>): Settings {
  const { optimizer = before.optimizer, learningRate } = some
  const suits = optimizer !== before.optimizer && learningRate === undefined ? { learningRate: OPTIMIZERS[optimizer].learningRate } : {}
  return { ...before, ...some, ...suits }
}

function changed(state: State, settings: Settings): State {
  const change = changeOf(state.settings, settings)
  const next = { ...state, settings, points: change.points ? [...makePoints(settings), ...state.own] : state.points }
  return change.restart ? restarted(next) : next
}

/** Another training, not running yet. */
function restarted(state: State): State {
  return { ...state, run: state.run + 1, running: false, frame: null, history: [] }
}

function withOwn(state: State, own: readonly Point[]): State {
  if (own.length === state.own.length) return state
  const points = [...state.points.slice(0, state.points.length - state.own.length), ...own]
  const next = { ...state, own, points }
  return { ...next, running: state.running && canLearn(next) }
}

function withFrame(state: State, frame: Frame): State {
  // What an earlier training still had to say is of no interest.
  if (frame.run !== state.run) return state
  const { steps, train, heldBack } = frame
  const counts = train !== null && Number.isFinite(train.loss)
  const history = counts ? remember(state.history, { steps, train: train.loss, heldBack: heldBack?.loss ?? null }) : state.history
  return { ...state, frame, history }
}
