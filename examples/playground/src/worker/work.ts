import { explain } from '../model/devices.ts'
import type { OpenDevice, Opened } from '../model/devices.ts'
import { Pace } from '../model/pace.ts'
import type { ReadDigit } from '../model/reader.ts'
import { readerOf } from '../model/reader.ts'
import { Session } from '../model/session.ts'
import type { BackendName, TuneSettings } from '../settings.ts'
import type { Problem, ToPage, ToWorker } from './protocol.ts'
import { SIDE } from './protocol.ts'

/** What the worker needs of its surroundings; tests bring their own. */
export interface Surroundings {
  readonly open: OpenDevice
  readonly post: (message: ToPage, transfer?: readonly Transferable[]) => void
  readonly now: () => number
  /** Calls back when all messages that have come are handled, and that many milliseconds are over. */
  readonly later: (callback: () => void, milliseconds: number) => void
  readonly fetch: (url: string) => Promise<Response>
}

/** Milliseconds of steps between two looks at the messages. */
const SLICE = 24
/** Milliseconds between two frames, unless the page asks for more. */
const INTERVAL = 33
/** Milliseconds between two frames at most, where it is their cost that keeps them apart. */
const LONGEST_BREAK = 400

/** The worker: one training, played, paused and moved between devices as the page asks. */
export class Work {
  readonly #host: Surroundings
  /** Messages and turns come one after the other, though some of them wait. */
  #queue: Promise<void> = Promise.resolve()
  #session: Session | null = null
  #opened: Opened | null = null
  #name: BackendName = 'cpu'
  /** Whether something failed that may be the device's fault. */
  #suspect = false
  #run = 0
  #running = false
  #turnIsDue = false
  readonly #pace: Pace
  #interval = INTERVAL
  /** Whether something has changed that the page has not seen. */
  #dirty = false
  #frameUnderWay = false
  #last = { time: 0, steps: 0, cost: 0 }
  #reader: ReadDigit | null = null

  constructor(host: Surroundings) {
    this.#host = host
    this.#pace = new Pace(1, host.now())
  }

  /** Takes a message; settled when all is done that it asks for. */
  receive(message: ToWorker): Promise<void> {
    // A frame that was taken is no work to wait for.
    if (message.type === 'taken') {
      this.#frameUnderWay = false
      this.#wake(0)
      return Promise.resolve()
    }
    return this.#enqueue(() => this.#handle(message))
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work).catch((error: unknown) => this.#fail(error))
    return this.#queue
  }

  async #handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case 'restart': {
        this.#run = message.run
        this.#setRunning(false)
        this.#forget()
        const ctx = await this.#device(message.settings.backend)
        this.#session = new Session(message.settings, message.points, ctx)
        this.#tune(message.settings)
        break
      }
      case 'points':
        this.#session?.setPoints(message.points)
        if (this.#session?.canLearn === false) this.#setRunning(false)
        break
      case 'tune':
        this.#session?.tune(message.settings)
        this.#tune(message.settings)
        break
      case 'backend':
        this.#session?.moveTo(await this.#device(message.name))
        break
      case 'play':
        this.#setRunning(this.#session?.canLearn === true)
        break
      case 'pause':
        this.#setRunning(false)
        break
      case 'step':
        this.#setRunning(false)
        this.#session?.step()
        break
      case 'interval':
        this.#interval = message.interval
        return
      case 'load':
        return this.#load(message.url)
      case 'read':
        if (this.#reader !== null) this.#host.post({ type: 'digit', id: message.id, chances: await this.#reader(message.pixels) })
        return
      case 'taken':
        return
    }
    this.#dirty = true
    this.#wake(0)
  }

  /** Ends the training that was. */
  #forget(): void {
    const session = this.#session
    this.#session = null
    try {
      session?.dispose()
    } catch {
      // A device that was lost has nothing left to free.
    }
  }

  #tune(settings: TuneSettings): void {
    this.#pace.set(settings.stepsPerSecond, this.#host.now())
  }

  #setRunning(running: boolean): void {
    if (running && !this.#running) this.#pace.start(this.#host.now())
    this.#running = running
    this.#dirty = true
  }

  /** Opens a device, or stays where it was and says why. */
  async #device(name: BackendName): Promise<Opened['ctx']> {
    if (this.#opened === null || name !== this.#name || this.#suspect) {
      try {
        this.#opened = await this.#host.open(name, this.#suspect)
        this.#name = name
        this.#suspect = false
      } catch (error) {
        const { text, mend } = explain(error)
        // Without the CPU there is nothing to go on with.
        if (name === 'cpu') throw error
        this.#problem({ text: `WebGL cannot be used here: ${text}.`, mend: `Training stays on the CPU. To use the GPU, ${mend === '' ? 'allow WebGL 2' : mend}.`, ends: false })
        this.#opened = this.#name === 'cpu' && this.#opened !== null ? this.#opened : await this.#host.open('cpu', false)
        this.#name = 'cpu'
      }
    }
    const { ctx, about, note } = this.#opened
    this.#host.post({ type: 'device', device: { name: this.#name, ctx: String(ctx), about, note } })
    return ctx
  }

  /** Has the next turn come, once. */
  #wake(milliseconds: number): void {
    if (this.#turnIsDue) return
    this.#turnIsDue = true
    this.#host.later(() => {
      this.#turnIsDue = false
      void this.#enqueue(() => this.#turn())
    }, milliseconds)
  }

  /** Some steps, and a frame where one is due. */
  async #turn(): Promise<void> {
    const session = this.#session
    if (session === null) return
    if (this.#running) this.#steps(session)
    const { time, cost } = this.#last
    // Frames take a third of the time at most. One that had to compile its kernels first says little about the next.
    const due = !this.#running || this.#host.now() - time >= Math.max(this.#interval, Math.min(2 * cost, LONGEST_BREAK))
    if (this.#dirty && due && !this.#frameUnderWay) await this.#frame(session)
    if (this.#running) this.#wake(Math.min(this.#pace.wait(), INTERVAL))
  }

  #steps(session: Session): void {
    const end = this.#host.now() + SLICE
    const due = this.#pace.due(this.#host.now())
    let made = 0
    do {
      if (made >= due) break
      session.step()
      made++
    } while (this.#host.now() < end)
    this.#pace.made(made)
    if (made > 0) this.#dirty = true
  }

  async #frame(session: Session): Promise<void> {
    const [start, { time, steps }] = [this.#host.now(), this.#last]
    const { train, heldBack } = await session.scores()
    // Reading the loss has waited for all steps before it.
    const read = this.#host.now()
    const surface = await session.surface(SIDE)
    if (train !== null && !Number.isFinite(train.loss)) {
      this.#running = false
      this.#problem({ text: 'The loss is no number any more: the steps are too large.', mend: 'Choose a smaller learning rate, then Reset.', ends: true })
    }
    const stepsPerSecond = this.#running && session.steps > steps ? (session.steps - steps) / (read - time) * 1000 : null
    this.#last = { time: read, steps: session.steps, cost: this.#host.now() - start }
    this.#dirty = false
    this.#frameUnderWay = true
    this.#host.post({ type: 'frame', frame: { run: this.#run, steps: session.steps, train, heldBack, surface, stepsPerSecond, backend: this.#name } }, [surface.buffer])
  }

  async #load(url: string): Promise<void> {
    let problem: Problem | null = null
    try {
      const response = await this.#host.fetch(url)
      if (!response.ok) throw new Error(`the server answers ${response.status}`)
      this.#reader = readerOf(new Uint8Array(await response.arrayBuffer()))
    } catch (error) {
      problem = { text: `The parameters of the digits, digits.params, cannot be used: ${explain(error).text}.`, mend: 'Start the page with npm run playground, which trains the network where it is missing, then try again.', ends: false }
    }
    this.#host.post({ type: 'reader', problem })
  }

  #problem(problem: Problem): void {
    this.#host.post({ type: 'problem', problem })
  }

  /** What must not happen, happened: the training ends, the page and this worker go on. */
  #fail(error: unknown): void {
    this.#running = false
    const { text, mend } = explain(error)
    this.#problem({ text: `The training stopped: ${text}.`, mend: mend === '' ? 'Reset begins anew.' : `${mend}; Reset begins anew.`, ends: true })
    // The device itself may be what is broken: the next training opens it anew.
    this.#suspect = true
  }
}
