import type { Override, TypedArray } from '@ashlar/core'
import { stream } from './streams.ts'

/** See `GradientOptions` in core. */
interface Gradient {
  readonly rescaleGrad: number
  readonly clipGradient: number | null
  readonly wd: number
}

/** Cut to [-limit, limit]; NaN stays. */
const clipped = (x: number, limit: number): number => (x < -limit ? -limit : x > limit ? limit : x)

/** `learningRate (clip(rescaleGrad g) + wd w)`. */
function pull(w: number, g: number, { learningRate, wd, rescaleGrad, clipGradient }: SGDStep): number {
  const along = clipGradient === null ? g * (learningRate * rescaleGrad) : clipped(g * rescaleGrad, clipGradient) * learningRate
  return wd === 0 ? along : along + w * (learningRate * wd)
}

/** `clip(rescaleGrad g + wd w)`. */
function decayed(w: number, g: number, { wd, rescaleGrad, clipGradient }: Gradient): number {
  const whole = wd === 0 ? g * rescaleGrad : g * rescaleGrad + w * wd
  return clipGradient === null ? whole : clipped(whole, clipGradient)
}

interface SGDStep extends Gradient {
  readonly learningRate: number
}

interface SGDVelocity extends SGDStep {
  readonly momentum: number
}

const rateOf = ({ learningRate, rescaleGrad }: SGDStep): number => learningRate * rescaleGrad

/** See `sgdStep` in core. */
export const sgdStep: Override<TypedArray> = stream((a: SGDStep) => {
  if (a.clipGradient !== null) return null
  return a.wd === 0 ? { name: 'sgdStep', constants: [rateOf(a)] } : { name: 'sgdStep decay', constants: [rateOf(a), a.learningRate * a.wd] }
}, ([w, g], out, a) => {
  for (let i = 0; i < out.length; i++) out[i] = w![i]! - pull(w![i]!, g![i]!, a)
})

/** See `sgdVelocity` in core. */
export const sgdVelocity: Override<TypedArray> = stream((a: SGDVelocity) => {
  if (a.clipGradient !== null) return null
  return a.wd === 0 ? { name: 'sgdVelocity', constants: [rateOf(a), a.momentum] } : { name: 'sgdVelocity decay', constants: [rateOf(a), a.momentum, a.learningRate * a.wd] }
}, ([w, g, v], out, a) => {
  for (let i = 0; i < out.length; i++) out[i] = v![i]! * a.momentum - pull(w![i]!, g![i]!, a)
})

/** See `nagStep` in core. */
export const nagStep: Override<TypedArray> = stream(({ momentum }: { readonly momentum: number }) => ({ name: 'nagStep', constants: [momentum + 1, momentum] }), ([w, v, before], out, { momentum }) => {
  for (let i = 0; i < out.length; i++) out[i] = w![i]! + (v![i]! * (momentum + 1) - before![i]! * momentum)
})

interface Moment extends Gradient {
  readonly beta: number
}

function momentConstants({ beta, rescaleGrad, wd }: Moment): number[] {
  return wd === 0 ? [beta, 1 - beta, rescaleGrad] : [beta, 1 - beta, rescaleGrad, wd]
}

const momentName = (name: string, { wd }: { readonly wd: number }): string => (wd === 0 ? name : `${name} decay`)

/** See `adamMean` in core. */
export const adamMean: Override<TypedArray> = stream((a: Moment) => (a.clipGradient === null ? { name: momentName('adamMean', a), constants: momentConstants(a) } : null), ([w, g, mean], out, a) => {
  for (let i = 0; i < out.length; i++) out[i] = mean![i]! * a.beta + decayed(w![i]!, g![i]!, a) * (1 - a.beta)
})

/** See `adamSquare` in core. */
export const adamSquare: Override<TypedArray> = stream((a: Moment) => (a.clipGradient === null ? { name: momentName('adamSquare', a), constants: momentConstants(a) } : null), ([w, g, square], out, a) => {
  for (let i = 0; i < out.length; i++) out[i] = square![i]! * a.beta + decayed(w![i]!, g![i]!, a) ** 2 * (1 - a.beta)
})

interface AdamStep {
  readonly rate: number
  readonly epsilon: number
  readonly decay: number
}

/** See `adamStep` in core. */
export const adamStep: Override<TypedArray> = stream(({ rate, epsilon, decay }: AdamStep) => ({ name: momentName('adamStep', { wd: decay }), constants: decay === 0 ? [rate, epsilon] : [rate, epsilon, decay] }), ([w, mean, square], out, { rate, epsilon, decay }) => {
  for (let i = 0; i < out.length; i++) {
    const change = (mean![i]! * rate) / (Math.sqrt(square![i]!) + epsilon)
    out[i] = w![i]! - (decay === 0 ? change : change + w![i]! * decay)
  }
})
