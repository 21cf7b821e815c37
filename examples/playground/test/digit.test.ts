import { nn } from 'ashlar'
import { readDigits } from '@ashlar-examples/digits/data'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cli } from '@ashlar-examples/digits/cli'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EMPTY, begin, extend, press, takeBack } from '../src/digit/pen.ts'
import type { Drawing } from '../src/digit/pen.ts'
import { PIXELS, rasterize } from '../src/digit/raster.ts'
import type { Stroke } from '../src/digit/raster.ts'
import { SAMPLES } from '../src/digit/samples.ts'
import { readerOf } from '../src/model/reader.ts'
import type { ReadDigit } from '../src/model/reader.ts'
import { normal, randomOf } from '../src/points/random.ts'

const DIGITS = fileURLToPath(import.meta.resolve('@ashlar-examples/digits/digits.csv.gz'))

/** How much ink a row of pixels has. */
const rows = (pixels: Float32Array): number[] => Array.from({ length: 8 }, (_, i) => pixels.slice(8 * i, 8 * i + 8).reduce((a, b) => a + b))
const columns = (pixels: Float32Array): number[] => Array.from({ length: 8 }, (_, j) => pixels.reduce((total, level, i) => (i % 8 === j ? total + level : total), 0))
const total = (pixels: Float32Array): number => pixels.reduce((a, b) => a + b)

describe('what the network is shown', () => {
  test('nothing is blank', () => {
    expect(rasterize([])).toEqual(new Float32Array(PIXELS))
    expect(rasterize([[]])).toEqual(new Float32Array(PIXELS))
  })

  test('the data: all digits fill the height, and have as much ink as a drawing gets', () => {
    const { pixels } = readDigits(DIGITS)
    expect(pixels.every(row => row.slice(0, 8).some(level => level > 0) && row.slice(56).some(level => level > 0))).toBe(true)
    const ink = pixels.reduce((sum, row) => sum + row.reduce((a, b) => a + b), 0) / pixels.length
    // 312 dots of 32 by 32, sixteen to a pixel.
    expect(Math.abs(ink - 312)).toBeLessThan(1)
  })

  test.each(SAMPLES.map((strokes, digit) => [digit, strokes] as const))('%i fills the height, is in the middle, and has the ink of the data', (_, strokes) => {
    const pixels = rasterize(strokes)
    expect(rows(pixels)[0]).toBeGreaterThan(0)
    expect(rows(pixels)[7]).toBeGreaterThan(0)
    expect(Math.abs(total(pixels) * 16 - 312)).toBeLessThan(15)
    const wide = columns(pixels)
    expect(wide[0]! + wide[7]!).toBeLessThan(5)
  })

  test('place and size on the pad do not matter', () => {
    const strokes = SAMPLES[5]!
    const moved = strokes.map(stroke => stroke.map(({ x, y }) => ({ x: 0.05 + 0.25 * x, y: 0.7 + 0.25 * y })))
    const [here, there] = [rasterize(strokes), rasterize(moved)]
    here.forEach((level, i) => expect(there[i]).toBeCloseTo(level, 1))
  })

  test.each([
    ['a dot', [[{ x: 0.2, y: 0.9 }]]],
    ['a dash', [[{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }]]],
    ['a bar', [[{ x: 0.5, y: 0.1 }, { x: 0.5, y: 0.9 }]]],
    ['places far outside', [[{ x: -5, y: 0 }, { x: 7, y: 9 }]]],
  ] as [string, Stroke[]][])('%s is a picture too', (_, strokes) => {
    const pixels = rasterize(strokes)
    expect(pixels.every(level => level >= 0 && level <= 1)).toBe(true)
    expect(total(pixels)).toBeGreaterThan(3)
  })

  test('a bar is as high as the picture, a dash is not', () => {
    expect(rows(rasterize([[{ x: 0.5, y: 0.1 }, { x: 0.5, y: 0.9 }]])).every(ink => ink > 0)).toBe(true)
    expect(rows(rasterize([[{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }]]))[0]).toBe(0)
  })
})

describe('the pen', () => {
  const keys = (text: readonly string[], from: Drawing = EMPTY): Drawing => text.reduce((drawing, key) => press(drawing, key) ?? drawing, from)

  test('moves without drawing until Space puts it down', () => {
    expect(keys(['ArrowUp', 'ArrowUp']).strokes).toEqual([])
    const drawn = keys(['ArrowUp', ' ', 'ArrowRight', 'ArrowRight', ' ', 'ArrowDown'])
    expect(drawn.strokes).toEqual([[{ x: 0.5, y: 0.45 }, { x: 0.55, y: 0.45 }, { x: 0.6, y: 0.45 }]])
    expect(drawn).toMatchObject({ down: false, pen: { x: 0.6, y: 0.5 } })
  })

  test('stays on the pad', () => {
    expect(keys(Array.from({ length: 40 }, () => 'ArrowLeft')).pen).toEqual({ x: 0, y: 0.5 })
  })

  test('takes back line by line, clears, and leaves other keys alone', () => {
    const two = keys([' ', 'ArrowUp', ' ', ' ', 'ArrowDown'])
    expect(two.strokes).toHaveLength(2)
    expect(takeBack(two)).toMatchObject({ down: false, strokes: two.strokes.slice(0, 1) })
    expect(keys(['Backspace'], two).strokes).toHaveLength(1)
    expect(keys(['Delete'], two)).toEqual(EMPTY)
    expect(press(EMPTY, 'Tab')).toBeNull()
  })

  test('a pointer adds no place that would change nothing', () => {
    const drawing = begin(EMPTY, { x: 0.1, y: 0.1 })
    expect(extend(drawing, { x: 0.101, y: 0.1 })).toBe(drawing)
    expect(extend(drawing, { x: 0.2, y: 0.1 }).strokes[0]).toHaveLength(2)
    expect(extend(EMPTY, { x: 0, y: 0 })).toBe(EMPTY)
  })
})

describe('reading', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-playground-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  let read: ReadDigit

  beforeAll(async () => {
    const screen = { stream: process.stdout, live: false, columns: 80, colors: false, print() {} }
    expect(await cli(['--quiet', '--out', folder], screen, line => { throw new Error(line) }, new AbortController().signal)).toBe(0)
    read = readerOf(readFileSync(join(folder, 'digits.params')))
  })

  const best = async (strokes: readonly Stroke[]): Promise<number> => {
    const chances = await read(rasterize(strokes))
    expect(chances.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    return chances.indexOf(Math.max(...chances))
  }

  test.each(SAMPLES.map((strokes, digit) => [digit, strokes] as const))('a drawn %i is read as what it is', async (digit, strokes) => {
    expect(await best(strokes)).toBe(digit)
  })

  test('most digits in a shaky and slanting hand are read, too', async () => {
    const random = randomOf(3)
    let right = 0
    for (let round = 0; round < 20; round++) {
      for (const [digit, strokes] of SAMPLES.entries()) {
        const [wide, slant] = [1 + 0.12 * normal(random), 0.12 * normal(random)]
        const shaken = strokes.map(stroke => stroke.map(({ x, y }) => ({ x: 0.5 + (x - 0.5) * wide + (y - 0.5) * slant + 0.008 * normal(random), y: y + 0.008 * normal(random) })))
        if (await best(shaken) === digit) right++
      }
    }
    expect(right / 200).toBeGreaterThan(0.85)
  })

  test('the digits of the data are read as the demo reads them', async () => {
    const { pixels, labels } = readDigits(DIGITS)
    let right = 0
    for (let i = 0; i < 300; i++) {
      const chances = await read(Float32Array.from(pixels[i]!, level => level / 16))
      if (chances.indexOf(Math.max(...chances)) === labels[i]) right++
    }
    expect(right).toBeGreaterThan(285)
  })

  test('files of other networks, and damaged ones, are refused', () => {
    const bytes = readFileSync(join(folder, 'digits.params'))
    expect(() => readerOf(bytes.subarray(0, 1000))).toThrow(/digits\.params/)
    expect(() => readerOf(new TextEncoder().encode('<!doctype html>'))).toThrow(/digits\.params/)
    const other = join(folder, 'other.params')
    for (const [inUnits, units, reason] of [[5, 10, /64/], [64, 3, /a network with 10 scores, got 3/]] as const) {
      const net = new nn.Sequential(new nn.Dense(units, { inUnits }))
      net.initialize()
      net.saveParameters(other)
      expect(() => readerOf(readFileSync(other))).toThrow(reason)
    }
  })
})
