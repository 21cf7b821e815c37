import { gpujs } from '@ashlar/backend-gpujs'
import { cpuBackend, device, registerBackend, unregisterBackend } from 'ashlar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenDevice } from '../src/model/devices.ts'
import { makePoints } from '../src/points/datasets.ts'
import type { Settings } from '../src/settings.ts'
import { DEFAULTS } from '../src/settings.ts'
import type { Frame, ToPage, ToWorker } from '../src/worker/protocol.ts'
import { SIDE } from '../src/worker/protocol.ts'
import { Work } from '../src/worker/work.ts'

const gpus = device.simulatedGpus(1, { backend: cpuBackend() })

beforeAll(() => registerBackend(gpus))
afterAll(() => void unregisterBackend(gpus.name))

const openAny: OpenDevice = async name => ({ ctx: new device.Context(name, 0), about: name, note: '' })

/** A worker whose clock goes a millisecond a look, and whose page takes each frame at once. */
class Harness {
  readonly said: ToPage[] = []
  readonly work: Work
  #now = 0
  #waiting: { readonly type: ToPage['type']; readonly holds: (message: ToPage) => boolean; readonly done: (message: ToPage) => void; readonly failed: (error: Error) => void }[] = []
  #takes = true
  #turns: (() => void)[] = []

  constructor({ open = openAny, fetch = () => Promise.reject(new Error('offline')), takes = true }: { open?: OpenDevice; fetch?: (url: string) => Promise<Response>; takes?: boolean } = {}) {
    this.#takes = takes
    this.work = new Work({
      open,
      fetch,
      now: () => this.#now++,
      later: (callback, milliseconds) => {
        this.#now += milliseconds
        this.#turns.push(callback)
        setImmediate(() => this.#turns.shift()?.())
      },
      post: message => {
        this.said.push(message)
        if (message.type === 'frame' && this.#takes) void this.work.receive({ type: 'taken' })
        const waiting = this.#waiting
        const ended = message.type === 'problem' && message.problem.ends
        this.#waiting = waiting.filter(({ type, holds }) => !(ended && type !== 'problem') && !holds(message))
        for (const { type, holds, done, failed } of waiting) {
          if (holds(message)) done(message)
          // What was waited for will not come any more.
          else if (ended && type !== 'problem') failed(new Error(message.problem.text))
        }
      },
    })
  }

  send(message: ToWorker): Promise<void> {
    return this.work.receive(message)
  }

  start(some: Partial<Settings> = {}, run = 1): Promise<void> {
    const settings = { ...DEFAULTS, ...some }
    return this.send({ type: 'restart', run, settings, points: makePoints(settings) })
  }

  /** The next frame of which that is true. */
  frame(holds: (frame: Frame) => boolean = () => true): Promise<Frame> {
    return this.next('frame', message => holds(message.frame)).then(message => message.frame)
  }

  next<T extends ToPage['type']>(type: T, holds: (message: Extract<ToPage, { type: T }>) => boolean = () => true): Promise<Extract<ToPage, { type: T }>> {
    return new Promise((resolve, failed) => {
      this.#waiting.push({
        type,
        failed,
        holds: message => message.type === type && holds(message as Extract<ToPage, { type: T }>),
        done: message => resolve(message as Extract<ToPage, { type: T }>),
      })
    })
  }

  get problems(): string[] {
    return this.said.flatMap(message => (message.type === 'problem' ? [`${message.problem.text} ${message.problem.mend}`] : []))
  }
}

test('a new training shows itself at step 0, and a step is one step', async () => {
  const page = new Harness()
  let frame = page.frame()
  await page.start()
  expect(await frame).toMatchObject({ run: 1, steps: 0, stepsPerSecond: null, backend: 'cpu' })
  expect((await frame).surface).toHaveLength(SIDE ** 2)
  frame = page.frame(({ steps }) => steps > 0)
  await page.send({ type: 'step' })
  expect((await frame).steps).toBe(1)
})

test('it plays until it is paused, and then does no more', async () => {
  const page = new Harness()
  await page.start({ stepsPerSecond: Infinity })
  const later = page.frame(({ steps }) => steps > 100)
  await page.send({ type: 'play' })
  expect((await later).stepsPerSecond).toBeGreaterThan(0)
  const paused = page.frame(({ stepsPerSecond }) => stepsPerSecond === null)
  await page.send({ type: 'pause' })
  const { steps } = await paused
  const stepped = page.frame(frame => frame.steps !== steps)
  await page.send({ type: 'step' })
  expect((await stepped).steps).toBe(steps + 1)
  expect(page.problems).toEqual([])
})

test('a page that takes no frames gets no more of them, and training goes on', async () => {
  const page = new Harness({ takes: false })
  const first = page.frame()
  await page.start({ stepsPerSecond: Infinity })
  await first
  await page.send({ type: 'play' })
  for (let i = 0; i < 20; i++) await page.send({ type: 'interval', interval: 1 })
  expect(page.said.filter(message => message.type === 'frame')).toHaveLength(1)
  const frame = page.frame()
  await page.send({ type: 'taken' })
  expect((await frame).steps).toBeGreaterThan(1)
  await page.send({ type: 'pause' })
})

test('moved while it plays, it goes on with the same weights', async () => {
  const page = new Harness()
  await page.start({ stepsPerSecond: Infinity })
  const learned = page.frame(({ steps }) => steps > 200)
  await page.send({ type: 'play' })
  const { train } = await learned
  await page.send({ type: 'pause' })
  const moved = page.frame(({ backend }) => backend === 'gpu')
  await page.send({ type: 'backend', name: 'gpu' })
  const there = await moved
  expect(there.steps).toBeGreaterThan(200)
  expect(there.train!.loss).toBeLessThan(train!.loss * 1.5)
  expect(page.said.findLast(message => message.type === 'device')).toMatchObject({ device: { name: 'gpu', ctx: 'gpu(0)' } })
})

test('a device that cannot be had is said with the mend, and the training stays where it was', async () => {
  const open: OpenDevice = async (name, anew) => {
    if (name === 'cpu') return openAny(name, anew)
    return gpujs({ mode: 'webgl2', load: () => Promise.resolve({ GPU: { isWebGL2Supported: false } }) }).then(() => openAny(name, anew))
  }
  const page = new Harness({ open })
  await page.start()
  const news = page.next('device')
  await page.send({ type: 'backend', name: 'gpu' })
  expect((await news).device.name).toBe('cpu')
  expect(page.problems).toHaveLength(1)
  expect(page.problems[0]).toMatch(/^WebGL cannot be used here: gpu\.js has no webgl2 mode here.*\. Training stays on the CPU\. To use the GPU, .*in a browser, allow WebGL/)
  const frame = page.frame(({ steps }) => steps === 1)
  await page.send({ type: 'step' })
  expect((await frame).backend).toBe('cpu')
})

test('a device that fails is opened anew for the next training', async () => {
  const asked: [string, boolean][] = []
  let broken = false
  const open: OpenDevice = (name, anew) => {
    asked.push([name, anew])
    broken = !anew
    return openAny(name, anew)
  }
  const page = new Harness({ open })
  await page.start({ backend: 'gpu' })
  const problem = page.next('problem')
  const lost: Partial<Settings> = { ...DEFAULTS, learningRate: Number.NaN }
  await page.send({ type: 'tune', settings: lost as Settings })
  expect((await problem).problem.ends).toBe(true)
  expect(broken).toBe(true)
  const frame = page.frame(({ run }) => run === 2)
  await page.start({ backend: 'gpu' }, 2)
  expect((await frame).steps).toBe(0)
  expect(asked).toEqual([['gpu', false], ['gpu', true]])
})

test('steps that are too large are said, and end the training', async () => {
  const page = new Harness()
  await page.start({ optimizer: 'sgd', learningRate: 3e38, stepsPerSecond: Infinity, activation: 'relu' })
  const problem = page.next('problem')
  await page.send({ type: 'play' })
  expect((await problem).problem).toMatchObject({ text: 'The loss is no number any more: the steps are too large.', ends: true })
})

test('points that come and go', async () => {
  const page = new Harness()
  await page.start({ kind: 'own' })
  await page.send({ type: 'play' })
  const frame = page.frame(({ train }) => train !== null)
  await page.send({ type: 'points', points: [{ x: 0, y: 0, label: 0, heldBack: false }] })
  // It did not run without points, so it does not run now.
  expect(await frame).toMatchObject({ steps: 0, heldBack: null })
})

test('a file of parameters that is missing or damaged is said with the mend', async () => {
  const answers = [new Response('', { status: 404 }), new Response('<!doctype html>')]
  const page = new Harness({ fetch: () => Promise.resolve(answers.shift()!) })
  for (const reason of [/the server answers 404.*npm run playground/s, /Invalid NDArray file format.*npm run playground/s]) {
    const news = page.next('reader')
    await page.send({ type: 'load', url: 'digits.params' })
    const { problem } = await news
    expect(`${problem!.text} ${problem!.mend}`).toMatch(reason)
  }
  // What cannot be read yet is not answered.
  await page.send({ type: 'read', id: 1, pixels: new Float32Array(64) })
  expect(page.said.some(message => message.type === 'digit')).toBe(false)
})
