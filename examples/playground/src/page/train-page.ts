import type { Label } from '../points/datasets.ts'
import { changeOf } from '../settings.ts'
import type { Problem, ToPage } from '../worker/protocol.ts'
import { announce } from './announce.ts'
import { drawLoss, formatLoss } from './chart.ts'
import type { Client } from './client.ts'
import { codeOf } from './code.ts'
import { drawKinds, setUpControls, showControls } from './controls.ts'
import { byId, onFrame, radios } from './dom.ts'
import { showLayers } from './layers.ts'
import { drawPlane, placeOf } from './plane.ts'
import type { Cross } from './plane-keys.ts'
import { planeKey } from './plane-keys.ts'
import type { Action, State } from './state.ts'
import { canLearn, initialState, reduce } from './state.ts'
import { onThemeChange } from './theme.ts'

/** The half of the page where a network is trained. */
export class TrainPage {
  readonly #client: Client
  #state: State = initialState()
  /** The keyboard's place on the plane, shown while the plane has the focus. */
  #cross: Cross = { x: 0, y: 0 }
  #crossShown = false
  readonly #draw: () => void

  constructor(client: Client) {
    this.#client = client
    this.#draw = onFrame(() => this.#render())
    setUpControls(action => this.dispatch(action))
    this.#setUpButtons()
    this.#setUpPlane()
    const redraw = (): void => {
      drawKinds()
      this.#draw()
    }
    onThemeChange(redraw)
    new ResizeObserver(redraw).observe(byId('plane', HTMLCanvasElement))
    this.#restart()
    redraw()
  }

  /** Takes what the worker says. */
  receive(message: ToPage): void {
    switch (message.type) {
      case 'frame':
        this.dispatch({ type: 'frame', frame: message.frame })
        return this.#client.send({ type: 'taken' })
      case 'device': {
        const { device } = this.#state
        this.dispatch({ type: 'device', device: message.device })
        if (device !== null && device.ctx !== message.device.ctx) announce(`Computed on ${message.device.ctx} now: ${message.device.about}. The weights went along.`)
        return
      }
      case 'problem': return this.showProblem(message.problem)
      default: return
    }
  }

  showProblem(problem: Problem): void {
    this.dispatch({ type: 'problem', problem })
  }

  dispatch(action: Action): void {
    const before = this.#state
    const after = this.#state = reduce(before, action)
    this.#tell(before, after, action)
    this.#draw()
  }

  /** Tells the worker, and whoever listens, what has changed. */
  #tell(before: State, after: State, action: Action): void {
    if (after.run !== before.run) {
      this.#restart()
      announce(after.settings.kind === 'own' && after.points.length === 0 ? 'A new network, and no points yet' : 'A new network, at step 0')
    } else if (after.points !== before.points) {
      this.#client.send({ type: 'points', points: after.points })
      announce(`${after.own.length} points of yours`)
    }
    if (action.type === 'set') {
      const change = changeOf(before.settings, after.settings)
      if (change.tune) this.#client.send({ type: 'tune', settings: after.settings })
      if (change.backend) this.#client.send({ type: 'backend', name: after.settings.backend })
    }
    if (action.type === 'play' || action.type === 'pause') {
      this.#client.send({ type: after.running ? 'play' : 'pause' })
      announce(after.running ? 'Training' : `Paused at step ${after.frame?.steps ?? 0}, loss ${lossOf(after)}`)
    }
    if (action.type === 'step') this.#client.send({ type: 'step' })
  }

  #restart(): void {
    const { run, settings, points } = this.#state
    this.#client.send({ type: 'restart', run, settings, points })
  }

  #setUpButtons(): void {
    const on = (id: string, action: () => Action): void => byId(id, HTMLButtonElement).addEventListener('click', () => this.dispatch(action()))
    on('play', () => ({ type: this.#state.running ? 'pause' : 'play' }))
    on('step', () => ({ type: 'step' }))
    on('reset', () => ({ type: 'reset' }))
    on('undo', () => ({ type: 'undo' }))
    on('clear', () => ({ type: 'clear' }))
    on('problem-close', () => ({ type: 'problem', problem: null }))
    for (const input of radios('brush')) input.addEventListener('change', () => this.dispatch({ type: 'brush', label: Number(input.value) as Label }))
  }

  #setUpPlane(): void {
    const plane = byId('plane', HTMLCanvasElement)
    plane.addEventListener('click', event => {
      const { brush } = this.#state
      this.#crossShown = false
      this.dispatch({ type: 'point', ...placeOf(plane, event), label: event.shiftKey ? other(brush) : brush })
    })
    plane.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const key = planeKey(event.key, event.shiftKey, this.#cross)
      if (key === null) return
      event.preventDefault()
      this.#crossShown = true
      if (key.type === 'move') this.#cross = key.cross
      else if (key.type === 'undo') this.dispatch({ type: 'undo' })
      else if (key.type === 'set') this.dispatch({ type: 'point', ...this.#cross, label: this.#state.brush })
      else {
        this.dispatch({ type: 'brush', label: other(this.#state.brush) })
        announce(`Enter sets class ${this.#state.brush}`)
      }
      this.#draw()
    })
    plane.addEventListener('focus', () => {
      this.#crossShown = plane.matches(':focus-visible')
      this.#draw()
    })
    plane.addEventListener('blur', () => {
      this.#crossShown = false
      this.#draw()
    })
  }

  #render(): void {
    const { settings, own, points, brush, running, frame, history, device, problem } = this.#state
    showControls(settings)
    showLayers(settings, action => this.dispatch(action))
    drawPlane(byId('plane', HTMLCanvasElement), { surface: frame?.surface ?? null, points, cross: this.#crossShown ? { ...this.#cross, label: brush } : null })
    byId('plane-empty', HTMLElement).hidden = points.length > 0
    for (const input of radios('brush')) input.checked = Number(input.value) === brush

    const ready = frame !== null && canLearn(this.#state)
    const play = byId('play', HTMLButtonElement)
    play.disabled = !ready
    play.classList.toggle('running', running)
    setText('play-text', running ? 'Pause' : 'Play')
    byId('step', HTMLButtonElement).disabled = !ready
    byId('reset', HTMLButtonElement).disabled = device === null
    byId('undo', HTMLButtonElement).disabled = byId('clear', HTMLButtonElement).disabled = own.length === 0

    setText('steps', (frame?.steps ?? 0).toLocaleString('en'))
    setText('rate', running && frame?.stepsPerSecond != null ? `${formatRate(frame.stepsPerSecond)} a second` : '')
    for (const [id, score] of [['train', frame?.train], ['held', frame?.heldBack]] as const) {
      setText(`${id}-loss`, score == null ? '–' : formatLoss(score.loss))
      setText(`${id}-accuracy`, score == null ? '' : `${(score.accuracy * 100).toFixed(score.accuracy === 1 ? 0 : 1)} % right`)
    }
    byId('chart', HTMLElement).innerHTML = drawLoss(history)

    const busy = device === null || frame?.backend !== settings.backend
    setText('device-ctx', busy ? '…' : device.ctx)
    setText('device-about', busy ? 'Getting ready …' : device.about)
    setText('device-note', busy ? (settings.backend === 'gpu' ? 'The first pictures take a while: each kernel is compiled when it is first needed.' : '') : device.note)
    byId('code', HTMLElement).replaceChildren(...codeOf(settings).map(line => {
      const element = Object.assign(document.createElement(line.device === true ? 'mark' : 'span'), { textContent: `${line.text}\n` })
      return element
    }))
    byId('problem', HTMLElement).hidden = problem === null
    setText('problem-text', problem?.text ?? '')
    setText('problem-mend', problem?.mend ?? '')
  }
}

function other(label: Label): Label {
  return label === 0 ? 1 : 0
}

function lossOf({ frame }: State): string {
  return frame?.train == null ? 'unknown' : formatLoss(frame.train.loss)
}

function formatRate(rate: number): string {
  return rate >= 10 ? Math.round(rate).toLocaleString('en') : rate.toFixed(1)
}

/** Writes a text where it is another one: what stays the same is not said again. */
function setText(id: string, text: string): void {
  const element = byId(id, HTMLElement)
  if (element.textContent !== text) element.textContent = text
}
