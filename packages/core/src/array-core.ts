import type { Device } from './backend.ts'
import { Buffer } from './buffer.ts'
import type { Context } from './context.ts'
import type { DType, TypedArray } from './dtype.ts'
import { RuntimeError, typeError } from './errors.ts'
import { track } from './memory.ts'
import type { NDArray } from './ndarray.ts'
import type { Shape, Spec } from './shape.ts'
import { describe, formatShape } from './shape.ts'
import type { GraphNode } from './tape.ts'

/** The mark of an array, whichever copy of core made it. */
const BRAND: symbol = Symbol.for('@ashlar/array')

/**
 * The part of an array that operations work on: a name for an immutable buffer, with shape, dtype and context.
 * `NDArray` adds the methods; keeping them apart keeps the imports free of cycles.
 */
export abstract class ArrayCore implements Spec {
  readonly shape: Shape
  readonly dtype: DType
  readonly size: number
  /** The device that holds the elements. */
  readonly context: Context
  /** @internal null once freed */
  buffer: Buffer | null
  /** @internal who made it on the tape, or its leaf */
  node: GraphNode | null = null
  /** @internal see memory.ts */
  kept = false
  /** @internal see memory.ts */
  seen = false
  /** @internal what freed it */
  fate: string | null = null
  private isPinned = false

  protected constructor(buffer: Buffer, shape: Shape, dtype: DType, size: number, context: Context) {
    this.buffer = buffer
    this.shape = shape
    this.dtype = dtype
    this.size = size
    this.context = context
  }

  static {
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** @internal see memory.ts */
  get pinned(): boolean {
    return this.isPinned
  }

  /** @internal */
  set pinned(pinned: boolean) {
    if (pinned === this.isPinned) return
    this.isPinned = pinned
    this.buffer?.slot?.pin(pinned ? 1 : -1)
  }

  /** @internal another array of the same class; the buffer reference becomes its own */
  abstract derive(buffer: Buffer, shape: Shape, dtype: DType, size: number, context: Context): NDArray

  /** @internal the bytes, for kernels */
  get handle(): unknown {
    return (this.buffer ?? this.fail()).handle
  }

  /** @internal */
  get device(): Device {
    return (this.buffer ?? this.fail()).device
  }

  /** @internal a host copy of the elements as they are stored */
  download(): TypedArray {
    const buffer = this.buffer ?? this.fail()
    return buffer.hostCopy() ?? buffer.device.download(this)
  }

  /** @internal the same when it is ready; the elements live and stay where they are until then */
  async downloadAsync(): Promise<TypedArray> {
    const buffer = this.buffer ?? this.fail()
    const { device, slot } = buffer
    if (device.downloadAsync === undefined) return this.download()
    const moved = buffer.hostCopy()
    if (moved !== null) return moved
    const name = this.snapshot()
    slot?.read(1)
    try {
      return await device.downloadAsync(name)
    } finally {
      slot?.read(-1)
      name.release('when it was read')
    }
  }

  private fail(): never {
    throw new RuntimeError(`the array of shape ${formatShape(this.shape)} was freed ${this.fate ?? ''}`.trimEnd(), {
      op: 'NDArray',
      shapes: [this.shape],
      hint: 'keep it with keep(array), or return it from scope()',
    })
  }

  /** @internal a new result, noted with whoever collects */
  make(handle: unknown, out: Spec): NDArray {
    const array = this.derive(new Buffer(handle, this.device, out), out.shape, out.dtype, out.size, this.context)
    track(array)
    return array
  }

  /** @internal another name for the same buffer, under another shape perhaps */
  share(shape: Shape = this.shape): NDArray {
    const array = this.derive((this.buffer ?? this.fail()).retain(), shape, this.dtype, this.size, this.context)
    track(array)
    return array
  }

  /** @internal another name that nobody collects, for the tape; it keeps the place in the graph */
  snapshot(): NDArray {
    const array = this.derive((this.buffer ?? this.fail()).retain(), this.shape, this.dtype, this.size, this.context)
    array.node = this.node
    return array
  }

  /** @internal lets this array name another's buffer, of the same shape and dtype, and drops the old one */
  rename(source: ArrayCore): void {
    const next = (source.buffer ?? source.fail()).retain()
    if (this.isPinned) {
      next.slot?.pin(1)
      this.buffer?.slot?.pin(-1)
    }
    this.buffer?.release()
    this.buffer = next
  }

  /** @internal ends a leaf: a gradient that nobody has seen goes, any other becomes an array like all */
  endLeaf(): void {
    const gradient = this.node?.kind === 'leaf' ? this.node.gradient : null
    if (gradient === null) return
    gradient.pinned = false
    if (!gradient.seen) gradient.release('with the array that it was the gradient of')
  }

  /** @internal what `dispose` and `scope` do; the tape's own names are only released */
  end(how: string): void {
    this.endLeaf()
    this.release(how)
  }

  /** @internal */
  release(how: string): void {
    const buffer = this.buffer
    if (buffer === null) return
    this.buffer = null
    this.fate = how
    if (this.isPinned) buffer.slot?.pin(-1)
    buffer.release()
  }

  /**
   * Frees the elements now instead of when the garbage collector finds the array. Using it afterwards throws; disposing
   * twice does nothing.
   *
   * @throws RuntimeError for parameter data and gradients, which their owners free
   */
  dispose(): void {
    if (this.pinned) {
      throw new RuntimeError('this array belongs to a parameter or is a gradient', { op: 'dispose', shapes: [this.shape] })
    }
    this.end('by dispose()')
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}

/** Whether a value is an array, of this copy of core or of another one. */
export function isNDArray(value: unknown): value is NDArray {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true
}

/**
 * Checks that a value is an array.
 *
 * @throws TypeError that says what came instead
 */
export function checkArray(value: unknown, op: string): NDArray {
  if (isNDArray(value)) return value
  throw typeError(`expected an NDArray, got ${describe(value)}`, { op, hint: 'make one with np.array(...)' })
}
