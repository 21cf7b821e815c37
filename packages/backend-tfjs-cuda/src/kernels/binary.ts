import { sameShape, sizeOf } from '@ashlar/core'
import type { BinaryKind, CompareKind, Shape, Tensor } from '@ashlar/core'
import { MAX_RANK, broadcasts, joinBroadcast } from '../axes.ts'
import type { Handle, Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'
import { hostBinary, integerPower, power, remainder } from './host.ts'
import { stretch } from './movement.ts'

const KERNELS: Readonly<Record<BinaryKind, string>> = {
  add: 'Add', sub: 'Sub', mul: 'Multiply', div: 'RealDiv', mod: 'Mod', pow: 'Pow', maximum: 'Maximum', minimum: 'Minimum', atan2: 'Atan2',
}

const COMPARISONS: Readonly<Record<CompareKind, string>> = {
  eq: 'Equal', ne: 'NotEqual', lt: 'Less', le: 'LessEqual', gt: 'Greater', ge: 'GreaterEqual',
}

type Operand = Tensor<Handle>

/** The same elements in axes that every kernel takes: wasm's of two operands leave the output as it was where there are more. */
function inFewAxes(steps: Steps, x: TensorInfo): TensorInfo {
  return x.shape.length <= MAX_RANK ? x : steps.view(x, [sizeOf(x.shape)])
}

/** Two operands in shapes that tfjs's kernels broadcast: equal, one a scalar, or of few axes. */
function align(steps: Steps, a: Operand, b: Operand, out: Shape): [TensorInfo, TensorInfo] {
  if (steps.engine.isNative && broadcasts(a, b)) {
    // Of one shape, whichever, they can stay as they are.
    if (sameShape(a.shape, b.shape) && a.handle.info.shape.length <= MAX_RANK && sameShape(a.handle.info.shape, b.handle.info.shape)) return [a.handle.info, b.handle.info]
    return [steps.shown(a), steps.shown(b)]
  }
  const [x, y] = [a.handle.info, b.handle.info]
  if (sameShape(a.shape, b.shape)) {
    const plain = inFewAxes(steps, x)
    return [plain, steps.view(y, plain.shape)]
  }
  if (b.size === 1) return [inFewAxes(steps, x), steps.view(y, [])]
  if (a.size === 1) return [steps.view(x, []), inFewAxes(steps, y)]
  const { shapes, out: joined } = joinBroadcast([a.shape, b.shape], out)
  if (joined.length <= MAX_RANK) return [steps.view(x, shapes[0]!), steps.view(y, shapes[1]!)]
  const flat = [joined.reduce((n, extent) => n * extent, 1)]
  return [steps.view(stretch(steps, x, a.shape, out), flat), steps.view(stretch(steps, y, b.shape, out), flat)]
}

/** What the host computes where an engine deviates, or nothing. */
function onHost(steps: Steps, kind: BinaryKind, dtype: string): ((a: number, b: number) => number) | undefined {
  const { engine } = steps
  if (dtype === 'int32') {
    if (kind === 'mul' && engine.deviates('multiply-int')) return Math.imul
    if (kind === 'pow' && engine.deviates('pow-int')) return integerPower
    return undefined
  }
  if (kind === 'pow' && engine.deviates('pow')) return power
  if (kind === 'mod' && engine.deviates('mod-infinity')) return remainder
  if (kind === 'maximum' && engine.deviates('maximum-nan')) return Math.max
  if (kind === 'minimum' && engine.deviates('maximum-nan')) return Math.min
  return undefined
}

/** See `Kernels.binary`. */
export function binary(steps: Steps, kind: BinaryKind, a: Operand, b: Operand, shape: Shape): TensorInfo {
  const f = a.dtype === 'bool' ? undefined : onHost(steps, kind, a.dtype)
  if (f !== undefined) return hostBinary(steps, a, b, shape, f)
  const [x, y] = align(steps, a, b, shape)
  if (a.dtype === 'bool' && kind === 'maximum') return steps.call('LogicalOr', { a: x, b: y })
  if (a.dtype === 'bool' && kind === 'minimum') return steps.call('LogicalAnd', { a: x, b: y })
  if (a.dtype === 'int32' && kind === 'mod' && steps.engine.deviates('mod-int')) return steps.call('Mod', { a: x, b: safeDivisor(steps, y) })
  return steps.call(KERNELS[kind], { a: x, b: y })
}

/** `y` with 1 for 0 and for -1: a remainder by any of these is 0. */
function safeDivisor(steps: Steps, y: TensorInfo): TensorInfo {
  const asInt = (condition: TensorInfo): TensorInfo => steps.call('Cast', { x: condition }, { dtype: 'int32' })
  const zero = asInt(steps.call('Equal', { a: y, b: steps.scalar(0, 'int32') }))
  const minus = asInt(steps.call('Equal', { a: y, b: steps.scalar(-1, 'int32') }))
  return steps.call('Add', { a: steps.call('Add', { a: y, b: zero }), b: steps.call('Add', { a: minus, b: minus }) })
}

/** See `Kernels.compare`. */
export function compare(steps: Steps, kind: CompareKind, a: Operand, b: Operand, shape: Shape): TensorInfo {
  const [x, y] = align(steps, a, b, shape)
  if (a.dtype !== 'bool' || kind === 'eq' || kind === 'ne' || !steps.engine.deviates('compare-bool')) return steps.call(COMPARISONS[kind], { a: x, b: y })
  const [i, j] = [x, y].map(info => steps.call('Cast', { x: info }, { dtype: 'int32' }))
  return steps.call(COMPARISONS[kind], { a: i, b: j })
}
