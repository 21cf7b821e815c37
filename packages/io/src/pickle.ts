import type { Reader } from './reader.ts'

/** A name that the pickle refers to: a class or a function of Python's. */
export class Global {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A tuple or a list. */
export class Sequence {
  readonly items: Pickled[]
  constructor(items: Pickled[]) {
    this.items = items
  }
}

/** A dictionary, ordered or not. */
export class Dictionary {
  readonly entries: Map<Pickled, Pickled> = new Map()
}

/** What a pickle can hold here. `object` stands for what the caller's functions made. */
export type Pickled = null | boolean | number | bigint | string | Global | Sequence | Dictionary | object

/** What the caller makes of references and calls; both refuse what they do not know. */
export interface PickleHost {
  /** An object that lies outside of the pickle. */
  readonly persistent: (id: Pickled, at: number) => Pickled
  /** The call of a name with arguments. */
  readonly call: (name: string, args: readonly Pickled[], at: number) => Pickled
}

const MARK = Symbol('mark')

/**
 * Runs a pickle of protocol 2 as far as a state dict needs it (behaviour C-4.2): plain values, tuples, lists and
 * dictionaries. Nothing of Python's is looked up: names are only compared, by `host`, with those that it knows.
 */
export function readPickle(reader: Reader, host: PickleHost): Pickled {
  return new Machine(reader, host).run()
}

class Machine {
  readonly #reader: Reader
  readonly #host: PickleHost
  readonly #stack: (Pickled | typeof MARK)[] = []
  readonly #memo = new Map<number, Pickled>()

  constructor(reader: Reader, host: PickleHost) {
    this.#reader = reader
    this.#host = host
  }

  run(): Pickled {
    for (;;) {
      const at = this.#reader.offset
      const code = this.#reader.uint8('an instruction')
      if (code === 0x2e) return this.#finish(at)
      const step = STEPS[code]
      if (step === undefined) this.#reader.fail(`has an instruction 0x${code.toString(16).padStart(2, '0')}, which a state dict does not need`, at, STATE_DICT)
      else step(this, this.#reader, at)
    }
  }

  #finish(at: number): Pickled {
    const value = this.pop(at)
    if (this.#stack.length > 0) this.#reader.fail('leaves values behind', at)
    if (this.#reader.remaining > 0) this.#reader.fail('goes on after its end')
    return value
  }

  push(value: Pickled | typeof MARK): void {
    this.#stack.push(value)
  }

  pop(at: number): Pickled {
    const value = this.#stack.pop()
    if (value === undefined || value === MARK) return this.#reader.fail('takes a value where there is none', at)
    return value as Pickled
  }

  top(at: number): Pickled {
    const value = this.pop(at)
    this.#stack.push(value)
    return value
  }

  popMark(at: number): Pickled[] {
    const mark = this.#stack.lastIndexOf(MARK)
    if (mark < 0) return this.#reader.fail('takes values up to a mark where there is none', at)
    const values = this.#stack.splice(mark + 1) as Pickled[]
    this.#stack.pop()
    return values
  }

  put(key: number, at: number): void {
    this.#memo.set(key, this.top(at))
  }

  recall(key: number, at: number): void {
    const value = this.#memo.get(key)
    if (value === undefined) this.#reader.fail(`recalls value ${key}, which was never kept`, at)
    else this.#stack.push(value)
  }

  fill(pairs: readonly Pickled[], at: number): void {
    const target = this.top(at)
    if (!(target instanceof Dictionary) || pairs.length % 2 !== 0) return this.#reader.fail('sets entries of what is no dictionary', at)
    for (let i = 0; i < pairs.length; i += 2) target.entries.set(pairs[i]!, pairs[i + 1]!)
  }

  append(items: readonly Pickled[], at: number): void {
    const target = this.top(at)
    if (!(target instanceof Sequence)) return this.#reader.fail('appends to what is no list', at)
    for (const item of items) target.items.push(item)
  }

  call(at: number): void {
    const args = this.pop(at)
    const callee = this.pop(at)
    if (!(callee instanceof Global) || !(args instanceof Sequence)) return this.#reader.fail('calls what is no name', at)
    this.push(this.#host.call(callee.name, args.items, at))
  }

  refer(at: number): void {
    this.push(this.#host.persistent(this.pop(at), at))
  }

  /** An ordered dictionary may carry attributes (`_metadata`), which say nothing of the arrays. */
  build(at: number): void {
    this.pop(at)
    if (!(this.top(at) instanceof Dictionary)) this.#reader.fail('sets attributes of what is no dictionary', at, STATE_DICT)
  }

  /** The last values, in the order in which they came. */
  take(count: number, at: number): Pickled[] {
    return Array.from({ length: count }, () => this.pop(at)).reverse()
  }
}

const STATE_DICT = 'save model.state_dict() rather than the model'
const NAME_LIMIT = 256

type Step = (machine: Machine, reader: Reader, at: number) => void

function readLine(reader: Reader, at: number): string {
  const end = reader.bytes.indexOf(0x0a, reader.offset)
  if (end < 0 || end - reader.offset > NAME_LIMIT) return reader.fail('has a name without an end', at)
  const line = reader.text(end - reader.offset, 'a name')
  reader.skip(1, 'a name')
  return line
}

function readLong(reader: Reader): number | bigint {
  const size = reader.uint8('the length of a number')
  const start = reader.skip(size, 'a number')
  let value = 0n
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(reader.bytes[start + i]!)
  if (size > 0 && reader.bytes[start + size - 1]! >= 128) value -= 1n << BigInt(8 * size)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function readDouble(reader: Reader): number {
  const start = reader.skip(8, 'a number')
  return new DataView(reader.bytes.buffer, reader.bytes.byteOffset + start, 8).getFloat64(0)
}

function checkProtocol(reader: Reader, at: number): void {
  const version = reader.uint8('the protocol')
  if (version !== 2) reader.fail(`is a pickle of protocol ${version}, PyTorch writes 2`, at)
}

/** By instruction. */
const STEPS: Readonly<Partial<Record<number, Step>>> = {
  0x80: (_machine, reader, at) => checkProtocol(reader, at),
  0x63: (machine, reader, at) => machine.push(new Global(`${readLine(reader, at)}.${readLine(reader, at)}`)),
  0x29: machine => machine.push(new Sequence([])),
  0x5d: machine => machine.push(new Sequence([])),
  0x7d: machine => machine.push(new Dictionary()),
  0x28: machine => machine.push(MARK),
  0x74: (machine, _reader, at) => machine.push(new Sequence(machine.popMark(at))),
  0x85: (machine, _reader, at) => machine.push(new Sequence(machine.take(1, at))),
  0x86: (machine, _reader, at) => machine.push(new Sequence(machine.take(2, at))),
  0x87: (machine, _reader, at) => machine.push(new Sequence(machine.take(3, at))),
  0x58: (machine, reader) => machine.push(reader.text(reader.uint32('the length of a text'), 'a text')),
  0x4a: (machine, reader) => machine.push(reader.int32('a number')),
  0x4b: (machine, reader) => machine.push(reader.uint8('a number')),
  0x4d: (machine, reader) => machine.push(reader.uint16('a number')),
  0x8a: (machine, reader) => machine.push(readLong(reader)),
  0x47: (machine, reader) => machine.push(readDouble(reader)),
  0x88: machine => machine.push(true),
  0x89: machine => machine.push(false),
  0x4e: machine => machine.push(null),
  0x71: (machine, reader, at) => machine.put(reader.uint8('a place'), at),
  0x72: (machine, reader, at) => machine.put(reader.uint32('a place'), at),
  0x68: (machine, reader, at) => machine.recall(reader.uint8('a place'), at),
  0x6a: (machine, reader, at) => machine.recall(reader.uint32('a place'), at),
  0x52: (machine, _reader, at) => machine.call(at),
  0x62: (machine, _reader, at) => machine.build(at),
  0x73: (machine, _reader, at) => machine.fill(machine.take(2, at), at),
  0x75: (machine, _reader, at) => machine.fill(machine.popMark(at), at),
  0x61: (machine, _reader, at) => machine.append([machine.pop(at)], at),
  0x65: (machine, _reader, at) => machine.append(machine.popMark(at), at),
  0x51: (machine, _reader, at) => machine.refer(at),
}
