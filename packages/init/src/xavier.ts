import type { NDArray } from '@ashlar/core'
import { ValueError, describe } from '@ashlar/core'
import { Initializer, draw } from './initializer.ts'
import { checkOptions } from './options.ts'

/** The distribution that Xavier draws from. */
export type RandomType = 'uniform' | 'gaussian'
/** What the spread is divided by: the inputs, the outputs, or their average. */
export type FactorType = 'avg' | 'in' | 'out'

/**
 * Keeps the variance of signals through layers: draws from U[-c, c) or N(0, c) with c = sqrt(magnitude / factor)
 * (Glorot and Bengio, 2010).
 *
 * For a weight of shape (out, in, …kernel) the fans are in and out, each times the kernel's size.
 */
export class Xavier extends Initializer {
  readonly rndType: RandomType
  readonly factorType: FactorType
  readonly magnitude: number

  /** @throws ValueError `Unknown random type`, `Incorrect factor type` */
  constructor(options: { readonly rndType?: RandomType; readonly factorType?: FactorType; readonly magnitude?: number } = {}) {
    checkOptions(options, ['rndType', 'factorType', 'magnitude'], 'Xavier')
    const { rndType = 'uniform', factorType = 'avg', magnitude = 3 } = options
    super({ rnd_type: rndType, factor_type: factorType, magnitude })
    if (!['uniform', 'gaussian'].includes(rndType)) throw new ValueError('Unknown random type', { op: 'Xavier', hint: `use 'uniform' or 'gaussian'` })
    if (!['avg', 'in', 'out'].includes(factorType)) throw new ValueError('Incorrect factor type', { op: 'Xavier', hint: `use 'avg', 'in' or 'out'` })
    if (typeof magnitude !== 'number' || !(magnitude >= 0)) throw new ValueError(`magnitude must be a number from 0, got ${describe(magnitude)}`, { op: 'Xavier' })
    this.rndType = rndType
    this.factorType = factorType
    this.magnitude = magnitude
  }

  override initWeight(name: string, data: NDArray): void {
    if (data.ndim < 2) throw new ValueError(`Xavier initializer cannot be applied to vector ${name}. It requires at least 2D.`, { shapes: [data.shape] })
    const kernel = data.shape.slice(2).reduce((a, b) => a * b, 1)
    const fanIn = data.shape[1]! * kernel
    const fanOut = data.shape[0]! * kernel
    const factor = { avg: (fanIn + fanOut) / 2, in: fanIn, out: fanOut }[this.factorType]
    const c = Math.sqrt(this.magnitude / factor)
    if (this.rndType === 'uniform') draw(data, 'uniform', -c, c)
    else draw(data, 'normal', 0, c)
  }
}

/** Xavier for layers followed by PReLU of that slope: gaussian, magnitude 2 / (1 + slope²) (He et al., 2015). */
export class MSRAPrelu extends Xavier {
  override readonly kwargs: Readonly<Record<string, unknown>>

  constructor(options: { readonly factorType?: FactorType; readonly slope?: number } = {}) {
    checkOptions(options, ['factorType', 'slope'], 'MSRAPrelu')
    const { factorType = 'avg', slope = 0.25 } = options
    if (typeof slope !== 'number' || !Number.isFinite(slope)) throw new ValueError(`slope is a finite number, got ${describe(slope)}`, { op: 'MSRAPrelu' })
    super({ rndType: 'gaussian', factorType, magnitude: 2 / (1 + slope * slope) })
    this.kwargs = { factor_type: factorType, slope }
  }
}
