import { gunzipSync } from 'node:zlib'
import { UserError } from '@ashlar-examples/shared/errors'
import { relativePath } from '@ashlar-examples/shared/paths'
import { readFile } from '@ashlar/io'
import { reasonOf } from './reason.ts'

/** Pixels of one digit, eight rows of eight. */
export const PIXELS = 64
export const SIDE = 8
/** The darkest grey level. */
export const INK = 16
export const CLASSES = 10

/** Handwritten digits: each one's grey levels from 0 to 16, row by row, and what it shows. */
export interface Digits {
  readonly pixels: readonly Uint8Array[]
  readonly labels: Uint8Array
}

/** A fifth has to be one digit at least. */
const LEAST = 5
/** More text than a million digits; what unpacks to more is no file of digits. */
const LIMIT = 256 * 2 ** 20

/**
 * Reads digits from a table: each line holds 64 pixels and the label, separated by commas; gzipped or not.
 *
 * @throws UserError with file, line, what was expected and the way out
 */
export function readDigits(file: string): Digits {
  const name = relativePath(file)
  const lines = textOf(file, name).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (lines.length === 0) throw new UserError(`${name} is empty; expected a line of ${PIXELS} pixels and the label for each digit`)
  const pixels: Uint8Array[] = []
  const labels = new Uint8Array(lines.length)
  for (const [i, line] of lines.entries()) {
    const values = numbersOf(line, `${name}, line ${i + 1}`, i === lines.length - 1)
    labels[i] = values[PIXELS]!
    pixels.push(Uint8Array.from(values.slice(0, PIXELS)))
  }
  if (lines.length < LEAST) throw new UserError(`${name} holds ${lines.length} digits; at least ${LEAST} are needed, because a fifth is held back`)
  return { pixels, labels }
}

function textOf(file: string, name: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFile(file)
  } catch (error) {
    throw new UserError(`${reasonOf(error).replace(`'${file}'`, name)}; --data names a file of digits (.csv or .csv.gz)`)
  }
  // What a file is, its first bytes say better than its name.
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!packed && /\.gz$/i.test(file)) throw new UserError(`${name} is not gzipped, as its name says${bytes.length === 0 ? ', but empty' : ''}; get a fresh copy, or rename it to .csv`)
  try {
    return new TextDecoder().decode(packed ? gunzipSync(bytes, { maxOutputLength: LIMIT }) : bytes)
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new UserError(`${name} unpacks to more than ${LIMIT / 2 ** 20} MB; expected a table of digits`)
    throw new UserError(`${name} is cut short or damaged (${reasonOf(error)}); get a fresh copy`)
  }
}

function numbersOf(line: string, where: string, last: boolean): number[] {
  const cells = line.split(',')
  if (cells.length !== PIXELS + 1) {
    const cut = last && cells.length < PIXELS + 1 ? 'the file seems to be cut short: get a fresh copy' : 'mend the line'
    throw new UserError(`${where}: expected ${PIXELS + 1} numbers (${PIXELS} pixels and the label), got ${cells.length}; ${cut}`)
  }
  return cells.map((cell, column) => {
    const highest = column === PIXELS ? CLASSES - 1 : INK
    const text = cell.trim()
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value <= highest) return value
    const what = column === PIXELS ? 'the label' : `pixel ${column + 1}`
    throw new UserError(`${where}: ${what} should be a whole number from 0 to ${highest}, got ${quote(text)}; mend the line`)
  })
}

function quote(text: string): string {
  return JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}…` : text)
}
