import type { Value, ValueType } from './code.ts'
import { Local, instruction, int, memory, simd } from './code.ts'
import { sized, text, unsigned, vector } from './encoding.ts'

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }

/** A function of a module that others call. */
export interface Func {
  readonly index: number
  readonly result: ValueType | null
}

interface Entry {
  readonly name: string | null
  readonly params: readonly ValueType[]
  readonly result: ValueType | null
  body: FunctionBody
}

/** Writes the statements of one function. */
export class FunctionBody {
  readonly #types: ValueType[]
  readonly #params: number
  #code: number[] = []

  constructor(params: readonly ValueType[]) {
    this.#types = [...params]
    this.#params = params.length
  }

  /** A variable, set to a value; each time the place is reached, where it stands in a loop. */
  local(value: Value | number): Local
  local(value: ValueType): Local
  local(value: Value | number | ValueType): Local {
    const type = typeof value === 'string' ? value : int(value).type
    this.#types.push(type)
    const local = new Local(type, this.#types.length - 1)
    if (typeof value !== 'string') this.set(local, value)
    return local
  }

  set(local: Local, value: Value | number): void {
    this.#code.push(...int(value).bytes, 0x21, ...unsigned(local.index))
  }

  /** Adds to an integer variable. */
  step(local: Local, by: Value | number): void {
    this.set(local, local.add(by))
  }

  /** Stores a vector, or a number, of which the type tells the width. */
  store(address: Value, value: Value, offset = 0): void {
    const opcode = { i32: [0x36, ...memory(2, offset)], i64: [0x37, ...memory(2, offset)], f32: [0x38, ...memory(2, offset)], f64: [0x39, ...memory(2, offset)], v128: simd(0x0b, ...memory(2, offset)) }[value.type]
    this.#code.push(...address.bytes, ...value.bytes, ...opcode)
  }

  /** Stores the low byte of an integer. */
  storeByte(address: Value, value: Value): void {
    this.raw([...address.bytes, ...value.bytes, 0x3a, ...memory(0)])
  }

  /** Code that leaves nothing. */
  raw(bytes: readonly number[]): void {
    this.#code.push(...bytes)
  }

  if(condition: Value, then: () => void, otherwise: (() => void) | null = null): void {
    this.#code.push(...condition.bytes, 0x04, 0x40)
    then()
    if (otherwise !== null) {
      this.#code.push(0x05)
      otherwise()
    }
    this.#code.push(0x0b)
  }

  /** Runs while the condition holds. It is tested at the end too, as engines like their loops. */
  while(condition: Value, body: () => void): void {
    this.if(condition, () => {
      this.#code.push(0x03, 0x40)
      body()
      this.#code.push(...condition.bytes, 0x0d, 0x00, 0x0b)
    })
  }

  /** Counts `variable` from its value while it is below `end`. */
  range(variable: Local, end: Value | number, by: number, body: () => void): void {
    this.while(variable.lt(end), () => {
      body()
      this.step(variable, by)
    })
  }

  call(func: Func, ...args: (Value | number)[]): void {
    this.#code.push(...args.flatMap(arg => [...int(arg).bytes]), 0x10, ...unsigned(func.index))
    if (func.result !== null) this.#code.push(0x1a)
  }

  return(value: Value | null = null): void {
    if (value !== null) this.#code.push(...value.bytes)
    this.#code.push(0x0f)
  }

  /** The value with which the function ends. */
  result(value: Value): void {
    this.#code.push(...value.bytes)
  }

  encode(): number[] {
    const locals = this.#types.slice(this.#params)
    return sized([...vector(locals.map(type => [1, TYPES[type]])), ...this.#code, 0x0b])
  }
}

/** The value of a call. */
export function called(func: Func, ...args: (Value | number)[]): Value {
  return instruction(func.result!, [0x10, ...unsigned(func.index)], ...args.map(int))
}

/** A WebAssembly module that imports one memory, written function by function. */
export class Module {
  readonly #entries: Entry[] = []

  /**
   * Adds a function.
   *
   * @param name under which it is exported; null for one that only others call
   * @param params the types of its parameters
   */
  func(name: string | null, params: readonly ValueType[], write: (f: FunctionBody, ...params: Local[]) => void, result: ValueType | null = null): Func {
    const body = new FunctionBody(params)
    const index = this.#entries.length
    this.#entries.push({ name, params, result, body })
    write(body, ...params.map((type, i) => new Local(type, i)))
    return { index, result }
  }

  /** The module's bytes. */
  encode(shared: boolean, maximumPages: number): Uint8Array<ArrayBuffer> {
    const entries = this.#entries
    const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)]
    const types = entries.map(({ params, result }) => [0x60, ...vector(params.map(type => [TYPES[type]])), ...vector(result === null ? [] : [[TYPES[result]]])])
    const limits = [shared ? 3 : 1, ...unsigned(1), ...unsigned(maximumPages)]
    const exported = entries.flatMap(({ name }, index) => (name === null ? [] : [[...text(name), 0, ...unsigned(index)]]))
    return new Uint8Array([
      0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
      ...section(1, vector(types)),
      ...section(2, vector([[...text('env'), ...text('memory'), 2, ...limits]])),
      ...section(3, vector(entries.map((_, index) => unsigned(index)))),
      ...section(7, vector(exported)),
      ...section(10, vector(entries.map(({ body }) => body.encode()))),
    ])
  }
}
