import { expect, test } from 'vitest'
import type { Action, State } from '../src/page/state.ts'
import { canLearn, initialState, reduce } from '../src/page/state.ts'
import { DEFAULTS, LIMITS, OPTIMIZERS, changeOf, clampWhole, countParameters } from '../src/settings.ts'
import type { Frame } from '../src/worker/protocol.ts'

const after = (...actions: Action[]): State => actions.reduce(reduce, initialState())
const frame = (run: number, steps: number, loss = 0.5): Frame => ({
  run, steps, train: { loss, accuracy: 0.5 }, heldBack: { loss: 2 * loss, accuracy: 0.5 }, surface: new Float32Array(4), stepsPerSecond: null, backend: 'cpu',
})

test.each([
  [{ kind: 'moons' }, { points: true, restart: true, tune: false, backend: false }],
  [{ seed: 2 }, { points: true, restart: true, tune: false, backend: false }],
  [{ hidden: [16, 16] }, { points: false, restart: false, tune: false, backend: false }],
  [{ hidden: [16] }, { points: false, restart: true, tune: false, backend: false }],
  [{ activation: 'relu' }, { points: false, restart: true, tune: false, backend: false }],
  [{ learningRate: 1 }, { points: false, restart: false, tune: true, backend: false }],
  [{ backend: 'gpu' }, { points: false, restart: false, tune: false, backend: true }],
] as const)('what %j asks for', (some, change) => {
  expect(changeOf(DEFAULTS, { ...DEFAULTS, ...some })).toEqual(change)
})

test('what makes another training begins at step 0, paused; what tunes it or moves it does not', () => {
  const trained = after({ type: 'play' }, { type: 'frame', frame: frame(1, 100) })
  for (const action of [{ type: 'set', settings: { kind: 'circles' } }, { type: 'add-layer' }, { type: 'reset' }] as const) {
    expect(reduce(trained, action)).toMatchObject({ run: 2, running: false, frame: null, history: [] })
  }
  for (const settings of [{ learningRate: 0.1 }, { optimizer: 'sgd' }, { backend: 'gpu' }, { stepsPerSecond: 1 }] as const) {
    expect(reduce(trained, { type: 'set', settings })).toMatchObject({ run: 1, running: true, frame: trained.frame })
  }
})

test('layers are added like the last one, resized within limits, and removed', () => {
  const hidden = (...actions: Action[]): readonly number[] => after(...actions).settings.hidden
  expect(hidden({ type: 'add-layer' })).toEqual([16, 16, 16])
  expect(hidden({ type: 'remove-layer', index: 0 }, { type: 'remove-layer', index: 0 }, { type: 'add-layer' })).toEqual([8])
  expect(hidden({ type: 'resize-layer', index: 1, units: 4 })).toEqual([16, 4])
  expect(hidden({ type: 'resize-layer', index: 0, units: 1e9 })).toEqual([LIMITS.units.high, 16])
  expect(hidden({ type: 'resize-layer', index: 0, units: Number.NaN })).toEqual([16, 16])
  expect(hidden({ type: 'resize-layer', index: 7, units: 3 })).toEqual([16, 16])
  expect(hidden(...Array.from({ length: 20 }, () => ({ type: 'add-layer' as const })))).toHaveLength(LIMITS.layers.high)
})

test('another optimizer brings its learning rate, unless one comes with it', () => {
  expect(after({ type: 'set', settings: { optimizer: 'sgd' } }).settings.learningRate).toBe(OPTIMIZERS.sgd.learningRate)
  expect(after({ type: 'set', settings: { optimizer: 'sgd', learningRate: 3 } }).settings.learningRate).toBe(3)
  expect(after({ type: 'set', settings: { learningRate: 1 } }, { type: 'set', settings: { optimizer: 'adam' } }).settings.learningRate).toBe(1)
})

test('points set by hand come after the others and outlive them; training goes on', () => {
  const point = { type: 'point', x: 1, y: 2, label: 1 } as const
  const state = after({ type: 'play' }, point, point)
  expect(state.points).toHaveLength(DEFAULTS.count + 2)
  expect(state).toMatchObject({ run: 1, running: true })
  expect(reduce(state, { type: 'undo' }).points).toHaveLength(DEFAULTS.count + 1)
  expect(reduce(state, { type: 'set', settings: { kind: 'own' } }).points).toEqual(state.own)
  const none = reduce(reduce(state, { type: 'set', settings: { kind: 'own' } }), { type: 'clear' })
  expect([none.points, canLearn(none)]).toEqual([[], false])
  expect(reduce(none, { type: 'play' }).running).toBe(false)
  expect(reduce(none, { type: 'undo' })).toBe(none)
})

test('the last point taken back ends the training', () => {
  const state = after({ type: 'set', settings: { kind: 'own' } }, { type: 'point', x: 0, y: 0, label: 0 }, { type: 'play' })
  expect(state.running).toBe(true)
  expect(reduce(state, { type: 'undo' }).running).toBe(false)
})

test('frames of an earlier training are passed over, losses that are none are not drawn', () => {
  const state = after({ type: 'reset' }, { type: 'frame', frame: frame(1, 50) })
  expect(state.frame).toBeNull()
  const seen = reduce(reduce(state, { type: 'frame', frame: frame(2, 50) }), { type: 'frame', frame: frame(2, 60, Number.NaN) })
  expect(seen.frame?.steps).toBe(60)
  expect(seen.history).toEqual([{ steps: 50, train: 0.5, heldBack: 1 }])
})

test('a problem that ends the training pauses it; one that does not, does not', () => {
  const state = after({ type: 'play' })
  const problem = { text: 'What happened.', mend: 'What to do.' }
  expect(reduce(state, { type: 'problem', problem: { ...problem, ends: true } }).running).toBe(false)
  expect(reduce(state, { type: 'problem', problem: { ...problem, ends: false } }).running).toBe(true)
  expect(reduce(state, { type: 'problem', problem: null }).problem).toBeNull()
})

test('where a device cannot be had, the settings say what computes instead', () => {
  const state = after({ type: 'set', settings: { backend: 'gpu' } }, { type: 'device', device: { name: 'cpu', ctx: 'cpu(0)', about: '', note: '' } })
  expect(state.settings.backend).toBe('cpu')
})

test('numbers', () => {
  expect(countParameters([])).toBe(2 * 3)
  expect(countParameters([16, 16])).toBe(3 * 16 + 17 * 16 + 17 * 2)
  expect([clampWhole(3.6, LIMITS.seed, 0), clampWhole(-1, LIMITS.seed, 5), clampWhole(Number.NaN, LIMITS.seed, 5)]).toEqual([4, 0, 5])
})
