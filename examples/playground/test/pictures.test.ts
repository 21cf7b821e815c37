import { expect, test } from 'vitest'
import { drawLoss, formatLoss } from '../src/page/chart.ts'
import { codeOf } from '../src/page/code.ts'
import { paint, rgbOf } from '../src/page/colours.ts'
import { contour } from '../src/page/contour.ts'
import type { Moment } from '../src/page/history.ts'
import { remember } from '../src/page/history.ts'
import { planeKey } from '../src/page/plane-keys.ts'
import { REACH } from '../src/points/datasets.ts'
import { DEFAULTS } from '../src/settings.ts'

const moment = (steps: number): Moment => ({ steps, train: 1 / (steps + 1), heldBack: null })

test('a history of any length stays short, in order, from its first step to its last', () => {
  let history: Moment[] = []
  for (let steps = 0; steps < 5000; steps++) history = remember(history, moment(steps))
  expect(history.length).toBeLessThanOrEqual(400)
  expect(history.length).toBeGreaterThan(150)
  expect([history[0], history.at(-1)]).toEqual([moment(0), moment(4999)])
  expect(history.every(({ steps }, i) => i === 0 || steps > history[i - 1]!.steps)).toBe(true)
})

test('a moment of a step that was there takes its place', () => {
  const again = { ...moment(3), train: 9 }
  expect(remember([moment(1), moment(3)], again)).toEqual([moment(1), again])
})

test('the contour of a slope is a line where it crosses the level', () => {
  const side = 8
  // Grows by 1 a column, so that it crosses 2.25 a quarter beyond the third.
  const segments = contour(Float32Array.from({ length: side ** 2 }, (_, i) => i % side), side, 2.25)
  expect(segments).toHaveLength(side - 1)
  for (const [x1, y1, x2, y2] of segments) expect([x1, x2, Math.abs(y1 - y2)]).toEqual([2.25, 2.25, 1])
  expect(contour(new Float32Array(64), 8, 0.5)).toEqual([])
})

test('the contour of a cone is a circle', () => {
  const [side, middle] = [41, 20]
  const cone = Float32Array.from({ length: side ** 2 }, (_, i) => Math.hypot(i % side - middle, Math.floor(i / side) - middle))
  const segments = contour(cone, side, 10)
  for (const [x1, y1, x2, y2] of segments) {
    expect(Math.abs(Math.hypot(x1 - middle, y1 - middle) - 10)).toBeLessThan(0.05)
    expect(Math.abs(Math.hypot(x2 - middle, y2 - middle) - 10)).toBeLessThan(0.05)
  }
  // All pieces together are as long as the circle.
  const length = segments.reduce((total, [x1, y1, x2, y2]) => total + Math.hypot(x2 - x1, y2 - y1), 0)
  expect(Math.abs(length - 20 * Math.PI)).toBeLessThan(0.3)
})

test('a saddle gives two pieces', () => {
  expect(contour([1, 0, 0, 1], 2, 0.5)).toHaveLength(2)
})

test('colours: paper where undecided, more of a class the surer', () => {
  expect(rgbOf('#fff')).toEqual([255, 255, 255])
  expect(rgbOf('#2563c9')).toEqual([0x25, 0x63, 0xc9])
  const pixels = paint([0.5, 0, 1, 0.25], [255, 255, 255], [[0, 0, 255], [255, 0, 0]])
  const pixel = (i: number): number[] => Array.from(pixels.slice(4 * i, 4 * i + 4))
  expect(pixel(0)).toEqual([255, 255, 255, 255])
  expect(pixel(1)).toEqual([97, 97, 255, 255])
  expect(pixel(2)).toEqual([255, 97, 97, 255])
  expect(pixel(3)).toEqual([176, 176, 255, 255])
})

test('the chart has one tick a power of ten, both curves, and says in words what it shows', () => {
  const svg = drawLoss([{ steps: 0, train: 0.9, heldBack: 1.2 }, { steps: 1500, train: 0.004, heldBack: 0.02 }])
  expect([...svg.matchAll(/text-anchor="end">([\d.,]+)</g)].map(match => match[1])).toEqual(['0.001', '0.01', '0.1', '1', '10'])
  expect(svg).toContain('>1,000<')
  expect(svg.match(/class="curve"/g)).toHaveLength(2)
  expect(svg).toContain('aria-label="The loss over 1500 steps: 0.900 at first, 0.0040 now, 0.020 on points held back"')
})

test('a chart without losses, or with strange ones, is still one', () => {
  expect(drawLoss([])).toContain('aria-label="The loss, once there is one"')
  expect(drawLoss([{ steps: 0, train: 0, heldBack: null }, { steps: 1, train: 1e30, heldBack: null }])).not.toMatch(/NaN|Infinity/)
})

test('losses are told with the digits that count', () => {
  expect([0.69315, 0.00123, 1e-9, 12.34, Number.NaN].map(formatLoss)).toEqual(['0.693', '0.0012', '< 0.0001', '12.3', 'none'])
})

test('the code is that of the settings, and one line of it knows the device', () => {
  const lines = (backend: 'cpu' | 'gpu'): ReturnType<typeof codeOf> => codeOf({ ...DEFAULTS, hidden: [4], optimizer: 'momentum', learningRate: 0.3, backend })
  const text = lines('cpu').map(line => line.text)
  expect(text).toContain(`  new nn.Dense(4, { activation: 'tanh' }),`)
  expect(text).toContain('  { momentum: 0.9, learningRate: 0.3 },')
  const differing = lines('gpu').filter((line, i) => line.text !== text[i])
  expect(differing).toEqual([{ text: 'net.collectParams().resetCtx(device.gpu(0))', device: true }])
})

test('keys on the plane: the cross moves within it, further with Shift; the browser keeps its own', () => {
  const middle = { x: 0, y: 0 }
  expect(planeKey('ArrowRight', false, middle)).toEqual({ type: 'move', cross: { x: 0.1, y: 0 } })
  expect(planeKey('ArrowUp', true, middle)).toEqual({ type: 'move', cross: { x: 0, y: 0.5 } })
  expect(planeKey('ArrowDown', false, { x: 0, y: -REACH })).toEqual({ type: 'move', cross: { x: 0, y: -REACH } })
  expect(['Enter', ' ', 'x', 'Backspace', 'Tab', 'a'].map(key => planeKey(key, false, middle)?.type)).toEqual(['set', 'set', 'swap', 'undo', undefined, undefined])
})
