import type { DType, Shape } from '@ashlar/core'
import type { PlannedArray } from './plan.ts'

/** A tensor that a pickle makes. */
export class Tensor implements PlannedArray {
  readonly shape: Shape
  readonly dtype: DType
  readonly elements: PlannedArray['elements']

  constructor(shape: Shape, dtype: DType, elements: PlannedArray['elements']) {
    this.shape = shape
    this.dtype = dtype
    this.elements = elements
  }
}
