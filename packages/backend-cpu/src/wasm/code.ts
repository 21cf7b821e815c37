import { floatBytes, signed, unsigned } from './encoding.ts'

/** What a WebAssembly value is; `v128` holds four float32, two float64, or integers. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

/** Code that leaves one value. */
export class Value {
  readonly type: ValueType
  readonly bytes: readonly number[]

  constructor(type: ValueType, bytes: readonly number[]) {
    this.type = type
    this.bytes = bytes
  }

  // Integers and addresses are computed with all the time, so they have methods.
  add(other: Value | number): Value { return i32(0x6a, this, other) }
  sub(other: Value | number): Value { return i32(0x6b, this, other) }
  mul(other: Value | number): Value { return i32(0x6c, this, other) }
  div(other: Value | number): Value { return i32(0x6d, this, other) }
  and(other: Value | number): Value { return i32(0x71, this, other) }
  or(other: Value | number): Value { return i32(0x72, this, other) }
  shl(other: Value | number): Value { return i32(0x74, this, other) }
  shr(other: Value | number): Value { return i32(0x75, this, other) }
  eq(other: Value | number): Value { return i32(0x46, this, other) }
  ne(other: Value | number): Value { return i32(0x47, this, other) }
  lt(other: Value | number): Value { return i32(0x48, this, other) }
  gt(other: Value | number): Value { return i32(0x4a, this, other) }
  le(other: Value | number): Value { return i32(0x4c, this, other) }
  ge(other: Value | number): Value { return i32(0x4e, this, other) }
  min(other: Value | number): Value { return select(this.lt(other), this, other) }
  max(other: Value | number): Value { return select(this.gt(other), this, other) }
}

/** A variable of a function: a parameter or a local. */
export class Local extends Value {
  readonly index: number

  constructor(type: ValueType, index: number) {
    super(type, [0x20, ...unsigned(index)])
    this.index = index
  }
}

/** An integer constant. */
export function int(value: Value | number): Value {
  return typeof value === 'number' ? new Value('i32', [0x41, ...signed(value)]) : value
}

function i32(opcode: number, a: Value, b: Value | number): Value {
  return new Value('i32', [...a.bytes, ...int(b).bytes, opcode])
}

/** `then` where the condition is not 0, else `otherwise`; both are computed. */
export function select(condition: Value, then: Value | number, otherwise: Value | number): Value {
  const chosen = int(then)
  return new Value(chosen.type, [...chosen.bytes, ...int(otherwise).bytes, ...condition.bytes, 0x1b])
}

/** An instruction of any kind: its operands, then its opcode with whatever follows it. */
export function instruction(type: ValueType, opcode: readonly number[], ...operands: Value[]): Value {
  return new Value(type, [...operands.flatMap(operand => operand.bytes), ...opcode])
}

/** A float constant. */
export function float(type: 'f32' | 'f64', value: number): Value {
  return type === 'f32' ? new Value('f32', [0x43, ...floatBytes(value, 4)]) : new Value('f64', [0x44, ...floatBytes(value, 8)])
}

/** The opcode of a vector instruction. */
export function simd(code: number, ...immediates: number[]): number[] {
  return [0xfd, ...unsigned(code), ...immediates]
}

/** How an address is given to memory instructions: alignment as a power of two, and a constant offset. */
export function memory(align: number, offset = 0): number[] {
  return [align, ...unsigned(offset)]
}
