import type { Drawing } from '../digit/pen.ts'
import { EMPTY, begin, extend, press, takeBack } from '../digit/pen.ts'
import { PIXELS_A_SIDE, rasterize } from '../digit/raster.ts'
import type { Place } from '../digit/raster.ts'
import { SAMPLES } from '../digit/samples.ts'
import type { ToPage } from '../worker/protocol.ts'
import { announce } from './announce.ts'
import type { Client } from './client.ts'
import { byId, onFrame, squareContext } from './dom.ts'
import { currentTheme, onThemeChange } from './theme.ts'

/** The half of the page where a digit is drawn and read. */
export class ReadPage {
  readonly #client: Client
  #drawing: Drawing = EMPTY
  #pixels: Float32Array = rasterize([])
  #chances: readonly number[] | null = null
  #asked = 0
  #shown = false
  #loading = false
  #ready = false
  #penShown = false
  #nextSample = 0
  readonly #draw: () => void

  constructor(client: Client) {
    this.#client = client
    this.#draw = onFrame(() => this.#render())
    this.#makeBars()
    this.#setUpPad()
    const on = (id: string, click: () => void): void => byId(id, HTMLButtonElement).addEventListener('click', click)
    on('pad-clear', () => this.#set(EMPTY))
    on('pad-undo', () => this.#set(takeBack(this.#drawing)))
    on('pad-sample', () => {
      this.#set({ ...EMPTY, strokes: SAMPLES[this.#nextSample]! })
      this.#nextSample = (this.#nextSample + 1) % SAMPLES.length
    })
    on('reader-again', () => this.#load())
    onThemeChange(this.#draw)
    new ResizeObserver(this.#draw).observe(byId('pad', HTMLCanvasElement))
  }

  /** The tab was opened: now the parameters are worth loading. */
  show(): void {
    this.#shown = true
    if (!this.#ready && !this.#loading) this.#load()
    this.#draw()
  }

  receive(message: ToPage): void {
    if (message.type === 'reader') this.#loaded(message.problem === null ? null : `${message.problem.text} ${message.problem.mend}`)
    if (message.type !== 'digit' || message.id !== this.#asked) return
    this.#chances = message.chances
    const digit = bestOf(message.chances)
    // A drawing in the making is read over and over; what matters is what it comes to.
    if (!this.#drawing.down && !this.#pointerDown) announce(`It reads ${digit}, ${percent(message.chances[digit]!)}`)
    this.#draw()
  }

  #pointerDown = false

  #load(): void {
    this.#loading = true
    byId('reader-again', HTMLButtonElement).hidden = true
    byId('reader-state', HTMLElement).hidden = false
    byId('reader-state', HTMLElement).textContent = 'Loading digits.params …'
    this.#client.send({ type: 'load', url: new URL('./digits.params', document.baseURI).href })
  }

  #loaded(problem: string | null): void {
    this.#loading = false
    this.#ready = problem === null
    byId('reader-state', HTMLElement).textContent = problem ?? ''
    byId('reader-state', HTMLElement).hidden = this.#ready
    byId('reader-again', HTMLButtonElement).hidden = this.#ready
    this.#ask()
  }

  #set(drawing: Drawing): void {
    const before = this.#drawing
    this.#drawing = drawing
    if (drawing.strokes !== before.strokes) {
      this.#pixels = rasterize(drawing.strokes)
      this.#ask()
    }
    this.#draw()
  }

  #ask(): void {
    this.#asked++
    if (this.#drawing.strokes.length === 0) this.#chances = null
    else if (this.#ready) this.#client.send({ type: 'read', id: this.#asked, pixels: this.#pixels })
    this.#draw()
  }

  #setUpPad(): void {
    const pad = byId('pad', HTMLCanvasElement)
    const placeOf = (event: PointerEvent): Place => {
      const box = pad.getBoundingClientRect()
      const within = (value: number): number => Math.min(1, Math.max(0, value))
      return { x: within((event.clientX - box.left) / box.width), y: within((event.clientY - box.top) / box.height) }
    }
    pad.addEventListener('pointerdown', event => {
      if (event.button !== 0) return
      pad.setPointerCapture(event.pointerId)
      this.#penShown = false
      this.#pointerDown = true
      this.#set(begin({ ...this.#drawing, down: false }, placeOf(event)))
    })
    pad.addEventListener('pointermove', event => {
      if (!this.#pointerDown) return
      // A quick hand makes several moves between two frames.
      const moves = event.getCoalescedEvents?.() ?? []
      this.#set((moves.length > 0 ? moves : [event]).reduce((drawing, move) => extend(drawing, placeOf(move)), this.#drawing))
    })
    for (const type of ['pointerup', 'pointercancel'] as const) {
      pad.addEventListener(type, () => {
        if (!this.#pointerDown) return
        this.#pointerDown = false
        this.#ask()
      })
    }
    pad.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const next = press(this.#drawing, event.key)
      if (next === null) return
      event.preventDefault()
      this.#penShown = true
      if (next.down !== this.#drawing.down) announce(next.down ? 'Pen down' : 'Pen up')
      const lifted = this.#drawing.down && !next.down
      this.#set(next)
      if (lifted) this.#ask()
    })
    pad.addEventListener('focus', () => {
      this.#penShown = pad.matches(':focus-visible')
      this.#draw()
    })
    pad.addEventListener('blur', () => {
      this.#penShown = false
      this.#draw()
    })
  }

  #makeBars(): void {
    byId('bars', HTMLOListElement).replaceChildren(...SAMPLES.map((_, digit) => {
      const row = document.createElement('li')
      row.innerHTML = `<b>${digit}</b><span class="bar"><i></i></span><span class="share"></span>`
      return row
    }))
  }

  #render(): void {
    if (!this.#shown) return
    const { strokes } = this.#drawing
    this.#drawPad()
    this.#drawSeen()
    byId('pad-empty', HTMLElement).hidden = strokes.length > 0
    byId('pad-clear', HTMLButtonElement).disabled = byId('pad-undo', HTMLButtonElement).disabled = strokes.length === 0
    const chances = this.#chances
    const best = chances === null ? null : bestOf(chances)
    byId('answer', HTMLElement).textContent = best === null ? '–' : String(best)
    byId('certainty', HTMLElement).textContent = best === null ? 'nothing yet' : `${percent(chances![best]!)} sure`
    for (const [digit, row] of [...byId('bars', HTMLOListElement).children].entries()) {
      const chance = chances?.[digit] ?? 0
      row.classList.toggle('best', digit === best)
      row.querySelector('i')!.style.width = `${chance * 100}%`
      row.querySelector('.share')!.textContent = chances === null ? '' : percent(chance)
    }
  }

  #drawPad(): void {
    const target = squareContext(byId('pad', HTMLCanvasElement))
    if (target === null) return
    const { context, side } = target
    const { ink, classes } = currentTheme()
    context.strokeStyle = context.fillStyle = ink
    context.lineWidth = side / 16
    context.lineCap = context.lineJoin = 'round'
    for (const stroke of this.#drawing.strokes) {
      context.beginPath()
      for (const [i, { x, y }] of stroke.entries()) {
        if (i === 0) context.moveTo(x * side, y * side)
        // A dot is a line to itself.
        if (i > 0 || stroke.length === 1) context.lineTo(x * side, y * side)
      }
      context.stroke()
    }
    if (!this.#penShown) return
    const { pen, down } = this.#drawing
    context.beginPath()
    context.arc(pen.x * side, pen.y * side, side / 24, 0, 2 * Math.PI)
    context.lineWidth = 3
    context.strokeStyle = context.fillStyle = classes[1]
    context.stroke()
    if (down) context.fill()
  }

  #drawSeen(): void {
    const target = squareContext(byId('sees', HTMLCanvasElement))
    if (target === null) return
    const { context, side } = target
    context.fillStyle = currentTheme().ink
    const pixel = side / PIXELS_A_SIDE
    for (const [i, level] of this.#pixels.entries()) {
      context.globalAlpha = level
      context.fillRect((i % PIXELS_A_SIDE) * pixel, Math.floor(i / PIXELS_A_SIDE) * pixel, pixel, pixel)
    }
    context.globalAlpha = 1
  }
}

function bestOf(chances: readonly number[]): number {
  return chances.indexOf(Math.max(...chances))
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
