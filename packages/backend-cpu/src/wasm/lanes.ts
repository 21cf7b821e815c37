import type { Value, ValueType } from './code.ts'
import { float, instruction, memory, simd } from './code.ts'

/**
 * Vector and scalar instructions of one float type, under the same names for both, so that a kernel is written once
 * for float32 (four lanes) and float64 (two).
 */
export interface Lanes {
  readonly scalar: 'f32' | 'f64'
  /** Bytes of one number, and its power of two. */
  readonly bytes: 4 | 8
  readonly shift: 2 | 3
  /** Numbers in a vector. */
  readonly count: 4 | 2
  constant(value: number): Value
  splat(value: number | Value): Value
  load(address: Value, offset?: number): Value
  loadSplat(address: Value, offset?: number): Value
  loadOne(address: Value, offset?: number): Value
  extract(vector: Value, lane: number): Value
  /** One number from each address. */
  gather(addresses: readonly Value[]): Value
  op(name: LaneOp, ...operands: Value[]): Value
  one(name: ScalarOp, ...operands: Value[]): Value
  /** `a * b + c`, fused where the machine has it and `relaxed` says so. */
  multiplyAdd(a: Value, b: Value, c: Value): Value
}

const OPS = {
  abs: [0xe0, 0xec], neg: [0xe1, 0xed], sqrt: [0xe3, 0xef], add: [0xe4, 0xf0], sub: [0xe5, 0xf1], mul: [0xe6, 0xf2], div: [0xe7, 0xf3],
  min: [0xe8, 0xf4], max: [0xe9, 0xf5], ceil: [0x67, 0x74], floor: [0x68, 0x75], trunc: [0x69, 0x7a], nearest: [0x6a, 0x94],
  eq: [0x41, 0x47], ne: [0x42, 0x48], lt: [0x43, 0x49], gt: [0x44, 0x4a], le: [0x45, 0x4b], ge: [0x46, 0x4c],
} as const
export type LaneOp = keyof typeof OPS

const ONE = {
  abs: [0x8b, 0x99], neg: [0x8c, 0x9a], ceil: [0x8d, 0x9b], floor: [0x8e, 0x9c], trunc: [0x8f, 0x9d], nearest: [0x90, 0x9e], sqrt: [0x91, 0x9f],
  add: [0x92, 0xa0], sub: [0x93, 0xa1], mul: [0x94, 0xa2], div: [0x95, 0xa3], min: [0x96, 0xa4], max: [0x97, 0xa5],
} as const
export type ScalarOp = keyof typeof ONE

/** The instructions for one float type. */
export function lanes(scalar: 'f32' | 'f64', relaxed: boolean): Lanes {
  const wide = scalar === 'f64' ? 1 : 0
  const align = wide === 1 ? 3 : 2
  const op = (name: LaneOp, ...operands: Value[]): Value => instruction('v128', simd(OPS[name][wide]), ...operands)
  const constant = (value: number): Value => float(scalar, value)
  return {
    scalar,
    bytes: wide === 1 ? 8 : 4,
    shift: align,
    count: wide === 1 ? 2 : 4,
    constant,
    splat: value => instruction('v128', simd(wide === 1 ? 0x14 : 0x13), typeof value === 'number' ? constant(value) : value),
    load: (address, offset = 0) => instruction('v128', simd(0x00, ...memory(2, offset)), address),
    loadSplat: (address, offset = 0) => instruction('v128', simd(wide === 1 ? 0x0a : 0x09, ...memory(align, offset)), address),
    loadOne: (address, offset = 0) => instruction(scalar, [wide === 1 ? 0x2b : 0x2a, ...memory(align, offset)], address),
    extract: (vector, lane) => instruction(scalar, simd(wide === 1 ? 0x21 : 0x1f, lane), vector),
    gather: addresses => addresses.reduce(
      (vector, address, lane) => instruction('v128', simd(wide === 1 ? 0x57 : 0x56, ...memory(align), lane), address, vector),
      instruction('v128', simd(wide === 1 ? 0x14 : 0x13), constant(0)),
    ),
    op,
    one: (name, ...operands) => instruction(scalar, [ONE[name][wide]], ...operands),
    multiplyAdd: (a, b, c) => (relaxed ? instruction('v128', simd(wide === 1 ? 0x107 : 0x105), a, b, c) : op('add', c, op('mul', a, b))),
  }
}

/** Picks 16 bytes of two vectors: for float32 lanes 0 to 3 of the first are 0 to 3, of the second 4 to 7. */
export function shuffle(a: Value, b: Value, picks: readonly number[]): Value {
  const width = 16 / picks.length
  return instruction('v128', simd(0x0d, ...picks.flatMap(pick => Array.from({ length: width }, (_, i) => pick * width + i))), a, b)
}

const BITS: Readonly<Record<BitOp, readonly [code: number, type: ValueType]>> = {
  not: [0x4d, 'v128'], and: [0x4e, 'v128'], andNot: [0x4f, 'v128'], or: [0x50, 'v128'], xor: [0x51, 'v128'], select: [0x52, 'v128'],
  splat: [0x11, 'v128'], add: [0xae, 'v128'], sub: [0xb1, 'v128'], shl: [0xab, 'v128'], shrSigned: [0xac, 'v128'],
  truncate: [0xf8, 'v128'], convert: [0xfa, 'v128'], promoteLow: [0x5f, 'v128'], demote: [0x5e, 'v128'],
  splatBytes: [0x0f, 'v128'], differBytes: [0x24, 'v128'], narrowTo16: [0x85, 'v128'], narrowTo8: [0x65, 'v128'],
  low16: [0x87, 'v128'], high16: [0x88, 'v128'], low32: [0xa7, 'v128'], high32: [0xa8, 'v128'],
}

/** Instructions on all bits, on integer lanes, and between types. */
export type BitOp =
  | 'not' | 'and' | 'andNot' | 'or' | 'xor' | 'select' | 'splat' | 'add' | 'sub' | 'shl' | 'shrSigned' | 'truncate' | 'convert' | 'promoteLow' | 'demote'
  | 'splatBytes' | 'differBytes' | 'narrowTo16' | 'narrowTo8' | 'low16' | 'high16' | 'low32' | 'high32'

export function bits(name: BitOp, ...operands: Value[]): Value {
  const [code, type] = BITS[name]
  return instruction(type, simd(code), ...operands)
}
