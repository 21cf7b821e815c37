import type { Override, Spec, Tensor } from '@ashlar/core'
import type { Handle } from '../engine/memory.ts'
import { pointwise } from '../kernels/pointwise.ts'
import type { Overrides, Tools } from './types.ts'

/** The attributes of optimizer steps in core, as far as one has them. */
interface Settings {
  readonly rescaleGrad: number
  readonly clipGradient: number | null
  readonly wd: number
  readonly learningRate: number
  readonly momentum: number
  readonly beta: number
  readonly rate: number
  readonly epsilon: number
  readonly decay: number
}

/** `learningRate (clip(rescaleGrad g) + wd w)`, in the variants that core composes. */
function pull({ clipGradient, wd }: Settings): string {
  const along = clipGradient === null ? 'g * (learningRate * rescaleGrad)' : 'clipOf(g * rescaleGrad, clipGradient) * learningRate'
  return wd === 0 ? along : `${along} + w * (learningRate * wd)`
}

/** `clip(rescaleGrad g + wd w)`. */
function decayed({ clipGradient, wd }: Settings): string {
  const whole = wd === 0 ? 'g * rescaleGrad' : 'g * rescaleGrad + w * wd'
  return clipGradient === null ? whole : `clipOf(${whole}, clipGradient)`
}

const variant = ({ clipGradient, wd, decay }: Partial<Settings>): string => `${clipGradient == null ? '' : ' clip'}${(wd ?? decay ?? 0) === 0 ? '' : ' decay'}`

/** Steps of optimizers in one pass, of `w`, `g` and the state; see their operations in core. */
export function optimizerOverrides({ launcher }: Tools): Overrides {
  const step = (name: string, operands: readonly string[], scalars: readonly (keyof Settings)[], statements: (settings: Settings) => string): Override<Handle> =>
    ((inputs: readonly Tensor<Handle>[], settings: Settings, out: Spec) => {
      const definition = { name: `${name}${variant(settings)}`, operands, scalars, statements: () => statements(settings) }
      return pointwise(launcher, definition, inputs, out, scalars.map(scalar => settings[scalar] ?? 0))
    }) as Override<Handle>
  const gradient = ['rescaleGrad', 'clipGradient', 'wd'] as const
  return {
    sgdStep: step('sgdStep', ['w', 'g'], [...gradient, 'learningRate'], s => `return w - (${pull(s)});`),
    sgdVelocity: step('sgdVelocity', ['w', 'g', 'v'], [...gradient, 'learningRate', 'momentum'], s => `return v * momentum - (${pull(s)});`),
    nagStep: step('nagStep', ['w', 'v', 'before'], ['momentum'], () => 'return w + (v * (momentum + 1) - before * momentum);'),
    adamMean: step('adamMean', ['w', 'g', 'm'], [...gradient, 'beta'], s => `return m * beta + (${decayed(s)}) * (1 - beta);`),
    adamSquare: step('adamSquare', ['w', 'g', 's'], [...gradient, 'beta'], s => `let slope = ${decayed(s)};\nreturn s * beta + slope * slope * (1 - beta);`),
    adamStep: step('adamStep', ['w', 'm', 's'], ['rate', 'epsilon', 'decay'], ({ decay }) =>
      `let change = m * rate / (sqrtOf(s, nan) + epsilon);\nreturn w - ${decay === 0 ? 'change' : '(change + w * decay)'};`),
  }
}
