import { checkArray } from './array-core.ts'
import type { Device, Kernels, Override } from './backend.ts'
import type { DType } from './dtype.ts'
import { checkArithmetic, isFloat } from './dtype.ts'
import { AshlarError, NotImplementedError, ValueError } from './errors.ts'
import { internal } from './memory.ts'
import type { NDArray } from './ndarray.ts'
import type { Spec } from './shape.ts'
import { formatShape } from './shape.ts'
import { state } from './state.ts'
import { TapeNode } from './tape.ts'

/** One input's gradient; a function is called only where that gradient is wanted. */
export type Gradient = NDArray | null | (() => NDArray)

/**
 * All there is to an operation. Exactly one of `kernel`, `compose` and `share` says how to run it; a backend may override a composition.
 *
 * @typeParam I the input arrays, as a tuple, or a list
 * @typeParam A the attributes: plain values that are no arrays
 */
export interface OpDefinition<I extends readonly NDArray[], A extends object> {
  /** How many arrays it takes (default 1), or `'list'`. */
  readonly arity?: 1 | 2 | 3 | 'list'
  /** Checks shapes and dtypes and tells the output's; an input may stand for "the same as this". */
  infer(inputs: I, attributes: A): Spec
  /** Runs one of the required kernels. */
  readonly kernel?: (kernels: Kernels, inputs: I, attributes: A, out: Spec) => unknown
  /** Runs other operations. */
  readonly compose?: (inputs: I, attributes: A) => NDArray
  /** The output is the input's buffer under the output's shape. */
  readonly share?: boolean
  /**
   * The inputs' gradients from the output's, in public operations, so that they are differentiable themselves. Without it a kernel is
   * a constant, and a composition is recorded step by step; or, where a backend overrides it, run again and differentiated by `backward`.
   */
  readonly vjp?: (gradient: NDArray, inputs: I, output: NDArray, attributes: A) => readonly Gradient[]
  /** Works on storage-only dtypes too, because it only moves elements. */
  readonly movesOnly?: boolean
  /** The output has no gradient, though it is a composition: whether elements are NaN, or in which order they come. */
  readonly constant?: boolean
}

/** An operation as dispatch sees it; every one has the same fields, which keeps dispatch monomorphic. */
export class Op {
  readonly name: string
  readonly infer: (inputs: readonly NDArray[], attributes: object) => Spec
  readonly kernel: ((kernels: Kernels, inputs: readonly NDArray[], attributes: object, out: Spec) => unknown) | null
  readonly compose: ((inputs: readonly NDArray[], attributes: object) => NDArray) | null
  readonly share: boolean
  readonly vjp: ((gradient: NDArray, inputs: readonly NDArray[], output: NDArray, attributes: object) => readonly Gradient[]) | null
  readonly movesOnly: boolean
  readonly constant: boolean
  /** Where `override` was looked up last. */
  private table: Device['overrides'] = undefined
  private override: Override | undefined = undefined

  constructor(name: string, definition: OpDefinition<readonly NDArray[], object>) {
    this.name = name
    this.infer = definition.infer
    this.kernel = definition.kernel ?? null
    this.compose = definition.compose ?? null
    this.share = definition.share ?? false
    this.vjp = definition.vjp ?? null
    this.movesOnly = definition.movesOnly ?? false
    this.constant = definition.constant ?? (definition.vjp === undefined && definition.compose === undefined)
  }

  /** How the device runs the operation as one, if it does. */
  overrideOn({ overrides }: Device): Override | undefined {
    if (overrides !== this.table) {
      this.table = overrides
      this.override = overrides?.[this.name]
    }
    return this.override
  }
}

/** How an operation is called: its arrays, then its attributes where it has any. */
export type OpFunction<I extends readonly NDArray[], A extends object> = number extends I['length']
  ? (inputs: I, attributes: A) => NDArray
  : keyof A extends never ? (...inputs: I) => NDArray : (...args: [...I, A]) => NDArray

const NONE: object = Object.freeze({})

/**
 * Defines an operation from one block of code, and returns the function that runs it.
 *
 * @param name what errors, override tables and the kit call it
 * @example
 * ```ts
 * import { array, defineOp, mul, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const cube = defineOp('cube', {
 *   infer: ([x]) => x,
 *   compose: ([x]) => mul(mul(x, x), x),
 *   vjp: (g, [x]) => [mul(g, mul(mul(x, x), 3))],
 * })
 * console.log(String(cube(array([1, 2]))))
 * // [1. 8.]
 * ```
 */
export function defineOp<I extends readonly NDArray[] = [NDArray], A extends object = {}>(
  name: string,
  definition: OpDefinition<I, A>,
): OpFunction<I, A> {
  const op = new Op(name, definition as unknown as OpDefinition<readonly NDArray[], object>)
  switch (definition.arity ?? 1) {
    case 'list': return ((inputs: NDArray[], attributes: object = NONE) => dispatch(op, inputs, attributes)) as never
    case 1: return ((x: NDArray, attributes: object = NONE) => dispatch(op, [x], attributes)) as never
    case 2: return ((a: NDArray, b: NDArray, attributes: object = NONE) => dispatch(op, [a, b], attributes)) as never
    default: return ((a: NDArray, b: NDArray, c: NDArray, attributes: object = NONE) => dispatch(op, [a, b, c], attributes)) as never
  }
}

/** Casting is defined here, because dispatch itself casts: see {@link widened}. */
export const castOp: OpFunction<[NDArray], { dtype: DType }> = /* #__PURE__ */ defineOp<[NDArray], { dtype: DType }>('astype', {
  movesOnly: true,
  infer: ([x], { dtype }) => ({ shape: x.shape, dtype, size: x.size }),
  kernel: (kernels, [x], _, out) => kernels.cast(x, out),
  vjp: (g, [x]) => [!isFloat(x.dtype) ? null : g.dtype === x.dtype ? g : () => castOp(g, { dtype: x.dtype })],
})

function mixedContexts(op: Op, inputs: readonly NDArray[], i: number): AshlarError {
  const first = inputs[0]!.context
  return new AshlarError(
    `Operator ${op.name} require all inputs live on the same context. But the first argument is on ${first} while the ${i + 1}-th argument is on ${inputs[i]!.context}`,
    { op: op.name, shapes: inputs.map(x => x.shape), hint: `copy one over: x.copyto(${first})` },
  )
}

function tooLarge(op: Op, inputs: readonly NDArray[], out: Spec): ValueError {
  const first = inputs[0]!
  return new ValueError(`the result of shape ${formatShape(out.shape)} has more than the ${first.device.capabilities.maxSize} elements that an array on ${first.context} can have`, {
    op: op.name,
    shapes: inputs.map(x => x.shape),
  })
}

/** The one way by which every operation runs: check, infer, run, record. */
function dispatch(op: Op, inputs: readonly NDArray[], attributes: object): NDArray {
  const { device } = checkArray(inputs[0], op.name)
  let half = false
  let hasNode = false
  for (let i = 0; i < inputs.length; i++) {
    const input = checkArray(inputs[i], op.name)
    if (!op.movesOnly) checkArithmetic(input.dtype, op.name)
    if (input.device !== device) throw mixedContexts(op, inputs, i)
    if (input.dtype === 'float16') half = true
    if (input.node !== null) hasNode = true
  }
  if (half && !op.movesOnly && !op.share) return widened(op, inputs, attributes)
  const out = op.infer(inputs, attributes)
  if (out.size > device.capabilities.maxSize) throw tooLarge(op, inputs, out)
  const recorded = hasNode && state.recording && !op.constant
  const override = op.compose === null ? undefined : op.overrideOn(device)
  // A composition without a gradient of its own is recorded through the operations it is made of, unless the backend has it as one.
  if (recorded && op.vjp === null && override === undefined) return internal(() => apart(op.compose!(inputs, attributes), inputs))
  const result = execute(op, inputs, attributes, out, device, override)
  if (recorded) {
    const node = new TapeNode(op, snapshots(inputs), attributes)
    result.node = node
    node.output = result.snapshot()
  }
  return result
}

/**
 * Puts a result that was computed outside of the tape on it, with a gradient of its own: what custom functions are made of.
 *
 * @param saved arrays that the gradient needs, which live as long as the tape
 * @param vjp from the output's gradient, and what was saved, to one for each input
 */
export function recordCustom(
  name: string, inputs: readonly NDArray[], saved: readonly NDArray[], result: NDArray,
  vjp: (gradient: NDArray, saved: readonly NDArray[]) => readonly Gradient[],
): NDArray {
  if (!state.recording || !inputs.some(input => input.node !== null)) return result
  const op = new Op(name, { infer: () => result, share: true, vjp: (gradient, all) => vjp(gradient, all.slice(inputs.length)) })
  result.node = new TapeNode(op, snapshots([...inputs, ...saved]), NONE)
  return result
}

const isFloat16 = (x: NDArray): boolean => x.dtype === 'float16'

/** float16 is computed in float32: one rounding, of the result. Casts are recorded, so gradients go through them. */
function widened(op: Op, inputs: readonly NDArray[], attributes: object): NDArray {
  return internal(() => {
    const wide = inputs.map(x => (isFloat16(x) ? castOp(x, { dtype: 'float32' }) : x))
    const result = dispatch(op, wide, attributes)
    return result.dtype === 'float32' ? castOp(result, { dtype: 'float16' }) : result
  })
}

function snapshots(inputs: readonly NDArray[]): NDArray[] {
  const names: NDArray[] = []
  for (let i = 0; i < inputs.length; i++) names.push(inputs[i]!.snapshot())
  return names
}

function execute(op: Op, inputs: readonly NDArray[], attributes: object, out: Spec, device: Device, override: Override | undefined): NDArray {
  const first = inputs[0]!
  if (op.share) return first.share(out.shape)
  if (!device.capabilities.dtypes.includes(out.dtype)) {
    throw new NotImplementedError(`${first.context} does not hold ${out.dtype}`, { op: op.name, hint: `cast first: x.astype('float32')` })
  }
  if (op.kernel !== null) return first.make(op.kernel(device.kernels, inputs, attributes, out), out)
  if (override !== undefined) return first.make(override(inputs, attributes as never, out), out)
  return composed(op, inputs, attributes)
}

/** A composition that hands back an input gives another name for it: a result is never the caller's own array. */
function apart(result: NDArray, inputs: readonly NDArray[]): NDArray {
  if (!inputs.includes(result)) return result
  const name = result.share()
  name.node = result.node
  return name
}

/** Composes without recording: the operation's own gradient stands for the steps. */
function composed(op: Op, inputs: readonly NDArray[], attributes: object): NDArray {
  const before = state.recording
  state.recording = false
  try {
    return internal(() => apart(op.compose!(inputs, attributes), inputs))
  } finally {
    state.recording = before
  }
}
