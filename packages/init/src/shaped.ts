import type { NDArray } from '@ashlar/core'
import { ValueError, describe, fromTypedArray, internal } from '@ashlar/core'
import { fillBilinear } from './bilinear.ts'
import { Initializer } from './initializer.ts'
import { checkOptions } from './options.ts'

/** The kernel that makes a transposed convolution interpolate, of shape (channels, channels, height, width). */
export class Bilinear extends Initializer {
  constructor(options: Readonly<Record<string, never>> = {}) {
    checkOptions(options, [], 'Bilinear')
    super()
  }

  override initWeight(name: string, data: NDArray): void {
    fillBilinear(name, data)
  }
}

/** For the bias of an LSTM, of shape (4 units,): zeros, and `forgetBias` (default 1) for the forget gate, which is the second quarter. */
export class LSTMBias extends Initializer {
  readonly forgetBias: number

  constructor(options: { readonly forgetBias?: number } | number = {}) {
    if (typeof options === 'object') checkOptions(options, ['forgetBias'], 'LSTMBias')
    const forgetBias = typeof options === 'object' ? (options.forgetBias ?? 1) : options
    if (typeof forgetBias !== 'number' || Number.isNaN(forgetBias)) throw new ValueError(`forgetBias is a number, got ${describe(forgetBias)}`, { op: 'LSTMBias' })
    super({ forget_bias: forgetBias })
    this.forgetBias = forgetBias
  }

  /** @throws ValueError unless `data` is a vector of four equal parts */
  override initWeight(name: string, data: NDArray): void {
    if (data.ndim !== 1 || data.size % 4 !== 0) throw new ValueError(`LSTMBias initializer needs a vector with four entries for each unit, ${name} is none`, { op: 'LSTMBias', shapes: [data.shape] })
    const units = data.size / 4
    const values = new Float32Array(data.size).fill(this.forgetBias, units, 2 * units)
    internal(() => void data.set(fromTypedArray(values, data.shape, 'float32', data.context, 'LSTMBias')))
  }
}
