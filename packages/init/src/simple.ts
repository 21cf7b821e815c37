import type { NDArray } from '@ashlar/core'
import { ValueError, array, describe, internal, isNDArray, typeError } from '@ashlar/core'
import type { ArrayLikeInput } from '@ashlar/core'
import { Initializer, draw } from './initializer.ts'
import { checkOptions } from './options.ts'

type NoOptions = Readonly<Record<string, never>>

/** All zeros. */
export class Zero extends Initializer {
  constructor(options: NoOptions = {}) {
    checkOptions(options, [], 'Zero')
    super()
  }

  override initWeight(_name: string, data: NDArray): void {
    data.set(0)
  }
}

/** All ones. */
export class One extends Initializer {
  constructor(options: NoOptions = {}) {
    checkOptions(options, [], 'One')
    super()
  }

  override initWeight(_name: string, data: NDArray): void {
    data.set(1)
  }
}

/** A number everywhere, or an array that broadcasts to the parameter's shape. */
export class Constant extends Initializer {
  readonly value: ArrayLikeInput

  constructor(value: ArrayLikeInput, options: NoOptions = {}) {
    checkOptions(options, [], 'Constant')
    if (value === undefined || value === null) throw typeError(`expected a number or an array, got ${describe(value)}`, { op: 'Constant' })
    super({ value: isNDArray(value) ? value.tolist() : ArrayBuffer.isView(value) ? [...value] : value })
    this.value = value
  }

  override initWeight(_name: string, data: NDArray): void {
    if (typeof this.value === 'number') data.set(this.value)
    else internal(() => void data.set((isNDArray(this.value) ? this.value : array(this.value as ArrayLikeInput)).asInContext(data.context)))
  }
}

function positive(value: number, name: string, op: string): number {
  if (typeof value !== 'number' || !(value >= 0)) throw new ValueError(`${name} must be a number from 0, got ${describe(value)}`, { op })
  return value
}

/** Draws from U[-scale, scale). The default of networks, with scale 0.07. */
export class Uniform extends Initializer {
  readonly scale: number

  constructor(options: { readonly scale?: number } | number = {}) {
    if (typeof options !== 'number') checkOptions(options, ['scale'], 'Uniform')
    const scale = positive(typeof options === 'number' ? options : (options.scale ?? 0.07), 'scale', 'Uniform')
    super({ scale })
    this.scale = scale
  }

  override initWeight(_name: string, data: NDArray): void {
    draw(data, 'uniform', -this.scale, this.scale)
  }
}

/** Draws from the normal distribution of mean 0 and standard deviation `sigma` (default 0.01). */
export class Normal extends Initializer {
  readonly sigma: number

  constructor(options: { readonly sigma?: number } | number = {}) {
    if (typeof options !== 'number') checkOptions(options, ['sigma'], 'Normal')
    const sigma = positive(typeof options === 'number' ? options : (options.sigma ?? 0.01), 'sigma', 'Normal')
    super({ sigma })
    this.sigma = sigma
  }

  override initWeight(_name: string, data: NDArray): void {
    draw(data, 'normal', 0, this.sigma)
  }
}
