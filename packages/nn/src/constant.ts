import type { ArrayLikeInput, GradReq, NDArray } from '@ashlar/core'
import { array, isNDArray, warn } from '@ashlar/core'
import { Constant as ConstantInitializer } from '@ashlar/init'
import { Parameter } from './parameter.ts'

/** A parameter that is no parameter: a fixed array that is saved and moved with the network, and never trained. */
export class Constant extends Parameter {
  /** The value that it was made with. */
  readonly value: NDArray

  constructor(name: string, value: ArrayLikeInput) {
    const data = isNDArray(value) ? value.detach() : array(value)
    data.kept = true
    super(name, { gradReq: 'null', shape: data.shape, dtype: data.dtype, init: new ConstantInitializer(data) })
    this.value = data
  }

  override get gradReq(): GradReq {
    return 'null'
  }

  override set gradReq(request: GradReq) {
    if (request !== 'null') warn(`Constant parameter "${this.name}" does not support grad_req other than "null", and new value "${request}" is ignored.`)
  }

  protected override kind(): string {
    return 'Constant'
  }
}
