import type { DType } from '@ashlar/core'
import { NotImplementedError, callout, describe, inspectByRepr, internal, typeError } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import { Initializer, Uniform } from '@ashlar/init'
import { isBuiltIn } from './built-in.ts'
import { Callable } from './callable.ts'
import { Members } from './members.ts'
import type { ForwardHook, ForwardPreHook, HookHandle } from './hooks.ts'
import { attachHook } from './hooks.ts'
import type { Parameter } from './parameter.ts'
import type { InitializeOptions, LoadOptions } from './parameter-dict.ts'
import { ParameterDict } from './parameter-dict.ts'
import { loadParameters, saveParameters } from './parameter-file.ts'
import { NameScope } from './scope.ts'

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
  get params(): ParameterDict { return this.#params }
  /** Its children by key, in order; a subclass may write into it. */
  get children(): Map<string, Block> { return this.#members.children }
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
    const children = this.children
    children.set(name ?? String(children.size), block)
  }

  /** What the block computes; every subclass says. */
  // The base takes and gives anything, so that each subclass can say what it takes and gives.
  // eslint-disable-next-line typescript/no-explicit-any
  forward(..._inputs: any[]): any {
    throw new NotImplementedError(`${this.constructor.name} does not override forward`, { op: 'Block.forward' })
  }

  protected override invoke(inputs: unknown[]): unknown {
    for (const hook of this.#preHooks) callout(() => hook(this, inputs), inputs)
    const run = (): unknown => this.forward(...inputs)
    // What user-written code makes it may keep anywhere; what ours makes on the way, nobody can have.
    const output = isBuiltIn(this.forward) ? internal(run) : callout(run, inputs)
    refuseDelayed(output, this)
    for (const hook of this.#hooks) callout(() => hook(this, inputs, output), [inputs, output])
    return output
  }

  /** Runs a function before every call. */
  registerForwardPreHook(hook: ForwardPreHook): HookHandle { return attachHook(this.#preHooks, hook) }
  /** Runs a function after every call. */
  registerForwardHook(hook: ForwardHook): HookHandle { return attachHook(this.#hooks, hook) }

  /**
   * All parameters, own ones first, then the children's, each once.
   *
   * @param select a pattern that the full name must match from its start: `'.*weight'`
   */
  collectParams(select: string | RegExp | null = null): ParameterDict {
    const pattern = select === null ? null : new RegExp(`^(?:${typeof select === 'string' ? select : select.source})`, typeof select === 'string' ? '' : select.flags.replace(/[gy]/g, ''))
    const found = new ParameterDict(this.params.prefix)
    this.gather(found, pattern === null ? null : name => pattern.test(name), new Set())
    return found
  }

  private gather(found: ParameterDict, select: ((name: string) => boolean) | null, path: Set<Block>): void {
    // A block that holds itself, directly or not, is no child of itself.
    if (path.has(this)) return
    path.add(this)
    found.update(this.params, select)
    for (const child of this.children.values()) child.gather(found, select, path)
    path.delete(this)
  }

  /**
   * Gives all parameters their first values; those of unknown shape get them at the first forward.
   *
   * @param init the initializer of parameters that bring none (default `Uniform()`), or the options
   */
  initialize(init: InitializerLike | InitializeOptions | null = null, options: InitializeOptions = {}): void {
    const isInit = init === null || typeof init === 'string' || init instanceof Initializer
    const all = isInit ? options : init
    this.collectParams().initialize((isInit ? init : null) ?? all.init ?? new Uniform(), all)
  }

  /** Calls `fn` with every block, children before their parents. Returns this block. */
  apply(fn: (block: Block) => void): this {
    this.visit(block => callout(() => fn(block)), new Set())
    return this
  }

  private visit(fn: (block: Block) => void, path: Set<Block>): void {
    if (path.has(this)) return
    path.add(this)
    for (const child of this.children.values()) child.visit(fn, path)
    path.delete(this)
    fn(this)
  }

  /** Converts all parameters to a dtype. */
  cast(dtype: DType): void {
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
