import type { DType, Shape } from '@ashlar/core'
import { MAX_SIZE, NotImplementedError } from '@ashlar/core'
import { nameOf } from './errors.ts'
import { MAX_DIMENSIONS } from './params-format.ts'
import type { Reader } from './reader.ts'

/** What the header of a `.npy` file says. */
export interface NpyHeader {
  readonly dtype: DType
  readonly bigEndian: boolean
  readonly fortranOrder: boolean
  readonly shape: Shape
}

/** NumPy's codes, without the sign of the byte order. */
export const NPY_DTYPES: Readonly<Partial<Record<string, DType>>> = {
  f4: 'float32', f8: 'float64', f2: 'float16', u1: 'uint8', i1: 'int8', i2: 'int16', i4: 'int32', i8: 'int64', u2: 'uint16', u4: 'uint32', u8: 'uint64', b1: 'bool',
}

/** How MXNet 2 names bfloat16, for which NumPy has no code. */
export const BFLOAT16_DESCR = `[('bfloat16', '<u2')]`

type Literal = string | number | boolean | null | readonly Literal[]

const TOKEN = /\s*(?:(\d+)L?|(True|False|None)|'([^'\\]*)'|"([^"\\]*)"|([{}()[\],:]))/y
const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null }

/** What stands at a place of the text. */
type Token = { readonly value: Literal } | { readonly sign: string }

/**
 * Reads the dictionary of a `.npy` header (behaviour C-2.1): a Python literal of texts, whole numbers, tuples and lists.
 *
 * @param at where in the file the text starts
 */
export function parseHeader(text: string, reader: Reader, at: number): NpyHeader {
  const parser = new Parser(text, reader, at)
  const entries = parser.dictionary()
  const fail = (what: string): never => reader.fail(`has ${what} in its header`, at)
  for (const key of entries.keys()) if (!['descr', 'fortran_order', 'shape'].includes(key)) fail(`an unknown key '${key}'`)
  const fortranOrder = entries.get('fortran_order')
  const shape = entries.get('shape')
  if (typeof fortranOrder !== 'boolean') return fail(`no fortran_order`)
  if (!Array.isArray(shape) || !shape.every(extent => typeof extent === 'number' && extent <= MAX_SIZE)) return fail(`no possible shape`)
  if (shape.length > MAX_DIMENSIONS) return fail(`${shape.length} dimensions, 0 to ${MAX_DIMENSIONS} are possible,`)
  return { ...readDescr(entries.get('descr'), reader, at), fortranOrder, shape: shape as number[] }
}

function readDescr(descr: Literal | undefined, reader: Reader, at: number): Pick<NpyHeader, 'dtype' | 'bigEndian'> {
  if (Array.isArray(descr)) {
    const [field] = descr as readonly Literal[]
    if (descr.length === 1 && Array.isArray(field) && field.length === 2 && field[0] === 'bfloat16' && (field[1] === '<u2' || field[1] === '>u2')) {
      return { dtype: 'bfloat16', bigEndian: field[1] === '>u2' }
    }
    return refuse(reader, 'a record of several fields')
  }
  if (typeof descr !== 'string') return reader.fail('has no dtype in its header', at)
  const match = /^([<>|=]?)(\w+)$/.exec(descr)
  const dtype = NPY_DTYPES[match?.[2] ?? '']
  if (dtype !== undefined && (match![1] !== '|' || match![2]!.endsWith('1'))) return { dtype, bigEndian: match![1] === '>' }
  if (match?.[2]?.startsWith('O') === true) return refuse(reader, 'Python objects, which would run code to be read')
  return refuse(reader, `elements of type '${descr}', which arrays cannot hold`)
}

function refuse(reader: Reader, what: string): never {
  throw new NotImplementedError(`${nameOf(reader.source)} holds ${what}`, { op: reader.source.op, hint: 'save it as numbers or bools where it comes from' })
}

class Parser {
  readonly #text: string
  readonly #reader: Reader
  readonly #base: number
  #at = 0

  constructor(text: string, reader: Reader, base: number) {
    this.#text = text
    this.#reader = reader
    this.#base = base
  }

  dictionary(): Map<string, Literal> {
    const entries = new Map<string, Literal>()
    this.#expect('{')
    for (;;) {
      const token = this.#next()
      if ('sign' in token && token.sign === '}') break
      if (!('value' in token) || typeof token.value !== 'string' || entries.has(token.value)) return this.#fail()
      this.#expect(':')
      entries.set(token.value, this.#value(this.#next(), 0))
      const after = this.#next()
      if ('sign' in after && after.sign === '}') break
      if (!('sign' in after) || after.sign !== ',') return this.#fail()
    }
    if (this.#text.slice(this.#at).trim() !== '') return this.#fail()
    return entries
  }

  #value(token: Token, depth: number): Literal {
    if ('value' in token) return token.value
    const close = { '(': ')', '[': ']' }[token.sign]
    // A list of pairs in a list is as deep as records go.
    if (close === undefined || depth > 3) return this.#fail()
    const items: Literal[] = []
    for (;;) {
      const first = this.#next()
      if ('sign' in first && first.sign === close) return items
      items.push(this.#value(first, depth + 1))
      const after = this.#next()
      if ('sign' in after && after.sign === close) return items
      if (!('sign' in after) || after.sign !== ',') return this.#fail()
    }
  }

  #expect(sign: string): void {
    const token = this.#next()
    if (!('sign' in token) || token.sign !== sign) this.#fail()
  }

  #next(): Token {
    TOKEN.lastIndex = this.#at
    const match = TOKEN.exec(this.#text)
    if (match === null) return this.#fail()
    this.#at = TOKEN.lastIndex
    const [, number, word, single, double, sign] = match
    if (sign !== undefined) return { sign }
    if (number !== undefined) return { value: Number(number) }
    return { value: word === undefined ? (single ?? double)! : WORDS[word]! }
  }

  #fail(): never {
    return this.#reader.fail('has a header that is no dictionary of descr, fortran_order and shape', this.#base + this.#at)
  }
}
