import type { Tensor, UnaryKind } from '@ashlar/core'
import type { Handle, Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'
import { choose } from './choose.ts'
import { erf } from './erf.ts'
import { hostUnary } from './host.ts'

const KERNELS: Readonly<Record<Exclude<UnaryKind, 'trunc'>, string>> = {
  neg: 'Neg', abs: 'Abs', sign: 'Sign', exp: 'Exp', expm1: 'Expm1', log: 'Log', log1p: 'Log1p', sqrt: 'Sqrt',
  sin: 'Sin', cos: 'Cos', tan: 'Tan', asin: 'Asin', acos: 'Acos', atan: 'Atan',
  sinh: 'Sinh', cosh: 'Cosh', tanh: 'Tanh', asinh: 'Asinh', acosh: 'Acosh', atanh: 'Atanh',
  erf: 'Erf', floor: 'Floor', ceil: 'Ceil', rint: 'Round',
}

const ON_HOST = { erf, log1p: Math.log1p, sin: Math.sin } as const

const ROUNDING: ReadonlySet<UnaryKind> = new Set<UnaryKind>(['floor', 'ceil', 'rint', 'trunc'])

function isOnHost(kind: UnaryKind): kind is keyof typeof ON_HOST {
  return Object.hasOwn(ON_HOST, kind)
}

/** See `Kernels.unary`. */
export function unary(steps: Steps, kind: UnaryKind, x: Tensor<Handle>): TensorInfo {
  const { engine } = steps
  if (isOnHost(kind) && engine.deviates(kind)) return hostUnary(steps, x, ON_HOST[kind])
  const info = x.handle.info
  // Whole numbers stay what they are; TensorFlow's `Round` would give zeros.
  if (x.dtype === 'int32' && ROUNDING.has(kind)) return info
  if (kind === 'trunc') return trunc(steps, info)
  if (x.dtype === 'int32') {
    if (kind === 'neg' && engine.deviates('neg-int')) return negate(steps, info)
    if (kind === 'abs' && engine.deviates('abs-int')) return steps.call('Maximum', { a: info, b: negate(steps, info) })
    return steps.call(KERNELS[kind], { x: info })
  }
  const y = steps.call(KERNELS[kind], { x: info })
  if (kind === 'sign' && engine.deviates('sign-nan')) return choose(steps, steps.call('NotEqual', { a: info, b: info }), info, y)
  if (kind === 'rint' && engine.deviates('round-zero')) return signedZero(steps, info, y)
  return y
}

/** tfjs has no kernel for it. NaN goes with the floor. */
function trunc(steps: Steps, x: TensorInfo): TensorInfo {
  const negative = steps.call('Less', { a: x, b: steps.scalar(0) })
  return choose(steps, negative, steps.call('Ceil', { x }), steps.call('Floor', { x }))
}

function negate(steps: Steps, x: TensorInfo): TensorInfo {
  return steps.call('Sub', { a: steps.scalar(0, x.dtype), b: x })
}

/** `y`, but with the sign of `x` where it is 0. */
function signedZero(steps: Steps, x: TensorInfo, y: TensorInfo): TensorInfo {
  const zero = steps.scalar(0)
  return choose(steps, steps.call('Equal', { a: y, b: zero }), steps.call('Multiply', { a: x, b: zero }), y)
}
