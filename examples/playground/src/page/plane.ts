import { REACH } from '../points/datasets.ts'
import type { Label, Point } from '../points/datasets.ts'
import { SIDE } from '../worker/protocol.ts'
import { paint, rgbOf } from './colours.ts'
import { contour } from './contour.ts'
import { squareContext } from './dom.ts'
import type { Cross } from './plane-keys.ts'
import type { Theme } from './theme.ts'
import { currentTheme } from './theme.ts'

/** What the canvas shows. */
export interface PlaneView {
  readonly surface: Float32Array | null
  readonly points: readonly Point[]
  /** Where the keyboard's cross is, and what Enter would set there; null hides it. */
  readonly cross: (Cross & { readonly label: Label }) | null
}

/** Holds the surface at its own size, to be drawn larger. */
const buffer = document.createElement('canvas')
buffer.width = buffer.height = SIDE
const bufferContext = buffer.getContext('2d')!

/** Draws the surface, the line where the network is undecided, and the points. */
export function drawPlane(canvas: HTMLCanvasElement, { surface, points, cross }: PlaneView): void {
  const target = squareContext(canvas)
  if (target === null) return
  const { context, side } = target
  const theme = currentTheme()
  const place = (x: number, y: number): readonly [number, number] => [(x / REACH + 1) / 2 * side, (1 - y / REACH) / 2 * side]
  if (surface !== null) {
    const pixels = paint(surface, rgbOf(theme.paper), [rgbOf(theme.classes[0]), rgbOf(theme.classes[1])])
    bufferContext.putImageData(new ImageData(pixels, SIDE, SIDE), 0, 0)
    context.imageSmoothingEnabled = true
    context.imageSmoothingQuality = 'high'
    // The outer places of the grid lie on the edges, and a pixel's place is its middle.
    context.drawImage(buffer, 0.5, 0.5, SIDE - 1, SIDE - 1, 0, 0, side, side)
    drawBoundary(context, surface, side / (SIDE - 1), theme)
  }
  const radius = Math.max(3, Math.min(4.5, side / 110))
  for (const point of points) drawPoint(context, ...place(point.x, point.y), radius, point, theme)
  if (cross !== null) drawCross(context, ...place(cross.x, cross.y), cross.label, theme)
}

function drawBoundary(context: CanvasRenderingContext2D, surface: Float32Array, scale: number, theme: Theme): void {
  context.beginPath()
  for (const [x1, y1, x2, y2] of contour(surface, SIDE, 0.5)) {
    context.moveTo(x1 * scale, y1 * scale)
    context.lineTo(x2 * scale, y2 * scale)
  }
  context.strokeStyle = theme.ink
  context.globalAlpha = 0.55
  context.lineWidth = 1.25
  context.lineCap = 'round'
  context.stroke()
  context.globalAlpha = 1
}

/** Class 0 is round and class 1 a diamond, so that colours are not needed to tell them apart; what is held back is hollow. */
export function drawPoint(context: CanvasRenderingContext2D, x: number, y: number, radius: number, { label, heldBack }: Pick<Point, 'label' | 'heldBack'>, { classes, paper }: Theme): void {
  context.beginPath()
  if (label === 0) context.arc(x, y, radius, 0, 2 * Math.PI)
  else {
    const reach = radius * 1.3
    context.moveTo(x, y - reach)
    context.lineTo(x + reach, y)
    context.lineTo(x, y + reach)
    context.lineTo(x - reach, y)
    context.closePath()
  }
  context.lineWidth = heldBack ? 1.75 : 1.25
  context.fillStyle = heldBack ? paper : classes[label]
  context.strokeStyle = heldBack ? classes[label] : paper
  context.fill()
  context.stroke()
}

function drawCross(context: CanvasRenderingContext2D, x: number, y: number, label: Label, theme: Theme): void {
  for (const [colour, width] of [[theme.paper, 5], [theme.ink, 2]] as const) {
    context.beginPath()
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      context.moveTo(x + 7 * dx, y + 7 * dy)
      context.lineTo(x + 16 * dx, y + 16 * dy)
    }
    context.strokeStyle = colour
    context.lineWidth = width
    context.stroke()
  }
  drawPoint(context, x, y, 4, { label, heldBack: false }, theme)
}

/** The place of the plane under the pointer. */
export function placeOf(canvas: HTMLCanvasElement, event: { readonly clientX: number; readonly clientY: number }): Cross {
  const box = canvas.getBoundingClientRect()
  return { x: REACH * (2 * (event.clientX - box.left) / box.width - 1), y: REACH * (1 - 2 * (event.clientY - box.top) / box.height) }
}
