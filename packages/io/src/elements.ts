import type { DType, Shape, TypedArray } from '@ashlar/core'
import { allocate, itemSize, sizeOf } from '@ashlar/core'
import { LITTLE_ENDIAN, fixByteOrder } from './params-format.ts'

/** How elements lie in bytes; the default is C order from the start, lowest byte first. */
export interface Layout {
  readonly bigEndian?: boolean
  /** How far the next element along each axis is, in elements. */
  readonly strides?: readonly number[]
  /** Which element the first one is. */
  readonly start?: number
}

/** Elements as arrays take them. The caller has made sure that all of them are there. */
export function elementsOf(bytes: Uint8Array, shape: Shape, dtype: DType, layout: Layout = {}): TypedArray {
  const data = allocate(dtype, sizeOf(shape))
  const raw = new Uint8Array(data.buffer)
  const width = itemSize(dtype)
  if (layout.strides === undefined) raw.set(bytes.subarray(0, raw.length))
  else if (raw.length > 0) gather(bytes, raw, width, shape, layout.strides, layout.start ?? 0)
  fixByteOrder(raw, width, layout.bigEndian === true ? !LITTLE_ENDIAN : LITTLE_ENDIAN)
  // Kernels trust that a bool is 0 or 1.
  if (dtype === 'bool') for (let i = 0; i < raw.length; i++) raw[i] = raw[i] === 0 ? 0 : 1
  return data
}

/** How far apart neighbours along each axis are where the first axis is the one that runs fastest. */
export function columnMajor(shape: Shape): number[] {
  let stride = 1
  return shape.map(extent => {
    const own = stride
    stride *= extent
    return own
  })
}

/** Neighbours of a width are moved as integers of that width, since a float register may change the bits of a NaN. */
const UNITS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const

function gather(from: Uint8Array, to: Uint8Array, width: number, shape: Shape, strides: readonly number[], start: number): void {
  const Unit = UNITS[width as keyof typeof UNITS]
  const aligned = from.byteOffset % width === 0 ? from : from.slice()
  const source = new Unit(aligned.buffer as ArrayBuffer, aligned.byteOffset, Math.floor(aligned.length / width)) as Uint8Array
  const target = new Unit(to.buffer as ArrayBuffer, to.byteOffset, to.length / width) as Uint8Array
  const inner = shape.at(-1) ?? 1
  const step = strides.at(-1) ?? 0
  const index = new Array<number>(Math.max(0, shape.length - 1)).fill(0)
  let row = start
  for (let out = 0; out < target.length;) {
    for (let i = 0, at = row; i < inner; i++, at += step) target[out++] = source[at]!
    for (let axis = index.length - 1; axis >= 0; axis--) {
      row += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      row -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
}
