import type { Context, DType, GradReq, NDArray, Shape } from '@ashlar/core'
import {
  AssertionError, DeferredInitializationError, RuntimeError, ValueError, autograd, callout, checkDType, copyTo, currentContext, describe, deviceOf,
  formatShape, inspectByRepr, internal, isNDArray, np, typeError, warn,
} from '@ashlar/core'
import { cpu, using } from '@ashlar/device'
import type { Initializer, InitializerLike } from '@ashlar/init'
import { InitDesc, Uniform, create } from '@ashlar/init'
import { checkNames } from './options.ts'
import type { LoadInitOptions, ParameterInitializeOptions, ParameterOptions, StorageType, Verbose } from './parameter-options.ts'
import {
  PARAMETER_INITIALIZE_OPTIONS, PARAMETER_OPTIONS, checkDtypeSource, checkGradReq, checkStorage, compatible, contextList, contextsOf, normalize,
  sameContexts, unknown,
} from './parameter-options.ts'
import type { Prepared } from './preparation.ts'
import { allOrNone, isOurs } from './preparation.ts'

/** What waits for the first forward. */
interface Pending {
  readonly init: Initializer
  /** The network's, which `init` comes with: `Load` gives what it has instead. */
  readonly network: Initializer
  readonly contexts: readonly Context[]
  readonly verbose: Verbose
  data: NDArray | null
}

/**
 * A weight of a network: values on one or more contexts, each with a gradient. Its shape may be completed by the first
 * forward (deferred initialization).
 *
 * @example
 * ```ts
 * import { registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Parameter } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const weight = new Parameter('weight', { shape: [2, 3], dtype: 'float32' })
 * weight.initialize('ones')
 * weight.data().set([0, 0], 42)
 * console.log(weight, weight.data())
 * // Parameter weight (shape=(2, 3), dtype=float32) array([[42.,  1.,  1.],
 * //        [ 1.,  1.,  1.]])
 * console.log(weight.grad())
 * // array([[0., 0., 0.],
 * //        [0., 0., 0.]])
 * ```
 */
export class Parameter {
  readonly name: string
  lrMult: number
  wdMult: number
  init: InitializerLike | null
  allowDeferredInit: boolean
  readonly differentiable: boolean
  readonly stype: StorageType
  readonly gradStype: StorageType
  protected arrays: NDArray[] | null = null
  private pending: Pending | null = null
  private extents: Shape | null
  private elementType: DType
  /** Printed as numpy's class where no dtype was asked for (behaviour B-1.2). */
  private dtypeWasGiven: boolean
  private request: GradReq

  /**
   * @throws AssertionError for an unknown `gradReq`, `stype` or `gradStype`, NotImplementedError for sparse ones, TypeError for an unknown dtype
   */
  constructor(name: string, options: ParameterOptions = {}) {
    if (typeof name !== 'string') throw typeError(`a parameter's name is text, got ${describe(name)}`, { op: 'Parameter' })
    checkNames(options, PARAMETER_OPTIONS, 'Parameter')
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
    this.gradStype = checkStorage('grad_stype', name, options.gradStype)
    this.stype = checkStorage('stype', name, options.stype)
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

  /** Converts values and gradients, as {@link cast} does. */
  set dtype(dtype: DType) {
    this.cast(dtype)
  }

  /** Whether it has values. */
  get initialized(): boolean {
    return this.arrays !== null
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
    checkNames(options, PARAMETER_INITIALIZE_OPTIONS, 'Parameter.initialize')
    allOrNone([() => this.prepare(init, options)])
  }

  /** @internal draws first values, which count once they are committed: a failure changes nothing */
  prepare(init: InitializerLike | null, options: ParameterInitializeOptions): Prepared {
    if (this.arrays !== null && options.forceReinit !== true) {
      return { arrays: [], commit: () => warn(`Parameter '${this.name}' is already initialized, ignoring. Set force_reinit=True to re-initialize.`) }
    }
    const network = create(options.defaultInit ?? new Uniform())
    const own = init ?? this.init
    const chosen = own === null ? network : create(own)
    const contexts = contextsOf(options.ctx)
    const verbose = options.verbose ?? false
    if (this.extents === null || this.extents.some(unknown)) {
      if (!this.allowDeferredInit) {
        throw new ValueError(`Cannot initialize Parameter '${this.name}' because it has invalid shape: ${this.extents === null ? 'None' : formatShape(this.extents)}.`, { hint: 'give in_units, in_channels or the like' })
      }
      for (const context of contexts) deviceOf(context, 'Parameter.initialize')
      return { arrays: [], commit: () => { this.take(null, { init: chosen, network, contexts, verbose, data: null }) } }
    }
    return this.prepareValues(() => this.draw(chosen, network, this.extents!, verbose), contexts)
  }

  private prepareValues(make: () => NDArray, contexts: readonly Context[]): Prepared {
    const arrays = autograd.pause(() => internal(() => this.allocate(make(), contexts)))
    return { arrays, commit: () => { this.take(arrays, null) } }
  }

  private take(arrays: NDArray[] | null, pending: Pending | null): void {
    this.arrays = arrays
    this.pending = pending
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
      allOrNone([() => this.prepareValues(() => pending.data ?? this.draw(pending.init, pending.network, extents, pending.verbose), pending.contexts)])
    } catch (error) {
      this.extents = before
      throw error
    }
  }

  /** First values, drawn on the CPU whatever the contexts, so that they do not depend on the device (N-04). */
  protected draw(initializer: Initializer, network: Initializer, shape: Shape, verbose: Verbose): NDArray {
    const data = np.zeros(shape, { dtype: this.elementType, ctx: cpu() })
    const run = (): void => using(cpu(), () => network.call(new InitDesc(this.name, { attrs: { __init__: initializer } }), data))
    // What a user's initializer has seen, it may keep.
    if (isOurs(initializer) && isOurs(network)) run(); else callout(run, data)
    if (verbose !== false) this.announce(initializer, data, verbose)
    return data
  }

  /** The line says how large values are: their norm over the root of their number. */
  private announce(initializer: Initializer, data: NDArray, verbose: Verbose): void {
    const size = internal(() => np.norm(data.astype('float64')).item() as number) / Math.sqrt(Math.max(data.size, 1))
    const line = `Initialized ${this.name} as ${initializer.dumps()}: ${Number(size.toPrecision(7))}`
    // The user asked for these lines.
    // eslint-disable-next-line no-console
    if (typeof verbose === 'function') verbose(line); else console.info(line)
  }

  private allocate(data: NDArray, contexts: readonly Context[]): NDArray[] {
    const arrays = contexts.map(context => {
      const copy = data.context.equals(context) ? data.detach() : copyTo(data, context)
      copy.pinned = true
      return copy
    })
    arrays.forEach(array => this.attach(array))
    return arrays
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
    throw new RuntimeError(`Parameter '${this.name}' was not initialized on context ${wanted}. It was only initialized on ${contextList(this.listCtx())}.`, { hint: 'copy the input over, or initialize or reset the network there' })
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

  /** Writes values into every copy; before they are drawn, they stand in for the initializer. @throws AssertionError for another shape */
  setData(data: NDArray): void {
    if (!isNDArray(data)) throw typeError(`setData takes an array, got ${describe(data)}`, { op: `Parameter ${this.name}`, hint: 'np.array(…) makes one' })
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
    allOrNone([() => this.prepareReset(ctx)])
  }

  /** @internal as {@link prepare} */
  prepareReset(ctx: Context | readonly Context[]): Prepared {
    const contexts = contextsOf(ctx, 'Parameter.resetCtx')
    const pending = this.pending
    if (this.arrays !== null) return this.prepareValues(() => this.reduce(), contexts)
    if (pending !== null) return { arrays: [], commit: () => { this.pending = { ...pending, contexts } } }
    throw new ValueError(`Cannot reset context for Parameter '${this.name}' because it has not been initialized.`)
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

  /** The values as they are now, under a name of their own, which later steps do not change; the mean where there are several copies. */
  snapshot(): NDArray {
    const copies = this.listData()
    const values = copies.length === 1 ? copies[0]!.detach() : this.reduce()
    values.pinned = true
    return values
  }

  /**
   * Checks values from a file against shape, dtype and contexts, and changes nothing.
   *
   * @throws AssertionError where they do not agree
   */
  checkLoad(data: NDArray, ctx: Context | readonly Context[] | null, options: LoadInitOptions = {}): void {
    checkDtypeSource(options.dtypeSource)
    const problem = `Failed loading Parameter '${this.name}' from saved params:`
    if (this.extents !== null && !compatible(this.extents, data.shape)) {
      throw new AssertionError(`${problem} shape incompatible expected ${formatShape(this.extents)} vs saved ${formatShape(data.shape)}`, { shapes: [this.extents, data.shape] })
    }
    if (data.dtype !== this.elementType && options.castDtype !== true) {
      throw new AssertionError(`${problem} dtype incompatible expected ${this.elementType} vs saved ${data.dtype}. Set cast_dtype=True to cast the dtype of saved params.`)
    }
    const current = this.arrays !== null || this.pending !== null ? this.listCtx() : null
    if (current !== null && ctx !== null && !sameContexts(contextsOf(ctx), current)) {
      throw new AssertionError(`Failed to load Parameter '${this.name}' on ${contextList(contextsOf(ctx))} because it was previous initialized on ${contextList(current)}.`)
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
    this.take(autograd.pause(() => this.allocate(values, current ?? (ctx === null ? [cpu()] : contextsOf(ctx)))), null)
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
