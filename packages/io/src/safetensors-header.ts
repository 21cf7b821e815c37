import { MAX_DIMENSIONS } from './params-format.ts'
import type { Reader } from './reader.ts'

/** What the header of a safetensors file says of one array. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte and the one after the last, from the start of the data. */
  readonly begin: number
  readonly end: number
}

/** What the header says. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[]
  readonly metadata: Record<string, string> | null
}

const STRING = /"(?:[^"\\]|\\.)*"/y
const NUMBER = /0|[1-9]\d{0,15}/y
const BLANK = /[ \t\n\r]*/y

/**
 * Reads the header of a safetensors file. It is JSON, but of one form only: reading no other keeps the order of names such
 * as `0`, tells names that come twice, and makes nothing of what a hostile header nests or repeats.
 *
 * @param at where in the file the text starts
 */
export function parseSafetensorsHeader(text: string, reader: Reader, at: number): SafetensorsHeader {
  const entries: TensorEntry[] = []
  let metadata: Record<string, string> | null = null
  const scanner = new Scanner(text, reader, at)
  scanner.object(name => {
    if (name === '__metadata__') {
      const pairs: [string, string][] = []
      scanner.object(key => void pairs.push([key, scanner.text()]))
      metadata = Object.fromEntries(pairs)
    } else entries.push(readEntry(scanner, name))
  })
  scanner.end()
  return { entries, metadata }
}

function readEntry(scanner: Scanner, name: string): TensorEntry {
  let dtype: string | undefined
  let shape: number[] | undefined
  let offsets: number[] | undefined
  scanner.object(key => {
    if (key === 'dtype') dtype = scanner.text()
    else if (key === 'shape') shape = scanner.numbers(MAX_DIMENSIONS)
    else if (key === 'data_offsets') offsets = scanner.numbers(2)
    else scanner.fail(`says '${key}' of '${name}', which has no meaning`)
  })
  if (dtype === undefined || shape === undefined || offsets?.length !== 2) return scanner.fail(`does not say dtype, shape and data_offsets of '${name}'`)
  return { name, dtype, shape, begin: offsets[0]!, end: offsets[1]! }
}

class Scanner {
  readonly #text: string
  readonly #reader: Reader
  readonly #base: number
  #at = 0

  constructor(text: string, reader: Reader, base: number) {
    this.#text = text
    this.#reader = reader
    this.#base = base
  }

  fail(reason: string): never {
    return this.#reader.fail(`has a header that ${reason}`, this.#base + this.#at)
  }

  /** An object, each value of which `read` takes. */
  object(read: (key: string) => void): void {
    const keys = new Set<string>()
    this.#list('{', '}', () => {
      const key = this.text()
      if (keys.has(key)) this.fail(`has the name '${key}' twice`)
      keys.add(key)
      this.#expect(':')
      read(key)
    })
  }

  /** A list of whole numbers, `most` of them at most. */
  numbers(most: number): number[] {
    const found: number[] = []
    this.#list('[', ']', () => {
      if (found.length === most) this.fail(`has more than ${most} numbers in a list`)
      const value = Number(this.#match(NUMBER, 'a whole number'))
      if (!Number.isSafeInteger(value)) this.fail('has a number that is too large')
      found.push(value)
    })
    return found
  }

  text(): string {
    const literal = this.#match(STRING, 'a text')
    try {
      return JSON.parse(literal) as string
    } catch {
      return this.fail('has a text that is no JSON')
    }
  }

  end(): void {
    this.#blank()
    if (this.#at < this.#text.length) this.fail('goes on after its end')
  }

  #list(open: string, close: string, item: () => void): void {
    this.#expect(open)
    if (this.#take(close)) return
    do item()
    while (this.#take(','))
    this.#expect(close)
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) this.fail(`lacks a '${sign}'`)
  }

  #take(sign: string): boolean {
    this.#blank()
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp, what: string): string {
    this.#blank()
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return this.fail(`lacks ${what}`)
    this.#at += found.length
    return found
  }

  #blank(): void {
    BLANK.lastIndex = this.#at
    this.#at += BLANK.exec(this.#text)![0].length
  }
}
