import { AshlarError, typeError } from './errors.ts'

/** Types with arithmetic. float16 is stored as such and computed in float32. */
export type ArithmeticDType = 'float32' | 'float64' | 'float16' | 'int32' | 'uint8' | 'int8' | 'bool'
/** Types that can be stored, loaded, printed and cast, but not computed with. */
export type StorageDType = 'bfloat16' | 'int16' | 'uint16' | 'uint32' | 'int64' | 'uint64'
/** The type of an array's elements. */
export type DType = ArithmeticDType | StorageDType

/** The typed arrays that hold elements on the host; bool takes a byte, 0 or 1, and float16 and bfloat16 their bits. */
export type TypedArray =
  | Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array
  | Int16Array | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array

type TypedArrayConstructor = {
  new (length: number): TypedArray
  new (values: ArrayLike<number>): TypedArray
  readonly BYTES_PER_ELEMENT: number
}

interface DTypeInfo {
  readonly array: TypedArrayConstructor
  /** 0 bool, 1 integer, 2 floating point: a higher class wins a promotion. */
  readonly kind: 0 | 1 | 2
  /** Bits; within a class the wider wins. */
  readonly bits: number
  readonly signed: boolean
  readonly arithmetic: boolean
}

const info = (array: unknown, kind: 0 | 1 | 2, bits: number, signed: boolean, arithmetic = true): DTypeInfo =>
  ({ array: array as TypedArrayConstructor, kind, bits, signed, arithmetic })

/** Every dtype in one table; its order is the one that messages list. */
export const DTYPES: Readonly<Record<DType, DTypeInfo>> = {
  float32: info(Float32Array, 2, 32, true),
  float64: info(Float64Array, 2, 64, true),
  float16: info(Uint16Array, 2, 16, true),
  int32: info(Int32Array, 1, 32, true),
  uint8: info(Uint8Array, 1, 8, false),
  int8: info(Int8Array, 1, 8, true),
  bool: info(Uint8Array, 0, 8, false),
  int16: info(Int16Array, 1, 16, true, false),
  uint16: info(Uint16Array, 1, 16, false, false),
  uint32: info(Uint32Array, 1, 32, false, false),
  int64: info(BigInt64Array, 1, 64, true, false),
  uint64: info(BigUint64Array, 1, 64, false, false),
  bfloat16: info(Uint16Array, 2, 16, true, false),
}

/** Bytes of one element. */
export function itemSize(dtype: DType): number {
  return DTYPES[dtype].bits >> 3
}

/** Whether the dtype holds floating-point numbers. */
export function isFloat(dtype: DType): boolean {
  return DTYPES[dtype].kind === 2
}

/** Whether the elements are bits on the host, which have to be decoded to be read as numbers. */
export function isHalf(dtype: DType): boolean {
  return dtype === 'float16' || dtype === 'bfloat16'
}

/** Whether the elements are `bigint` on the host. */
export function isBigInt(dtype: DType): boolean {
  return dtype === 'int64' || dtype === 'uint64'
}

/**
 * A zero-filled host array for `size` elements.
 *
 * @throws AshlarError where the memory is not to be had
 */
export function allocate(dtype: DType, size: number): TypedArray {
  try {
    return new DTYPES[dtype].array(size)
  } catch (cause) {
    throw new AshlarError(`out of memory: there are not ${size * itemSize(dtype)} bytes for ${size} elements of ${dtype}`, { op: 'allocate', cause })
  }
}

/**
 * Checks that a value names a dtype.
 *
 * @throws TypeError that lists the dtypes there are
 */
export function checkDType(value: unknown, op: string): DType {
  if (typeof value === 'string' && Object.hasOwn(DTYPES, value)) return value as DType
  throw typeError(`unknown dtype ${String(value)}`, { op, hint: `use one of ${Object.keys(DTYPES).join(', ')}` })
}

/**
 * Checks that a dtype can be computed with.
 *
 * @throws TypeError that names the cast to use, for storage-only dtypes
 */
export function checkArithmetic(dtype: DType, op: string): void {
  if (DTYPES[dtype].arithmetic) return
  const target = dtype === 'bfloat16' ? 'float32' : isBigInt(dtype) || dtype === 'uint32' ? 'float64' : 'int32'
  throw typeError(`${dtype} can be stored but not computed with`, { op, hint: `cast first: x.astype('${target}')` })
}

/**
 * The dtype of a result of two arrays: bool < integers < floating point; within a class the wider wins; a float keeps
 * its own width against any integer; uint8 with int8 gives int32 (behaviour B-14.1).
 *
 * @example
 * ```ts
 * import { promoteTypes } from '@ashlar/core'
 * console.log(promoteTypes('int32', 'float32'), promoteTypes('uint8', 'int8'), promoteTypes('bool', 'uint8'))
 * // float32 int32 uint8
 * ```
 */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a
  const x = DTYPES[a]
  const y = DTYPES[b]
  if (x.kind !== y.kind) return x.kind > y.kind ? a : b
  if (x.bits !== y.bits) return x.bits > y.bits ? a : b
  return 'int32'
}

const LIMITS: Partial<Record<DType, readonly [number, number]>> = {
  int32: [-2147483648, 2147483647],
  uint8: [0, 255],
  int8: [-128, 127],
}

/**
 * The dtype of a result of an array and a plain number, which is weak: a float array keeps its dtype, an integer array
 * keeps it for whole numbers that fit and becomes float32 otherwise, bool becomes int32 or float32 (behaviour B-14.1).
 */
export function promoteNumber(dtype: DType, value: number): DType {
  if (isFloat(dtype)) return dtype
  const [low, high] = LIMITS[dtype === 'bool' ? 'int32' : dtype] ?? [0, -1]
  if (!Number.isInteger(value) || value < low || value > high) return 'float32'
  return dtype === 'bool' ? 'int32' : dtype
}

/** The dtype in which `/` and transcendental functions compute: floats keep theirs, all else is float32. */
export function floatType(dtype: DType): DType {
  return isFloat(dtype) ? dtype : 'float32'
}
