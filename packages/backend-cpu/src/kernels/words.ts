import type { DType, TypedArray } from '@ashlar/core'

/** The arrays that movement loops run on: two families of at most three kinds each, see `Floats` in types.ts. */
export type Words = Float32Array | Float64Array | Int32Array | Uint16Array | Uint8Array

/** An array's bytes as words, `width` of them an element. */
export interface WordView {
  readonly array: Words
  readonly width: 1 | 2
}

/**
 * The same bytes seen as one of few kinds of typed array, for kernels that move elements without looking at them.
 * Floats stay what they are: that is the common case, and it needs no view.
 */
export function words(data: TypedArray, dtype: DType): WordView {
  switch (dtype) {
    case 'int8':
      return { array: new Uint8Array(data.buffer, data.byteOffset, data.length), width: 1 }
    case 'int16':
      return { array: new Uint16Array(data.buffer, data.byteOffset, data.length), width: 1 }
    case 'uint32':
      return { array: new Int32Array(data.buffer, data.byteOffset, data.length), width: 1 }
    case 'int64':
    case 'uint64':
      return { array: new Int32Array(data.buffer, data.byteOffset, data.length * 2), width: 2 }
    default:
      return { array: data as Words, width: 1 }
  }
}
