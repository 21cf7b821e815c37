import type { Context } from '../context.ts'
import { checkContext, currentContext } from '../context.ts'
import { typeError } from '../errors.ts'
import type { MT19937State } from '../random/index.ts'
import { RandomState } from '../random/index.ts'
import { describe } from '../shape.ts'
import { state } from '../state.ts'

const states: Map<string, RandomState> = state.random as Map<string, RandomState>

/** All host memory shares one stream; every other device has its own (behaviour N-04, N-06). */
export function randomStateOf(context: Context): RandomState {
  const key = context.deviceType === 'cpu' ? 'cpu' : context.toString()
  const known = states.get(key)
  if (known !== undefined) return known
  const fresh = new RandomState(context.deviceType === 'cpu' ? 0 : context.deviceId)
  // A device that draws for the first time after `seed` starts from that seed too.
  if (state.seed !== null) fresh.seed(state.seed)
  states.set(key, fresh)
  return fresh
}

/**
 * Starts the random streams again from a seed: of every device, or of `ctx` alone. A fresh process starts at 0.
 *
 * @throws TypeError unless the seed is a whole number
 */
export function seed(value: number, ctx?: Context): void {
  if (!Number.isSafeInteger(value)) throw typeError(`a seed is a whole number, got ${describe(value)}`, { op: 'random.seed' })
  if (ctx !== undefined) return randomStateOf(checkContext(ctx, 'random.seed')).seed(value)
  state.seed = value
  for (const each of states.values()) each.seed(value)
}

/** One generator: its 624 words, the position of the next output among them, and how often they were renewed. */
export interface GeneratorSnapshot {
  readonly words: readonly number[]
  readonly index: number
  readonly renewals: number
}

/** The generators of one device, as plain numbers and lists that go through JSON unchanged. */
export interface RandomSnapshot {
  /** What `np.random` and the initialisers draw from. */
  readonly main: GeneratorSnapshot
  /** What `randint`, dropout and `nd.random` draw from: its seed, and those of its 1024 generators that were used. */
  readonly parallel: { readonly seed: number; readonly engines: readonly (readonly [number, GeneratorSnapshot])[] }
}

/**
 * The generators' state on a device, to `setState` later. It survives JSON, so that it can lie beside a checkpoint.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const saved = JSON.stringify(np.random.getState())
 * const first = np.random.uniform()
 * np.random.setState(JSON.parse(saved))
 * console.log(np.random.uniform().item() === first.item())
 * // true
 * ```
 */
export function getState(ctx: Context = currentContext()): RandomSnapshot {
  const { main, parallel } = randomStateOf(checkContext(ctx, 'random.getState')).save()
  return { main: toPlain(main), parallel: { seed: parallel.seed, engines: [...parallel.engines].map(([number, engine]) => [number, toPlain(engine)] as const) } }
}

/**
 * Continues from what `getState` gave, on `ctx`.
 *
 * @throws TypeError for anything else; the streams stay as they were then
 */
export function setState(snapshot: RandomSnapshot, ctx: Context = currentContext()): void {
  if (!isSnapshot(snapshot)) throw typeError(`expected what getState gave, got ${describe(snapshot)}`, { op: 'random.setState' })
  const { main, parallel } = snapshot
  const engines = new Map(parallel.engines.map(([number, engine]) => [number, fromPlain(engine)]))
  randomStateOf(checkContext(ctx, 'random.setState')).restore({ main: fromPlain(main), parallel: { seed: parallel.seed, engines } })
}

function toPlain({ words, index, renewals }: MT19937State): GeneratorSnapshot {
  return { words: Array.from(words), index, renewals }
}

function fromPlain({ words, index, renewals }: GeneratorSnapshot): MT19937State {
  return { words: Uint32Array.from(words), index, renewals }
}

const isWithin = (value: unknown, most: number): boolean => Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most

function isGenerator(value: unknown): value is GeneratorSnapshot {
  const { words, index, renewals } = (value ?? {}) as Partial<GeneratorSnapshot>
  return Array.isArray(words) && words.length === 624 && words.every(word => isWithin(word, 2 ** 32 - 1))
    && isWithin(index, 624) && isWithin(renewals, Number.MAX_SAFE_INTEGER)
}

function isSnapshot(value: unknown): value is RandomSnapshot {
  const { main, parallel } = (value ?? {}) as Partial<RandomSnapshot>
  return isGenerator(main) && typeof parallel === 'object' && parallel !== null && Number.isSafeInteger(parallel.seed) && Array.isArray(parallel.engines)
    && parallel.engines.every(entry => Array.isArray(entry) && isWithin(entry[0], 1023) && isGenerator(entry[1]))
}
