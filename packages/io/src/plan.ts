import type { DType, Shape, TypedArray } from '@ashlar/core'

/** An array that a file holds: checked against the bytes that are there, but not made yet. */
export interface PlannedArray {
  readonly shape: Shape
  readonly dtype: DType
  /** The elements in C order and in this machine's byte order, in memory of their own. */
  readonly elements: () => TypedArray
  /** The device that the file names for it, by the codes of `.params` files. */
  readonly device?: { readonly type: number; readonly id: number }
}

/** What a file holds. */
export interface Plan {
  /** One for each array; null where they have none. */
  readonly names: string[] | null
  readonly arrays: readonly PlannedArray[]
  /** Whether the file is of a kind that holds one array, rather than a list of one. */
  readonly single?: boolean
  /** What a safetensors file says beside its arrays. */
  readonly metadata?: Readonly<Record<string, string>>
}
