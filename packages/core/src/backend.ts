import type { DType, TypedArray } from './dtype.ts'
import type { Shape, Spec } from './shape.ts'

/**
 * What a kernel sees of an array: dense, in C order. `H` is whatever the backend keeps an array's bytes in.
 * Core has checked shapes, dtypes and axes before a kernel runs; kernels trust their input.
 */
export interface Tensor<H = unknown> extends Spec {
  readonly handle: H
}

/** Element-wise functions of one array. Input and output share a dtype; all but `neg`, `abs`, `sign` come in float dtypes only. */
export type UnaryKind =
  | 'neg' | 'abs' | 'sign' | 'exp' | 'expm1' | 'log' | 'log1p' | 'sqrt'
  | 'sin' | 'cos' | 'tan' | 'asin' | 'acos' | 'atan' | 'sinh' | 'cosh' | 'tanh' | 'asinh' | 'acosh' | 'atanh'
  | 'erf' | 'floor' | 'ceil' | 'rint' | 'trunc'

/**
 * Element-wise functions of two arrays of one dtype, broadcast to the output's shape.
 * `div` and `atan2` come in float dtypes only; integers wrap; `mod` has the divisor's sign (integers modulo 0 give 0);
 * `maximum` and `minimum` pass NaN through, and may give either zero where 0 meets -0.
 */
export type BinaryKind = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'maximum' | 'minimum' | 'atan2'

/** Comparisons of two arrays of one dtype, broadcast; the output is bool. */
export type CompareKind = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'

/** Reductions that keep the dtype. `max` and `min` pass NaN through; on bool they are any and all. */
export type ReduceKind = 'sum' | 'prod' | 'max' | 'min'

/** Positions of extremes along an axis, as int32; the first of equals wins, NaN wins over all. */
export type ArgReduceKind = 'argmax' | 'argmin'

/**
 * The kernels that every backend brings. Each returns a handle of its own for an output of the given spec, even where the
 * output equals an input (each handle is freed once), and leaves its inputs alone. Any extent may be 0.
 * NaN and infinities that are cast to an integer give what the backend gives. Of arithmetic on bool, only `maximum`, `minimum`, `max` and
 * `min` are asked for.
 */
export interface Kernels<H = unknown> {
  unary(kind: UnaryKind, x: Tensor<H>, out: Spec): H
  binary(kind: BinaryKind, a: Tensor<H>, b: Tensor<H>, out: Spec): H
  compare(kind: CompareKind, a: Tensor<H>, b: Tensor<H>, out: Spec): H
  /** `condition` is bool; all three broadcast. */
  where(condition: Tensor<H>, a: Tensor<H>, b: Tensor<H>, out: Spec): H
  /** Floats to integers truncate towards zero and wrap; anything to bool is `!= 0`. */
  cast(x: Tensor<H>, out: Spec): H
  /** `axes` ascend; the output holds the remaining axes in order, the reduced ones left out or kept as 1. A sum of nothing is 0, a product 1; core refuses max and min of nothing. */
  reduce(kind: ReduceKind, x: Tensor<H>, axes: readonly number[], out: Spec): H
  /** `axis` is left out of the output, or kept as 1. */
  argReduce(kind: ArgReduceKind, x: Tensor<H>, axis: number, out: Spec): H
  /** Output axis `i` is input axis `permutation[i]`. */
  transpose(x: Tensor<H>, permutation: readonly number[], out: Spec): H
  broadcastTo(x: Tensor<H>, out: Spec): H
  /** Element `starts[i] + k * steps[i]` along each axis `i`; steps may be negative. The extents are the output's. */
  slice(x: Tensor<H>, starts: readonly number[], steps: readonly number[], out: Spec): H
  /** `x` within `out`, `before[i]` elements of `value` ahead of it along axis `i`, the rest behind. */
  pad(x: Tensor<H>, before: readonly number[], value: number, out: Spec): H
  concat(inputs: readonly Tensor<H>[], axis: number, out: Spec): H
  /**
   * Products of the last two axes; leading axes broadcast. A transposed operand is stored with its last two axes swapped.
   * Both operands have rank 2 or more and the output's dtype.
   */
  matmul(a: Tensor<H>, b: Tensor<H>, transposeA: boolean, transposeB: boolean, out: Spec): H
  /** Entries of `x` along `axis` at int32 `indices`, which core has brought into range; the index shape replaces that axis. */
  take(x: Tensor<H>, indices: Tensor<H>, axis: number, out: Spec): H
  /** Zeros of the output's shape with `updates` added along `axis` at int32 `indices`: the gradient of `take`. */
  scatterAdd(updates: Tensor<H>, indices: Tensor<H>, axis: number, out: Spec): H
}

/**
 * A faster way to run one composed op, keyed by its name; it must give what the composition gives.
 * (Written as a method's type, so that a device of one handle type is a `Device` like any other.)
 */
export type Override<H = unknown> = { run(inputs: readonly Tensor<H>[], attributes: never, out: Spec): H }['run']

/** What a device can do. The conformance kit checks that it is true. */
export interface Capabilities {
  /**
   * The dtypes that it holds: float32, int32 (for indices) and bool (for comparisons) at least. Storage-only dtypes among
   * them need `upload`, `download`, `fill`, `cast`, `slice`, `concat`, `transpose` and `take`; all others every kernel.
   */
  readonly dtypes: readonly DType[]
  /** Whether `download` works; otherwise only `downloadAsync` does. */
  readonly syncRead: boolean
  /** Elements lie in host memory, so that looking at some costs next to nothing. */
  readonly hostMemory?: boolean
  /**
   * What a handle holds is lost unless `free` is called: device memory, or a heap of the engine's own. Arrays that a program just drops
   * are then freed when the garbage collector finds them: between turns of the event loop, and within one where the engine lets core ask.
   */
  readonly needsFree?: boolean
  /**
   * How many bytes may be in use where `needsFree` holds, every buffer charged 256 on top; default 1 GiB. Past it the arrays that were not used for longest
   * move to the host. `registerBackend(backend, { budgetBytes })` overrides it.
   */
  readonly budgetBytes?: number
  /** The most elements of one array. */
  readonly maxSize: number
  /**
   * The magnitude up to which int32 holds every whole number, where an engine keeps integers in floats (2^24). Beyond, and in
   * arithmetic whose result is beyond, elements are what the engine makes of them. Default 2^31: all of int32, which wraps.
   */
  readonly exactIntegers?: number
}

/** What a device's memory holds. */
export interface DeviceMemory {
  /** Buffers that are in use, with their bytes. */
  readonly live: { readonly buffers: number; readonly bytes: number }
  /** Freed memory that is kept to be used again. */
  readonly idle: { readonly buffers: number; readonly bytes: number }
  /** Buffers that were moved out (to garbage-collected memory, to the host) because the budget was spent, so far. */
  readonly moved: number
  /** What lies on the host because the budget was spent; buffers that only the garbage collector ended are among it. Devices that lose memory only. */
  readonly host?: { readonly buffers: number; readonly bytes: number }
  /** The most bytes that were in use at once. */
  readonly peak: number
}

/** One device of a backend: its memory and its kernels. */
export interface Device<H = unknown> {
  readonly capabilities: Capabilities
  readonly kernels: Kernels<H>
  readonly overrides?: Readonly<Record<string, Override<H>>>
  /** Copies host elements in. `data` is the dtype's own typed array, and stays the caller's. */
  upload(data: TypedArray, out: Spec): H
  /** A host copy of the elements, in the dtype's own typed array. */
  download(x: Tensor<H>): TypedArray
  downloadAsync?(x: Tensor<H>): Promise<TypedArray>
  fill(value: number, out: Spec): H
  /** The last name of the bytes is gone. */
  free(handle: H): void
  /**
   * Whether a handle takes memory of the device's own, which the garbage collector does not see. Where it is not there, `needsFree` speaks for all handles.
   */
  holds?(handle: H): boolean
  /** How many bytes of its memory a handle takes, where these are not those of the elements: an engine may keep each in four floats. The budget is charged so many. */
  bytes?(handle: H): number
  /** What its memory holds. Arrays that only the garbage collector ends may not be counted. */
  memory?(): DeviceMemory
}

/** What `registerBackend` takes: a name, a type of context, and devices that are opened when first used. */
export interface Backend {
  /** Unique a process: `cpu`, `tfjs-cuda`, `gpujs`. */
  readonly name: string
  /** The type of its contexts: `cpu`, `gpu`, or one of its own (`gpujs-cpu`) for an engine that is no GPU. */
  readonly type: string
  /** Among backends of type `gpu`, the higher comes first in the numbering of `gpu(i)`. */
  readonly priority?: number
  /** How many devices it has; 0 is fine. `Infinity` where any index names the same memory. */
  readonly count: number
  /** What the error of an index beyond `count` says: how its user gets more devices. */
  readonly more?: string
  /** Opens device `index`; called once for each. */
  open(index: number): Device
}

export type { Shape, Spec }
