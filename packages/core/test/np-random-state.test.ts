import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Context, getState, nd, np, npx, registerBackend, setState } from '@ashlar/core'
import type { RandomSnapshot } from '@ashlar/core'
import { state } from '../src/state.ts'
import { cleanState } from './support/clean-state.ts'
import { flat } from './support/close.ts'
import { simulatedBackend } from './support/simulated.ts'
import { thrownBy } from './support/thrown.ts'

/** Draws of both streams, past a renewal of the main one and over more than one generator of the other. */
const draw = (ctx = new Context('cpu')): number[][] =>
  [np.random.uniform({ size: 700, ctx }), np.random.normal({ size: 3, ctx }), np.random.randint(0, 99, 130, { ctx }), nd.random.normal({ shape: 70, ctx })].map(flat)

const json = (snapshot: RandomSnapshot): RandomSnapshot => JSON.parse(JSON.stringify(snapshot)) as RandomSnapshot

describe('streams and their state', () => {
  cleanState()

  it('a seed starts everything again, randint included', () => {
    np.random.seed(42)
    const first = draw()
    expect(draw()).not.toEqual(first)
    npx.random.seed(42)
    expect(draw()).toEqual(first)
    np.random.seed(43)
    expect(draw()).not.toEqual(first)
  })

  it('getState and setState continue from there, as often as one likes', () => {
    np.random.seed(5)
    draw()
    const saved = getState()
    const first = draw()
    for (let i = 0; i < 2; i++) {
      np.random.seed(i)
      setState(saved)
      expect(draw()).toEqual(first)
    }
  })

  it('a state goes through JSON unchanged', () => {
    np.random.seed(6)
    draw()
    const saved = json(getState())
    expect(saved).toEqual(getState())
    const first = draw()
    np.random.seed(1)
    npx.random.setState(saved)
    expect(draw()).toEqual(first)
  })

  it('a state that has been drawn from never uses generators of another seed', () => {
    np.random.seed(6)
    const saved = getState()
    const first = flat(nd.random.uniform({ shape: 1000 }))
    np.random.seed(7)
    nd.random.uniform({ shape: 1000 })
    setState(saved)
    expect(flat(nd.random.uniform({ shape: 1000 }))).toEqual(first)
  })

  it('devices have states of their own', () => {
    registerBackend(simulatedBackend('sim', 1))
    const gpu = new Context('gpu')
    np.random.seed(8)
    draw(gpu)
    const [host, saved] = [getState(), getState(gpu)]
    const first = draw(gpu)
    expect(getState()).toEqual(host)
    setState(saved, gpu)
    expect(draw(gpu)).toEqual(first)
    setState(saved)
    expect(draw()).toEqual(first)
  })

  it.each<[string, (saved: RandomSnapshot) => unknown]>([
    ['nothing', () => undefined], ['null', () => null], ['text', saved => JSON.stringify(saved)], ['an empty object', () => ({})], ['no parallel stream', ({ main }) => ({ main })], ['no main stream', ({ parallel }) => ({ parallel })],
    ['too few words', saved => ({ ...saved, main: { ...saved.main, words: [1] } })], ['a word that is too large', saved => ({ ...saved, main: { ...saved.main, words: saved.main.words.with(0, 2 ** 32) } })],
    ['a negative word', saved => ({ ...saved, main: { ...saved.main, words: saved.main.words.with(9, -1) } })], ['an index past the end', saved => ({ ...saved, main: { ...saved.main, index: 625 } })],
    ['renewals that are not whole', saved => ({ ...saved, main: { ...saved.main, renewals: 0.5 } })], ['a seed that is not whole', saved => ({ ...saved, parallel: { ...saved.parallel, seed: 0.5 } })],
    ['generators that are no list', saved => ({ ...saved, parallel: { ...saved.parallel, engines: {} } })], ['a generator with no number', saved => ({ ...saved, parallel: { ...saved.parallel, engines: [saved.main] } })],
    ['a generator number that is too large', saved => ({ ...saved, parallel: { ...saved.parallel, engines: [[1024, saved.main]] } })], ['a generator that is none', saved => ({ ...saved, parallel: { ...saved.parallel, engines: [[0, 1]] } })],
  ])('refuses %s, and goes on as before', (_, change) => {
    np.random.seed(11)
    draw()
    const before = getState()
    const error = thrownBy(() => setState(change(before) as never))
    expect(error.message).toMatch(/^\[random\.setState\] expected what getState gave, got/u)
    expect(getState()).toEqual(before)
  })

  it('refuses what is no context', () => {
    expect(thrownBy(() => getState('cpu' as never)).name).toBe('TypeError')
    expect(thrownBy(() => setState(getState(), 'cpu' as never)).name).toBe('TypeError')
  })
})

describe('a device that draws for the first time after a seed', () => {
  cleanState()
  let before: number | null
  beforeEach(() => void (before = state.seed))
  afterEach(() => void (state.seed = before))

  const later = new Context('later')
  const own = (): void => {
    state.random.delete('later(0)')
    registerBackend({ ...simulatedBackend('later', 1), type: 'later' })
  }

  it('starts from that seed', () => {
    own()
    np.random.seed(21)
    const first = draw(later)
    np.random.seed(21, later)
    expect(draw(later)).toEqual(first)
  })

  it('even where another copy of core did the seeding', async () => {
    own()
    np.random.seed(21)
    const path = '../src/np-random/streams.ts?copy'
    const copy = (await import(/* @vite-ignore */ path)) as { seed(value: number): void }
    expect(copy.seed).not.toBe(np.random.seed)
    copy.seed(22)
    const first = draw(later)
    np.random.seed(22, later)
    expect(draw(later)).toEqual(first)
  })

  it('but a seed for one device is no other device\'s', () => {
    own()
    np.random.seed(21)
    np.random.seed(22, new Context('cpu'))
    const first = draw(later)
    np.random.seed(21, later)
    expect(draw(later)).toEqual(first)
  })
})
