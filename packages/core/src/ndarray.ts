import { ArrayCore, isNDArray } from './array-core.ts'
import type { Buffer } from './buffer.ts'
import { backward, markVariable } from './autograd.ts'
import type { BackwardOptions } from './autograd.ts'
import type { Context } from './context.ts'
import { Context as ContextClass } from './context.ts'
import { copyTo, toStoredAsync } from './copy.ts'
import type { DType, TypedArray } from './dtype.ts'
import { ValueError, typeError } from './errors.ts'
import { decodeHalf } from './half.ts'
import { inspectByRepr } from './inspect.ts'
import { displayInJupyter } from './jupyter.ts'
import { add, div, mul, neg, sub } from './ops/arithmetic.ts'
import { astype } from './ops/cast.ts'
import { eq, ge, gt, le, lt, ne } from './ops/compare.ts'
import type { Index } from './ops/get.ts'
import { get } from './ops/get.ts'
import { dot, matmul } from './ops/linear-algebra.ts'
import { abs } from './ops/math.ts'
import type { Operand } from './ops/operands.ts'
import { mod, power } from './ops/power.ts'
import type { ArgReduceOptions, ReduceOptions } from './ops/reduce.ts'
import { all, any, argmax, argmin, max, mean, min, norm, std, sum, variance } from './ops/reduce.ts'
import { copy, expandDims, reshape, squeeze } from './ops/reshape.ts'
import { cumsum, prod } from './ops/scan.ts'
import { assign, set } from './ops/set.ts'
import { swapaxes, transpose } from './ops/transpose.ts'
import { toRepr, toText } from './printing.ts'
import type { Shape } from './shape.ts'
import { describe, formatShape } from './shape.ts'
import type { GradReq } from './tape.ts'
import { warn } from './warn.ts'

/** Elements as nested lists; bools become `true` and `false`, 64-bit integers `bigint`. */
export type Nested = number | bigint | boolean | Nested[]

/**
 * A dense array of numbers on a device: a name for an immutable buffer. In-place methods (`iadd`, `set`) let the name
 * stand for a new buffer; other arrays never notice.
 *
 * Make one with `np.array`, `np.zeros`, `np.random.uniform` and the like.
 */
export class NDArray extends ArrayCore {
  /** @internal */
  constructor(buffer: Buffer, shape: Shape, dtype: DType, size: number, context: Context) {
    super(buffer, shape, dtype, size, context)
  }

  /** @internal */
  override derive(buffer: Buffer, shape: Shape, dtype: DType, size: number, context: Context): NDArray {
    return new NDArray(buffer, shape, dtype, size, context)
  }

  /** The number of dimensions. */
  get ndim(): number { return this.shape.length }
  /** The device that holds the elements; the short name of `context`. */
  get ctx(): Context { return this.context }
  /** The axes reversed. */
  get T(): NDArray { return transpose(this) }
  /** The extent of the first axis. @throws TypeError `len() of unsized object` for a scalar */
  get length(): number {
    if (this.shape.length === 0) throw typeError('len() of unsized object', { op: 'length' })
    return this.shape[0]!
  }
  /** The gradient that `backward` wrote, or null. It is a live array: the next `backward` changes what it names. */
  get grad(): NDArray | null {
    const gradient = this.node?.kind === 'leaf' ? this.node.gradient : null
    if (gradient !== null) gradient.seen = true
    return gradient
  }

  /** Whether `backward` wrote the gradient since this was last set to false: a trainer's check for stale gradients. */
  get freshGrad(): boolean { return this.node?.kind === 'leaf' && this.node.fresh }
  set freshGrad(fresh: boolean) { if (this.node?.kind === 'leaf') this.node.fresh = fresh }

  add(other: Operand): NDArray { return add(this, other) }
  sub(other: Operand): NDArray { return sub(this, other) }
  mul(other: Operand): NDArray { return mul(this, other) }
  div(other: Operand): NDArray { return div(this, other) }
  /** The remainder, with the divisor's sign. */
  mod(other: Operand): NDArray { return mod(this, other) }
  pow(other: Operand): NDArray { return power(this, other) }
  neg(): NDArray { return neg(this) }
  abs(): NDArray { return abs(this) }
  eq(other: Operand): NDArray { return eq(this, other) }
  ne(other: Operand): NDArray { return ne(this, other) }
  lt(other: Operand): NDArray { return lt(this, other) }
  le(other: Operand): NDArray { return le(this, other) }
  gt(other: Operand): NDArray { return gt(this, other) }
  ge(other: Operand): NDArray { return ge(this, other) }
  matmul(other: NDArray): NDArray { return matmul(this, other) }
  dot(other: NDArray): NDArray { return dot(this, other) }

  /** `x += other`: this array then names the result, cast to its dtype. Returns it. */
  iadd(other: Operand): this { return assign(this, 'iadd', () => add(this, other)) as this }
  /** `x -= other`. */
  isub(other: Operand): this { return assign(this, 'isub', () => sub(this, other)) as this }
  /** `x *= other`. */
  imul(other: Operand): this { return assign(this, 'imul', () => mul(this, other)) as this }
  /** `x /= other`. */
  idiv(other: Operand): this { return assign(this, 'idiv', () => div(this, other)) as this }

  sum(options?: ReduceOptions): NDArray { return sum(this, options) }
  mean(options?: ReduceOptions): NDArray { return mean(this, options) }
  var(options?: ReduceOptions & { readonly ddof?: number }): NDArray { return variance(this, options) }
  std(options?: ReduceOptions & { readonly ddof?: number }): NDArray { return std(this, options) }
  max(options?: ReduceOptions): NDArray { return max(this, options) }
  min(options?: ReduceOptions): NDArray { return min(this, options) }
  prod(options?: ReduceOptions): NDArray { return prod(this, options) }
  cumsum(options?: { readonly axis?: number | null }): NDArray { return cumsum(this, options) }
  norm(options?: ReduceOptions): NDArray { return norm(this, options) }
  all(options?: ReduceOptions): NDArray { return all(this, options) }
  any(options?: ReduceOptions): NDArray { return any(this, options) }
  argmax(options?: ArgReduceOptions): NDArray { return argmax(this, options) }
  argmin(options?: ArgReduceOptions): NDArray { return argmin(this, options) }

  /** The same elements under another shape: `x.reshape(2, -1)` or `x.reshape([2, -1])`. */
  reshape(...shape: readonly number[] | [readonly number[]]): NDArray {
    return reshape(this, (Array.isArray(shape[0]) ? shape[0] : shape) as readonly number[])
  }
  transpose(axes?: readonly number[]): NDArray { return transpose(this, axes) }
  swapaxes(first: number, second: number): NDArray { return swapaxes(this, first, second) }
  expandDims(axis: number): NDArray { return expandDims(this, axis) }
  squeeze(axis?: number | readonly number[]): NDArray { return squeeze(this, axis) }
  flatten(): NDArray { return reshape(this, [-1]) }
  astype(dtype: DType): NDArray { return astype(this, dtype) }

  /** The elements that an index selects, as a new array: `x.get(0)`, `x.get(':', '::2')`, `x.get([0, 2])`. */
  get(...index: Index[]): NDArray { return get(this, index) }

  /** Writes over the whole array, `x.set(value)`, or over what an index selects, `x.set([0, 0], 42)`. Returns it. */
  set(value: Operand): this
  set(index: readonly Index[], value: Operand): this
  set(first: Operand | readonly Index[], second?: Operand): this {
    return (second === undefined ? set(this, null, first as Operand) : set(this, first as readonly Index[], second)) as this
  }

  /** Another array of the same elements; changing one leaves the other as it was. */
  copy(): NDArray { return copy(this) }

  /** A new array on `target`, or the elements written into the array `target`, which is returned; false, with a warning, where that is this array itself. */
  copyto(target: Context): NDArray
  copyto(target: NDArray): NDArray | false
  copyto(target: Context | NDArray): NDArray | false {
    if (target instanceof ContextClass) return copyTo(this, target)
    if (!isNDArray(target)) throw typeError(`copyto does not support type ${describe(target)}`, { op: 'copyto', hint: 'give a context or an array' })
    if (target === this) {
      warn('You are attempting to copy an array to itself', { category: 'RuntimeWarning' })
      return false
    }
    const array: NDArray = target
    return assign(array, 'copyto', () => (array.device === this.device ? this : copyTo(this, array.context)))
  }
  /** This array where it is on `context` already, else a copy there. */
  asInContext(context: Context): NDArray { return this.context.equals(context) ? this : copyTo(this, context) }
  /** This array where it is on `context` already, else a copy there. */
  asInCtx(context: Context): NDArray { return this.asInContext(context) }

  /** Makes this a leaf whose gradient `backward` writes (`'write'`), adds to (`'add'`) or leaves out (`'null'`). */
  attachGrad(gradReq: GradReq = 'write'): void { markVariable(this, gradReq) }
  /** Computes the gradients of this array with respect to its leaves; a head of more than one element starts from ones. */
  backward(headGradient: NDArray | null = null, options?: BackwardOptions): void { backward([this], [headGradient], options) }
  /** The same elements as a constant. */
  detach(): NDArray { return this.share() }

  /** A host copy of the elements in C order; float16 and bfloat16 come as the float32 numbers that they are. */
  toTypedArray(): TypedArray { return decodeHalf(this.download(), this.dtype) }
  /** A host copy, where it is ready: works on every backend. */
  async toTypedArrayAsync(): Promise<TypedArray> { return decodeHalf(await toStoredAsync(this), this.dtype) }

  /** The elements as nested lists. */
  tolist(): Nested { return nest([...this.toTypedArray()].map(value => convert(value, this.dtype)), this.shape) }

  /** The one element, or the one at a position, as a number (`bigint` for 64-bit integers, boolean for bool). */
  item(...index: number[]): number {
    const array = index.length === 0 ? this : get(this, index)
    if (array.size !== 1) {
      throw new ValueError(`can only convert an array of size 1 to a number, got shape ${formatShape(this.shape)}`, { op: 'item', shapes: [this.shape] })
    }
    return convert(array.toTypedArray()[0]!, this.dtype) as number
  }
  async itemAsync(...index: number[]): Promise<number> {
    const array = index.length === 0 ? this : get(this, index)
    if (array.size !== 1) throw new ValueError(`can only convert an array of size 1 to a number, got shape ${formatShape(this.shape)}`, { op: 'itemAsync', shapes: [this.shape] })
    return convert((await array.toTypedArrayAsync())[0]!, this.dtype) as number
  }

  /** The truth of one element; no elements are false. @throws ValueError for more than one */
  bool(): boolean {
    if (this.size === 0) {
      warn('The truth value of an empty array is ambiguous. Returning false; use x.size > 0 to check that an array is not empty.', { category: 'DeprecationWarning' })
      return false
    }
    if (this.size > 1) throw new ValueError('The truth value of an ndarray with multiple elements is ambiguous.', { op: 'bool', shapes: [this.shape], hint: 'use x.any() or x.all()' })
    // Not Boolean(), for which NaN is false.
    return Number(this.toTypedArray()[0]) !== 0
  }

  /** Lets `+x`, `x > 1` and `` `${x}` `` work; numbers need exactly one element. */
  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === 'string') return this.toString()
    if (this.size !== 1) throw typeError('only size-1 arrays can be converted to Python scalars', { op: 'number', shapes: [this.shape] })
    return Number(this.toTypedArray()[0])
  }

  /** The entries along the first axis. */
  *[Symbol.iterator](): IterableIterator<NDArray> {
    if (this.ndim === 0) throw typeError('iteration over a 0-d array', { op: 'iterate' })
    for (let i = 0; i < this.shape[0]!; i++) yield this.get(i)
  }

  override toString(): string { return toText(this) }
  /** `array([1., 2.])`, as at Python's prompt and in `console.log`. */
  repr(): string { return toRepr(this) }

  static {
    inspectByRepr(this.prototype)
    displayInJupyter(this.prototype)
  }
}

function convert(value: number | bigint, dtype: DType): number | bigint | boolean {
  return dtype === 'bool' ? value !== 0 : value
}

function nest(flat: (number | bigint | boolean)[], shape: Shape): Nested {
  if (shape.length === 0) return flat[0]!
  const inner = shape.slice(1)
  const stride = inner.reduce((a, b) => a * b, 1)
  return Array.from({ length: shape[0]! }, (_, i) => nest(flat.slice(i * stride, (i + 1) * stride), inner))
}

