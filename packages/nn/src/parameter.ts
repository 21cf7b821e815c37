import type { DType, GradReq, NDArray, Shape } from '@ashlar/core'
import {
  AssertionError, DeferredInitializationError, RuntimeError, ValueError, autograd, checkDType, copyTo, currentContext, describe,
  deviceOf, formatShape, inspectByRepr, np, warn, Context,
} from '@ashlar/core'
import { cpu, using } from '@ashlar/device'
import type { InitializerLike } from '@ashlar/init'
import { Uniform, create } from '@ashlar/init'

/** What a parameter is made with. */
export interface ParameterOptions {
  /** `'write'` (default), `'add'` or `'null'`: what `backward` does with the gradient. */
  readonly gradReq?: GradReq
  /** Unknown extents are -1 (or 0); a number `n` means `[n]`. */
  readonly shape?: number | Shape | null
  /** Default float32. */
  readonly dtype?: DType | null
  /** Factor on the trainer's learning rate. */
  readonly lrMult?: number
  /** Factor on the trainer's weight decay. */
  readonly wdMult?: number
  /** Its own initializer, which wins over the network's. */
  readonly init?: InitializerLike | null
  /** Wait for the first forward where the shape is not known yet. */
  readonly allowDeferredInit?: boolean
  /** False for what never has a gradient. */
  readonly differentiable?: boolean
}

/** How {@link Parameter.initialize} is told what to do. */
export interface ParameterInitializeOptions {
  readonly ctx?: Context | readonly Context[] | null
  /** Used where neither `init` nor the parameter's own says otherwise. */
  readonly defaultInit?: InitializerLike
  /** Draw again although there are values. */
  readonly forceReinit?: boolean
}

/** How values from a file are taken. */
export interface LoadInitOptions {
  /** Convert a dtype that differs. */
  readonly castDtype?: boolean
  /** Whose dtype wins then. */
  readonly dtypeSource?: 'current' | 'saved'
}

interface Pending {
  readonly init: InitializerLike
  readonly contexts: readonly Context[]
  data: NDArray | null
}

const unknown = (extent: number): boolean => extent <= 0

/** Whether every known extent of a shape agrees with another's. */
export function compatible(shape: Shape, other: Shape): boolean {
  return shape.length === other.length && shape.every((n, i) => unknown(n) || n === other[i])
}

/** The contexts that an option names; none means the current one. */
function contextsOf(ctx: Context | readonly Context[] | null | undefined): readonly Context[] {
  if (ctx === null || ctx === undefined) return [currentContext()]
  return ctx instanceof Context ? [ctx] : ctx
}

const list = (contexts: readonly Context[]): string => `[${contexts.join(', ')}]`

/**
 * A weight of a network: values on one or more contexts, each with a gradient. Its shape may be completed by the first
 * forward (deferred initialization).
 */
export class Parameter {
  readonly name: string
  lrMult: number
  wdMult: number
  init: InitializerLike | null
  readonly allowDeferredInit: boolean
  readonly differentiable: boolean
  protected arrays: NDArray[] | null = null
  private pending: Pending | null = null
  private extents: Shape | null
  private elementType: DType
  /** Printed as numpy's class where no dtype was asked for (behaviour B-1.2). */
  private dtypeWasGiven: boolean
  private request: GradReq

  constructor(name: string, options: ParameterOptions = {}) {
    this.name = name
    this.lrMult = options.lrMult ?? 1
    this.wdMult = options.wdMult ?? 1
    this.init = options.init ?? null
    this.allowDeferredInit = options.allowDeferredInit ?? false
    this.differentiable = options.differentiable ?? true
    this.extents = normalize(options.shape ?? null)
    this.dtypeWasGiven = options.dtype !== undefined && options.dtype !== null
    this.elementType = checkDType(options.dtype ?? 'float32', 'Parameter')
    this.request = checkGradReq(this.differentiable ? (options.gradReq ?? 'write') : 'null')
  }

  /** The shape, with -1 for what is not known yet; null where nothing is. */
  get shape(): Shape | null {
    return this.extents
  }

  /** Fills in unknown extents; known ones can be neither changed nor forgotten. */
  set shape(shape: Shape) {
    const before = this.extents
    if (before !== null && !compatible(before, shape)) {
      throw new AssertionError(`Expected shape ${formatShape(shape)} is incompatible with given shape ${formatShape(before)}.`, { op: `Parameter ${this.name}`, shapes: [before, shape] })
    }
    this.extents = normalize(shape)
  }

  get dtype(): DType {
    return this.elementType
  }

  /** Whether values wait for the first forward to tell the shape. */
  get deferred(): boolean {
    return this.pending !== null
  }

  get gradReq(): GradReq {
    return this.request
  }

  /** Null frees the gradients; writing again allocates zeros. */
  set gradReq(request: GradReq) {
    checkGradReq(request)
    if (!this.differentiable || request === this.request) return
    this.request = request
    this.arrays?.forEach(data => this.attach(data))
  }

  /**
   * Gives the parameter its values, or notes how to, where the shape is not known and may be deferred.
   *
   * @param init wins over the parameter's own and over the default
   * @throws ValueError where the shape is unknown and may not be deferred
   */
  initialize(init: InitializerLike | null = null, options: ParameterInitializeOptions = {}): void {
    if (this.arrays !== null && options.forceReinit !== true) {
      warn(`Parameter '${this.name}' is already initialized, ignoring. Set force_reinit=True to re-initialize.`)
      return
    }
    const chosen = create(init ?? this.init ?? options.defaultInit ?? new Uniform())
    const contexts = contextsOf(options.ctx)
    const known = this.extents !== null && !this.extents.some(unknown)
    if (!known && !this.allowDeferredInit) {
      throw new ValueError(`Cannot initialize Parameter '${this.name}' because it has invalid shape: ${this.extents === null ? 'None' : formatShape(this.extents)}.`, { hint: 'give in_units, in_channels or the like' })
    }
    // Old values go only when there are new ones: an initializer that fails changes nothing.
    if (known) autograd.pause(() => this.allocate(this.draw(chosen, this.extents!), contexts))
    else this.arrays = null
    this.pending = known ? null : { init: chosen, contexts, data: null }
  }

  /**
   * Draws the values that were waiting for the shape. Nothing happens where none wait, and nothing changes where it fails.
   *
   * @param shape what the shape turned out to be, where it is not known yet
   */
  finishDeferredInit(shape: Shape | null = null): void {
    const pending = this.pending
    if (pending === null) return
    const before = this.extents
    if (shape !== null) this.shape = shape
    try {
      const extents = this.extents
      if (extents === null || extents.some(unknown)) throw this.notYet()
      autograd.pause(() => this.allocate(pending.data ?? this.draw(create(pending.init), extents), pending.contexts))
      this.pending = null
    } catch (error) {
      this.extents = before
      throw error
    }
  }

  /** First values, drawn on the CPU whatever the contexts, so that they do not depend on the device (N-04). */
  protected draw(initializer: ReturnType<typeof create>, shape: Shape): NDArray {
    const data = np.zeros(shape, { dtype: this.elementType, ctx: cpu() })
    using(cpu(), () => initializer.initWeight(this.name, data))
    return data
  }

  private allocate(data: NDArray, contexts: readonly Context[]): void {
    const arrays = contexts.map(context => {
      const copy = data.context.equals(context) ? data.detach() : copyTo(data, context)
      copy.pinned = true
      return copy
    })
    arrays.forEach(array => this.attach(array))
    this.arrays = arrays
  }

  private attach(data: NDArray): void {
    if (this.request === 'null') data.node = null
    else data.attachGrad(this.request)
  }

  /**
   * The live values on a context; without one, the only copy or that on the current context.
   *
   * @throws RuntimeError where it was not initialized there, DeferredInitializationError before the first forward
   */
  data(ctx: Context | null = null): NDArray {
    const arrays = this.arrays
    if (arrays === null) throw this.pending === null ? this.never() : this.notYet()
    if (ctx === null && arrays.length === 1) return arrays[0]!
    const wanted = ctx ?? currentContext()
    const found = arrays.find(array => array.context.equals(wanted))
    if (found !== undefined) return found
    throw new RuntimeError(`Parameter '${this.name}' was not initialized on context ${wanted}. It was only initialized on ${list(this.listCtx())}.`, { hint: 'copy the input over, or initialize or reset the network there' })
  }

  /** The live gradient on a context. @throws RuntimeError where `gradReq` is null */
  grad(ctx: Context | null = null): NDArray {
    const gradient = this.data(ctx).grad
    if (gradient === null) throw new RuntimeError(`Cannot get gradient array for Parameter '${this.name}' because grad_req='null'`)
    return gradient
  }

  /** The values on every context, in the order that they were given. */
  listData(): NDArray[] {
    if (this.arrays === null) throw this.pending === null ? this.never() : this.notYet()
    return [...this.arrays]
  }

  /** The gradients on every context. */
  listGrad(): NDArray[] {
    return this.listData().map(array => this.grad(array.context))
  }

  /** The contexts that hold values, or will. */
  listCtx(): Context[] {
    if (this.arrays !== null) return this.arrays.map(array => array.context)
    if (this.pending !== null) return [...this.pending.contexts]
    throw new RuntimeError(`Parameter '${this.name}' has not been initialized`)
  }

  /** Writes values into every copy; before they are drawn, they stand in for the initializer. */
  setData(data: NDArray): void {
    if (this.arrays === null && this.pending === null) throw new AssertionError(`Parameter '${this.name}' has not been initialized`)
    this.shape = data.shape
    if (this.pending !== null) {
      this.pending.data = data.detach().astype(this.elementType)
      if (!this.extents!.some(unknown)) this.finishDeferredInit()
      return
    }
    for (const array of this.arrays!) array.set(data.asInContext(array.context).astype(this.elementType))
  }

  /** Writes zeros into the gradients. */
  zeroGrad(): void {
    for (const array of this.arrays ?? []) array.grad?.set(0)
  }

  /** Moves the values to other contexts: the mean of the copies, with gradients of zeros. */
  resetCtx(ctx: Context | readonly Context[]): void {
    const contexts = contextsOf(ctx)
    if (this.arrays !== null) this.allocate(this.reduce(), contexts)
    else if (this.pending !== null) this.pending = { ...this.pending, contexts }
    else throw new ValueError(`Cannot reset context for Parameter '${this.name}' because it has not been initialized.`)
  }

  /** Converts values and gradients. */
  cast(dtype: DType): void {
    const type = checkDType(dtype, 'cast')
    autograd.pause(() => { this.arrays = this.arrays?.map(array => this.castCopy(array, type)) ?? null })
    this.elementType = type
    this.dtypeWasGiven = true
  }

  private castCopy(array: NDArray, dtype: DType): NDArray {
    const copy = array.detach().astype(dtype)
    copy.pinned = true
    this.attach(copy)
    if (array.grad !== null) copy.grad!.set(array.grad.astype(dtype))
    copy.freshGrad = array.freshGrad
    return copy
  }

  /** The average of the copies, on the CPU: what is saved. */
  reduce(): NDArray {
    const copies = this.listData().map(array => array.detach().asInContext(cpu()))
    if (copies.length === 1) return copies[0]!
    return copies.reduce((total, copy) => total.add(copy)).div(copies.length).astype(this.elementType)
  }

  /**
   * Checks values from a file against shape, dtype and contexts, and changes nothing.
   *
   * @throws AssertionError where they do not agree
   */
  checkLoad(data: NDArray, ctx: Context | readonly Context[] | null, options: LoadInitOptions = {}): void {
    const problem = `Failed loading Parameter '${this.name}' from saved params:`
    if (this.extents !== null && !compatible(this.extents, data.shape)) {
      throw new AssertionError(`${problem} shape incompatible expected ${formatShape(this.extents)} vs saved ${formatShape(data.shape)}`, { shapes: [this.extents, data.shape] })
    }
    if (data.dtype !== this.elementType && options.castDtype !== true) {
      throw new AssertionError(`${problem} dtype incompatible expected ${this.elementType} vs saved ${data.dtype}. Set cast_dtype=True to cast the dtype of saved params.`)
    }
    const current = this.arrays !== null || this.pending !== null ? this.listCtx() : null
    if (current !== null && ctx !== null && !sameContexts(contextsOf(ctx), current)) {
      throw new AssertionError(`Failed to load Parameter '${this.name}' on ${list(contextsOf(ctx))} because it was previous initialized on ${list(current)}.`)
    }
    for (const context of current ?? (ctx === null ? [] : contextsOf(ctx))) deviceOf(context, 'loadParameters')
  }

  /** Takes values from a file, after {@link checkLoad}: fixes unknown extents, and initializes where that has not happened. */
  loadInit(data: NDArray, ctx: Context | readonly Context[] | null, options: LoadInitOptions = {}): void {
    this.checkLoad(data, ctx, options)
    const current = this.arrays !== null || this.pending !== null ? this.listCtx() : null
    const saved = options.dtypeSource === 'saved'
    if (saved) this.elementType = data.dtype
    this.extents = data.shape
    const values = data.astype(this.elementType)
    // Values are replaced within the arrays that others hold already; new arrays only where there were none.
    if (this.arrays !== null && this.arrays[0]!.dtype === this.elementType) {
      for (const array of this.arrays) array.set(values.asInContext(array.context))
      return
    }
    autograd.pause(() => this.allocate(values, current ?? (ctx === null ? [cpu()] : contextsOf(ctx))))
    this.pending = null
  }

  private never(): RuntimeError {
    return new RuntimeError(`Parameter '${this.name}' has not been initialized. Note that you should initialize parameters and create Trainer with Block.collect_params() instead of Block.params because the later does not include Parameters of nested child Blocks`)
  }

  private notYet(): DeferredInitializationError {
    return new DeferredInitializationError(`Parameter '${this.name}' has not been initialized yet because initialization was deferred. Actual initialization happens during the first forward pass. Please pass one batch of data through the network before accessing Parameters. You can also avoid deferred initialization by specifying in_units, num_features, etc., for network layers.`)
  }

  /** `Parameter dense0_weight (shape=(256, 20), dtype=float32)`. */
  toString(): string {
    return `${this.kind()} ${this.name} (shape=${this.extents === null ? 'None' : formatShape(this.extents)}, dtype=${this.dtypeText()})`
  }

  protected kind(): string {
    return 'Parameter'
  }

  private dtypeText(): string {
    return this.dtypeWasGiven ? this.elementType : `<class 'numpy.${this.elementType}'>`
  }

  repr(): string {
    return this.toString()
  }

  static {
    inspectByRepr(this.prototype)
  }
}

function normalize(shape: number | Shape | null): Shape | null {
  if (shape === null) return null
  return (typeof shape === 'number' ? [shape] : shape).map(n => (unknown(n) ? -1 : n))
}

function sameContexts(a: readonly Context[], b: readonly Context[]): boolean {
  return a.length === b.length && a.every(x => b.some(y => x.equals(y)))
}

function checkGradReq(request: GradReq): GradReq {
  if (['write', 'add', 'null'].includes(request)) return request
  throw new AssertionError(`grad_req must be one of 'write', 'add', or 'null', but got '${describe(request).replaceAll("'", '')}'`)
}
