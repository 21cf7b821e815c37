import type { DType, NDArray } from '@ashlar/core'
import { NotImplementedError, autograd, callout, checkDType, describe, inspectByRepr, internal, typeError, warn } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import { Initializer, Uniform } from '@ashlar/init'
import { isBuiltIn } from './built-in.ts'
import { Callable } from './callable.ts'
import { aside, enter, familyOf, leave, reportContainers } from './family.ts'
import { Members } from './members.ts'
import type { ForwardHook, ForwardPreHook, HookHandle } from './hooks.ts'
import { attachHook } from './hooks.ts'
import type { Parameter } from './parameter.ts'
import type { InitializeOptions, LoadOptions, NamedArrays } from './parameter-dict.ts'
import { INITIALIZE_OPTIONS, ParameterDict } from './parameter-dict.ts'
import { loadParameters, saveParameters } from './parameter-file.ts'
import { checkNames } from './options.ts'
import { NameScope } from './scope.ts'
import type { LoadStateDictOptions, LoadStateDictResult } from './state-dict.ts'
import { checkModuleName, loadStateDict, namedParameters, stateDict } from './state-dict.ts'
import { summarize } from './summary.ts'

/** What every block's constructor takes. */
export interface BlockOptions {
  /** The start of its parameters' names, used as it is; without it the class name and a number. */
  readonly prefix?: string | null
  /** Use these parameters instead of own ones, where the short names agree: `params: other.params`. */
  readonly params?: ParameterDict | null
}

// A block is called as its forward is.
// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export interface Block {
  (...inputs: Parameters<this['forward']>): ReturnType<this['forward']>
}

/**
 * The base of everything that makes up a network: a subclass keeps its parts in fields and says in `forward` what it
 * computes. A block is callable: `net(x)` runs its hooks and `forward`.
 *
 * Children and parameters are what the public fields hold, found when asked, in the order of first being seen. A block in
 * a `#private` field, a list or a closure cannot be seen; `registerChild` adds it.
 *
 * @example
 * ```ts
 * import { np, registerBackend, type NDArray } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Block, Dense } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * class Residual extends Block {
 *   inner = new Dense(4)
 *   override forward(x: NDArray): NDArray {
 *     return x.add(this.inner(x))
 *   }
 * }
 * const net = new Residual()
 * net.initialize()
 * console.log(net(np.ones([2, 4])).shape, [...net.collectParams().keys()])
 * // [ 2, 4 ] [ 'dense0_weight', 'dense0_bias' ]
 * ```
 */
// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export class Block extends Callable {
  /** Overrides the class name in parameter names, where code is minified or several classes go by one name. */
  static readonly alias: string | null = null

  #prefix: string
  readonly #namesNothing: boolean
  #params: ParameterDict
  #scope: NameScope | null = null
  #members = new Members(this)
  #preHooks = new Set<ForwardPreHook>()
  #hooks = new Set<ForwardHook>()
  #evaluating = false

  constructor(options: BlockOptions = {}, alias: string | null = null) {
    super()
    const hint = alias ?? (new.target as typeof Block).alias ?? new.target.name.toLowerCase()
    const named = NameScope.resolve(options.prefix ?? null, options.params ?? null, hint)
    this.#prefix = named.prefix
    this.#namesNothing = options.prefix === ''
    this.#params = named.params
  }

  /** The start of its parameters' names. */
  get prefix(): string { return this.#prefix }
  /** The prefix without its trailing `_`. */
  get name(): string { return this.#prefix.endsWith('_') ? this.#prefix.slice(0, -1) : this.#prefix }
  /** Its own parameters, without those of its children. */
  get params(): ParameterDict {
    if (!(#params in this)) throw unconstructed(this, '_params')
    return this.#params
  }
  /** Its children by key, in order; a subclass may write into it. */
  get children(): Map<string, Block> {
    if (!(#members in this)) throw unconstructed(this, '_children')
    return this.#members.children
  }
  /** False after `eval()`, until `train()`. */
  get training(): boolean { return !this.#evaluating }
  /** Its parameters that stand in fields, by field name. */
  get fieldParameters(): ReadonlyMap<string, Parameter> { return this.#members.parameters }
  /** Its children that stand in fields: what the printed form shows. */
  protected get fieldChildren(): [string, Block][] { return this.#members.fieldChildren }

  /** Names the blocks that `fn` makes after this one, and returns what `fn` returns: `d = this.nameScope(() => new Dense(4))`. */
  nameScope<T>(fn: () => T): T {
    // With an empty prefix, the surrounding scope names the children (behaviour B-4.4).
    if (this.#namesNothing) return fn()
    this.#scope ??= new NameScope(this)
    return this.#scope.run(fn)
  }

  /** Adds a child under a key (default: how many there are). */
  registerChild(block: Block, name: string | null = null): void {
    if (!(block instanceof Block)) throw typeError(`a child is a Block, got ${describe(block)}`, { op: 'registerChild' })
    this.checkChild(block)
    const children = this.children
    children.set(name ?? String(children.size), block)
  }

  /**
   * Adds a child under a name, which may hold blanks and no dots. Returns this block.
   *
   * @throws KeyError for a name that is empty, holds a dot or is that of a method or field, TypeError for what is no block
   */
  addModule(name: string, block: Block): this {
    checkModuleName(this, name, block)
    this.registerChild(block, name)
    return this
  }

  /** @internal whether `checkChild` refuses any */
  get choosesChildren(): boolean { return false }
  /** @internal refuses what may not be its child */
  checkChild(_child: Block): void {}

  /** What the block computes; every subclass says. */
  // The base takes and gives anything, so that each subclass can say what it takes and gives.
  // eslint-disable-next-line typescript/no-explicit-any
  forward(..._inputs: any[]): any {
    throw new NotImplementedError(`${this.constructor.name} does not override forward`, { op: 'Block.forward' })
  }

  protected override invoke(inputs: unknown[]): unknown {
    this.#members.look()
    if (this.#preHooks.size > 0) for (const hook of this.#preHooks) besides(() => hook(this, inputs), inputs)
    const outer = enter(this, inputs)
    let output: unknown
    try {
      output = this.#evaluating ? autograd.predictMode(() => this.#run(inputs)) : this.#run(inputs)
    } finally {
      leave(outer)
    }
    if (this.#hooks.size > 0) for (const hook of this.#hooks) besides(() => hook(this, inputs, output), [inputs, output])
    return output
  }

  #run(inputs: unknown[]): unknown {
    const { forward } = this
    const run = (): unknown => (inputs.length === 1 ? forward.call(this, inputs[0]) : forward.apply(this, inputs)) as unknown
    // What user-written code makes it may keep anywhere; what ours makes on the way, nobody can have.
    const output = isBuiltIn(forward) ? internal(run) : callout(run, inputs)
    refuseDelayed(output, this)
    return output
  }

  /** Runs a function before every call. */
  registerForwardPreHook(hook: ForwardPreHook): HookHandle { return attachHook(this.#preHooks, hook) }
  /** Runs a function after every call. */
  registerForwardHook(hook: ForwardHook): HookHandle { return attachHook(this.#hooks, hook) }

  /**
   * All parameters, own ones first, then the children's, each once. Warns of blocks in lists, which are not found.
   *
   * @param select a pattern that the full name must match from its start: `'.*weight'`
   */
  collectParams(select: string | RegExp | null = null): ParameterDict {
    const matches = matcher(select)
    const found = new ParameterDict(this.params.prefix)
    const family = familyOf(this)
    reportContainers(family)
    for (const block of family) found.update(block.ownParameters(), matches)
    return found
  }

  /** What `params` holds, then parameters from elsewhere that stand in fields. */
  private ownParameters(): Iterable<[string, Parameter]> {
    return [...this.params, ...[...this.fieldParameters.values()].map((parameter): [string, Parameter] => [parameter.name, parameter])]
  }

  /**
   * Gives all parameters their first values; those of unknown shape get them at the first forward. Where one cannot be
   * initialized, none has changed, and the random streams are where they were.
   *
   * @param init the initializer of parameters that bring none (default `Uniform()`), or the options
   * @throws ValueError for an unknown shape that may not wait, AssertionError for an unknown initializer, TypeError for unknown options
   */
  initialize(init: InitializerLike | InitializeOptions | null = null, options: InitializeOptions = {}): void {
    const isInit = init === null || typeof init === 'string' || init instanceof Initializer
    const all = checkNames(isInit ? options : init, INITIALIZE_OPTIONS, 'initialize')
    this.collectParams().initialize((isInit ? init : null) ?? all.init ?? new Uniform(), all)
  }

  /** Calls `fn` with every block once, children before their parents. Returns this block. */
  apply(fn: (block: Block) => void): this {
    this.visit(block => callout(() => fn(block)), new Set())
    return this
  }

  private visit(fn: (block: Block) => void, seen: Set<Block>): void {
    if (seen.has(this)) return
    seen.add(this)
    for (const child of this.children.values()) child.visit(fn, seen)
    fn(this)
  }

  /** Lets this block and all beneath it behave as in prediction, inside `record` too, until `train()`. Returns this block. */
  eval(): this {
    return this.train(false)
  }

  /** Ends `eval()`: layers behave as the recording says again. `train(false)` is `eval()`. Returns this block. */
  train(mode = true): this {
    for (const block of familyOf(this)) block.#evaluating = !mode
    return this
  }

  /** Converts all parameters to a dtype. */
  cast(dtype: DType): void {
    checkDType(dtype, 'cast')
    within(casting, this, () => {
      for (const child of this.children.values()) if (!casting.has(child)) child.cast(dtype)
    })
    for (const parameter of this.params.values()) parameter.cast(dtype)
  }

  /** Writes the parameters to a file, under the names of the fields that hold them: `hidden.weight`. */
  saveParameters(file: string, options: { readonly deduplicate?: boolean } = {}): void { saveParameters(this, file, options) }

  /**
   * Reads parameters from a file that `saveParameters` or Gluon wrote. It need not be initialized before.
   *
   * @throws AssertionError, ValueError where names, shapes or dtypes do not agree; nothing is changed then
   */
  loadParameters(file: string, options: LoadOptions = {}): void { loadParameters(this, file, options) }

  /** The old form of `saveParameters`: full names without this block's prefix. @deprecated */
  saveParams(file: string): void {
    warn('save_params is deprecated. Please use save_parameters.', { category: 'DeprecationWarning' })
    this.collectParams().save(file, this.prefix)
  }

  /** The old name of `loadParameters`. @deprecated */
  loadParams(file: string, options: LoadOptions = {}): void {
    warn('load_params is deprecated. Please use load_parameters.', { category: 'DeprecationWarning' })
    this.loadParameters(file, options)
  }

  /**
   * The values as they are now, by structural names (`hidden.weight`), a shared parameter under each of its names. Later
   * steps do not change them, and `dispose` refuses them.
   */
  stateDict(): Map<string, NDArray> { return stateDict(this) }

  /**
   * Takes values by structural names, which `stateDict` or `npx.load` gave. It need not be initialized before.
   *
   * @throws RuntimeError that lists all names and sizes that do not agree; nothing is changed then
   */
  loadStateDict(arrays: NamedArrays, options: LoadStateDictOptions = {}): LoadStateDictResult { return loadStateDict(this, arrays, options) }

  /** Parameters by structural names, each once under its first. */
  namedParameters(): ReadonlyMap<string, Parameter> { return namedParameters(this) }

  /**
   * Runs the network once on these inputs, in prediction mode, and prints for each layer what shape it gave and how many
   * parameters it has. Returns the text.
   */
  summary(...inputs: unknown[]): string {
    const text = summarize(this, inputs)
    // To print is what it is for.
    // eslint-disable-next-line no-console
    console.log(text)
    return text
  }

  override toString(): string {
    return this.describeWith(this.fieldChildren)
  }

  /** The printed form: the class name, and each child indented under its key. */
  protected describeWith(children: Iterable<[string, Block]>): string {
    const others = [...children].filter(([, child]) => child !== this && !printing.has(child))
    const lines = within(printing, this, () => others.map(([key, child]) => `  (${key}): ${child.toString().replaceAll('\n', '\n  ')}`))
    return `${this.constructor.name}(\n${lines.join('\n')}\n)`
  }

  repr(): string { return this.toString() }

  static {
    inspectByRepr(this.prototype)
  }
}

/** What a pattern says of a full name; it has to match from the start. */
function matcher(select: string | RegExp | null): ((name: string) => boolean) | null {
  if (select === null) return null
  const [source, flags] = typeof select === 'string' ? [select, ''] : [select.source, select.flags.replace(/[gy]/g, '')]
  const pattern = new RegExp(`^(?:${source})`, flags)
  return name => pattern.test(name)
}

function unconstructed(block: object, attribute: string): TypeError {
  return typeError(`'${block.constructor.name}' object has no attribute '${attribute}'`, { hint: 'its constructor did not call that of Block: super(options) comes first' })
}

/** Runs a hook, which is user code beside the network. */
function besides(hook: () => void, handed: unknown): void {
  const outer = aside()
  try {
    callout(hook, handed)
  } finally {
    leave(outer)
  }
}

/** The blocks that a walk has come through, so that a cycle of fields ends where it began. */
const casting: Set<Block> = /* #__PURE__ */ new Set()
const printing: Set<Block> = /* #__PURE__ */ new Set()

function within<T>(path: Set<Block>, block: Block, fn: () => T): T {
  path.add(block)
  try {
    return fn()
  } finally {
    path.delete(block)
  }
}

function refuseDelayed(output: unknown, block: Block): void {
  const candidate = output as { then?: unknown; next?: unknown } | null
  if (typeof candidate !== 'object' || candidate === null) return
  if (typeof candidate.then === 'function' || typeof candidate.next === 'function') {
    throw typeError('forward returned a promise or a generator, which would run after recording ended', { op: block.constructor.name, hint: 'make forward synchronous' })
  }
}
