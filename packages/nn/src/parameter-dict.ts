import type { ArrayLikeInput, Context, NDArray, Shape } from '@ashlar/core'
import { AssertionError, KeyError, ValueError, array, describe, formatShape, inspectByRepr, internal, isNDArray, typeError } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import { Uniform, create } from '@ashlar/init'
import { saveEntries } from '@ashlar/io'
import { Constant } from './constant.ts'
import { nameList } from './name-list.ts'
import { namedArrays } from './named-arrays.ts'
import { checkNames } from './options.ts'
import { Parameter } from './parameter.ts'
import type { ParameterOptions, Verbose } from './parameter-options.ts'
import { PARAMETER_OPTIONS, compatible } from './parameter-options.ts'
import { allOrNone } from './preparation.ts'

/** How a network or a dictionary is initialized. */
export interface InitializeOptions {
  /** The initializer of parameters that bring none (default `Uniform()`). */
  readonly init?: InitializerLike
  readonly ctx?: Context | readonly Context[] | null
  /** Draw again although there are values. */
  readonly forceReinit?: boolean
  /** Say which initializer each parameter got. */
  readonly verbose?: Verbose
}

export const INITIALIZE_OPTIONS: readonly string[] = ['init', 'ctx', 'forceReinit', 'verbose']

/** Named arrays, as `npx.load` gives them. */
export type NamedArrays = ReadonlyMap<string, NDArray> | Readonly<Record<string, NDArray>>

/** What `setattr` sets on every parameter. */
export type SettableAttribute = 'gradReq' | 'lrMult' | 'wdMult' | 'init' | 'dtype' | 'allowDeferredInit'

const SETTABLE: readonly SettableAttribute[] = ['gradReq', 'lrMult', 'wdMult', 'init', 'dtype', 'allowDeferredInit']

/** How parameters are loaded. */
export interface LoadOptions {
  readonly ctx?: Context | readonly Context[] | null
  /** Leave parameters as they are that the file lacks. */
  readonly allowMissing?: boolean
  /** Skip what the file has and the network lacks. */
  readonly ignoreExtra?: boolean
  /** Convert dtypes that differ. */
  readonly castDtype?: boolean
  /** Whose dtype wins then: the parameter's (`'current'`) or the file's (`'saved'`). */
  readonly dtypeSource?: 'current' | 'saved'
}

export const LOAD_OPTIONS: readonly string[] = ['ctx', 'allowMissing', 'ignoreExtra', 'castDtype', 'dtypeSource']

/**
 * Parameters by their full names, in order. A block's own are its `params`; those of a whole network are what
 * `collectParams` gives.
 *
 * @example
 * ```ts
 * import { ParameterDict } from '@ashlar/nn'
 *
 * const params = new ParameterDict('net_')
 * const weight = params.get('weight', { shape: [2, 3], dtype: 'float32' })
 * console.log(params, params.get('weight') === weight, params.at('net_weight') === weight)
 * // net_ (
 * //   Parameter net_weight (shape=(2, 3), dtype=float32)
 * // ) true true
 * ```
 */
export class ParameterDict {
  readonly prefix: string
  /** Where `get` looks for a parameter that is not here. */
  readonly shared: ParameterDict | null
  private readonly entriesByName = new Map<string, Parameter>()

  constructor(prefix = '', shared: ParameterDict | null = null) {
    this.prefix = prefix
    this.shared = shared
  }

  get size(): number { return this.entriesByName.size }
  keys(): IterableIterator<string> { return this.entriesByName.keys() }
  values(): IterableIterator<Parameter> { return this.entriesByName.values() }
  entries(): IterableIterator<[string, Parameter]> { return this.entriesByName.entries() }
  has(fullName: string): boolean { return this.entriesByName.has(fullName) }
  [Symbol.iterator](): IterableIterator<[string, Parameter]> { return this.entries() }

  /** The parameter of a full name, `dense0_weight`. @throws KeyError */
  at(fullName: string): Parameter {
    const found = this.entriesByName.get(fullName)
    if (found === undefined) throw new KeyError(`'${fullName}'`, { op: 'ParameterDict.at', hint: `there are ${nameList([...this.keys()]) || 'none'}` })
    return found
  }

  /**
   * The parameter of a short name, `weight`: found here or in `shared`, else made. Options must agree with what is found.
   *
   * @throws AssertionError where they do not
   */
  get(name: string, options: ParameterOptions = {}): Parameter {
    const found = this.find(this.prefix + name)
    if (found === null) {
      const made = new Parameter(this.prefix + name, options)
      this.entriesByName.set(made.name, made)
      return made
    }
    agree(found, checkNames(options, PARAMETER_OPTIONS, 'ParameterDict.get'))
    return found
  }

  /** A fixed array by its short name: found, or made from `value`. @throws KeyError where there is neither */
  getConstant(name: string, value: ArrayLikeInput | null = null): Constant {
    const fullName = this.prefix + name
    const found = this.find(fullName)
    if (found === null) {
      if (value === null) throw new KeyError(`No constant named '${fullName}'. Please specify value if you want to create a new constant.`)
      const made = new Constant(fullName, value)
      this.entriesByName.set(fullName, made)
      return made
    }
    if (!(found instanceof Constant)) throw new AssertionError(`Parameter '${fullName}' already exists but it is not a constant.`)
    if (value !== null) {
      const given = isNDArray(value) ? value : array(value)
      const same = formatShape(given.shape) === formatShape(found.value.shape) && internal(() => given.eq(found.value).all().bool())
      if (!same) throw new AssertionError(`Constant '${fullName}' already exists but it's value doesn't match new value`)
    }
    return found
  }

  private find(fullName: string): Parameter | null {
    const own = this.entriesByName.get(fullName)
    if (own !== undefined) return own
    const borrowed = this.shared?.find(fullName) ?? null
    if (borrowed !== null) this.entriesByName.set(fullName, borrowed)
    return borrowed
  }

  /** Adds another dictionary's parameters. @throws AssertionError where a name means two different ones */
  update(other: Iterable<[string, Parameter]>, select: ((name: string) => boolean) | null = null): void {
    for (const [name, parameter] of other) {
      if (select !== null && !select(name)) continue
      const present = this.entriesByName.get(name)
      if (present !== undefined && present !== parameter) throw new AssertionError(`Cannot update self with other because they have different Parameters with the same name '${name}'`)
      this.entriesByName.set(name, parameter)
    }
  }

  /**
   * Initializes every parameter in order; those with an initializer of their own use that. Where one fails, none has
   * changed, and the random streams are where they were.
   */
  initialize(init: InitializerLike = new Uniform(), options: Omit<InitializeOptions, 'init'> = {}): void {
    const { ctx = null, forceReinit = false, verbose = false } = checkNames(options, INITIALIZE_OPTIONS, 'initialize')
    const defaultInit = create(init)
    allOrNone([...this.values()].map(parameter => () => parameter.prepare(null, { defaultInit, ctx, forceReinit, verbose })))
  }

  /** Writes zeros into all gradients. */
  zeroGrad(): void {
    for (const parameter of this.values()) parameter.zeroGrad()
  }

  /** Moves all parameters to other contexts, or none where one cannot. */
  resetCtx(ctx: Context | readonly Context[]): void {
    allOrNone([...this.values()].map(parameter => () => parameter.prepareReset(ctx)))
  }

  /** The contexts that hold values of any parameter, or will. @throws RuntimeError where one was never initialized */
  listCtx(): Context[] {
    const found = new Map<string, Context>()
    for (const parameter of this.values()) for (const context of parameter.listCtx()) found.set(String(context), context)
    return [...found.values()]
  }

  /** Sets an attribute on every parameter: `params.setattr('gradReq', 'null')`. @throws ValueError for any that cannot be set so */
  setattr<K extends SettableAttribute>(name: K, value: Parameter[K]): void {
    if (!SETTABLE.includes(name)) throw new ValueError(`no attribute ${describe(name)} to set`, { op: 'ParameterDict.setattr', hint: `there are ${SETTABLE.join(', ')}` })
    for (const parameter of this.values()) parameter[name] = value
  }

  /** Writes all parameters to a file under their full names, less `stripPrefix`. */
  save(file: string, stripPrefix = ''): void {
    const entries: [string, NDArray][] = []
    for (const [name, parameter] of this) {
      if (!name.startsWith(stripPrefix)) throw new ValueError(`Prefix '${stripPrefix}' is to be striped before saving, but Parameter's name '${name}' does not start with '${stripPrefix}'.`)
      entries.push([name.slice(stripPrefix.length), parameter.reduce()])
    }
    saveEntries(file, entries)
  }

  /** Reads parameters from a file by full names, `restorePrefix` put in front; a leading `arg:` or `aux:` is taken off. */
  load(file: string, options: LoadOptions & { readonly restorePrefix?: string } = {}): void {
    const loaded = new Map<string, NDArray>()
    for (const [name, value] of namedArrays(file)) loaded.set((options.restorePrefix ?? '') + plainName(name), value)
    this.take(loaded, `file: ${file}`, options)
  }

  /**
   * Takes parameters from arrays by full names, `restorePrefix` put in front.
   *
   * @throws TypeError unless all are arrays, AssertionError where names, shapes or dtypes do not agree; nothing is changed then
   */
  loadDict(arrays: NamedArrays, options: LoadOptions & { readonly restorePrefix?: string } = {}): void {
    const loaded = new Map<string, NDArray>()
    for (const [name, value] of entriesOf(arrays, 'loadDict')) loaded.set((options.restorePrefix ?? '') + plainName(name), value)
    this.take(loaded, 'param_dict', options)
  }

  /** `source` is how messages name where the arrays come from. */
  private take(loaded: ReadonlyMap<string, NDArray>, source: string, options: LoadOptions): void {
    checkNames(options, [...LOAD_OPTIONS, 'restorePrefix'], 'load')
    if (options.allowMissing !== true) {
      for (const name of this.keys()) {
        if (!loaded.has(name)) throw new AssertionError(`Parameter '${name}' is missing in ${source}, which contains parameters: ${nameList([...loaded.keys()])}. Please make sure source and target networks have the same prefix.`)
      }
    }
    const chosen: [Parameter, NDArray][] = []
    for (const [name, value] of loaded) {
      const parameter = this.entriesByName.get(name)
      if (parameter !== undefined) chosen.push([parameter, value])
      else if (options.ignoreExtra !== true) {
        throw new AssertionError(`Parameter '${name}' loaded from ${source} is not present in ParameterDict, choices are: ${nameList([...this.keys()])}. Set ignore_extra to True to ignore.`)
      }
    }
    // All are checked before the first is changed, so that a refused file changes nothing.
    for (const [parameter, value] of chosen) parameter.checkLoad(value, options.ctx ?? null, options)
    for (const [parameter, value] of chosen) parameter.loadInit(value, options.ctx ?? null, options)
  }

  toString(): string {
    const lines = [...this.values()].map(parameter => `  ${parameter}`).join('\n')
    return `${this.prefix === '' ? '' : `${this.prefix} `}(\n${lines}\n)`
  }

  repr(): string { return this.toString() }

  static {
    inspectByRepr(this.prototype)
  }
}

/** The name without the mark that exported files put before it. */
export const plainName = (name: string): string => name.replace(/^(arg|aux):/, '')

/** The entries of named arrays. @throws TypeError unless all are arrays */
export function entriesOf(arrays: NamedArrays, op: string): [string, NDArray][] {
  if (typeof arrays !== 'object' || arrays === null || Array.isArray(arrays) || isNDArray(arrays)) throw typeError(`expected arrays by name, got ${describe(arrays)}`, { op, hint: 'give a Map or a plain object' })
  const entries = arrays instanceof Map ? [...(arrays as ReadonlyMap<string, NDArray>)] : Object.entries(arrays as Readonly<Record<string, NDArray>>)
  for (const [name, value] of entries) if (!isNDArray(value)) throw typeError(`'${name}' is no array but ${describe(value)}`, { op })
  return entries
}

/** Checks all options against a parameter that is there, and then completes what it does not know yet. */
function agree(found: Parameter, options: ParameterOptions): void {
  const shape = mergedShape(found, options.shape ?? null)
  for (const attribute of ['dtype', 'gradReq', 'lrMult', 'wdMult', 'differentiable', 'stype', 'gradStype'] as const) {
    const wanted = options[attribute] ?? null
    if (wanted !== null && wanted !== found[attribute]) throw mismatch(found, attribute, String(wanted), String(found[attribute]))
  }
  const wanted = options.init ?? null
  if (wanted !== null && found.init !== null && !create(wanted).equals(create(found.init))) {
    throw mismatch(found, 'init', create(wanted).dumps(), create(found.init).dumps())
  }
  found.init ??= wanted
  if (shape !== null) found.shape = shape
}

/** Where one of two shapes knows an extent, the other takes it. */
function mergedShape(found: Parameter, desired: number | Shape | null): Shape | null {
  if (desired === null) return null
  const wanted: Shape = typeof desired === 'number' ? [desired] : desired
  const stored = found.shape
  if (stored === null) return wanted
  const merged = stored.map((n, i) => (n > 0 ? n : (wanted[i] ?? n)))
  if (!compatible(wanted, merged)) throw mismatch(found, 'shape', formatShape(wanted), formatShape(stored))
  return merged
}

function mismatch(found: Parameter, attribute: string, desired: string, stored: string): AssertionError {
  return new AssertionError(`Cannot retrieve Parameter '${found.name}' because desired attribute does not match with stored for attribute '${attribute}': desired '${desired}' vs stored '${stored}'.`)
}
