import type { ArrayLikeInput, Context, GradReq, NDArray, Shape } from '@ashlar/core'
import { AssertionError, KeyError, ValueError, array, formatShape, inspectByRepr, isNDArray } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import { Uniform, create } from '@ashlar/init'
import { saveEntries } from '@ashlar/io'
import { Constant } from './constant.ts'
import { nameList } from './name-list.ts'
import { namedArrays } from './named-arrays.ts'
import type { ParameterOptions } from './parameter.ts'
import { Parameter, compatible } from './parameter.ts'

/** How a network or a dictionary is initialized. */
export interface InitializeOptions {
  /** The initializer of parameters that bring none (default `Uniform()`). */
  readonly init?: InitializerLike
  readonly ctx?: Context | readonly Context[] | null
  /** Draw again although there are values. */
  readonly forceReinit?: boolean
}

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

/** Parameters by their full names, in order. */
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
    agree(found, options)
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
      const same = formatShape(given.shape) === formatShape(found.value.shape) && given.eq(found.value).all().bool()
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
  update(other: ParameterDict, select: ((name: string) => boolean) | null = null): void {
    for (const [name, parameter] of other) {
      if (select !== null && !select(name)) continue
      const present = this.entriesByName.get(name)
      if (present !== undefined && present !== parameter) throw new AssertionError(`Cannot update self with other because they have different Parameters with the same name '${name}'`)
      this.entriesByName.set(name, parameter)
    }
  }

  /** Initializes every parameter in order; those with an initializer of their own use that. */
  initialize(init: InitializerLike = new Uniform(), options: Omit<InitializeOptions, 'init'> = {}): void {
    const defaultInit = create(init)
    for (const parameter of this.values()) {
      parameter.initialize(null, { defaultInit, ctx: options.ctx ?? null, forceReinit: options.forceReinit ?? false })
    }
  }

  /** Writes zeros into all gradients. */
  zeroGrad(): void {
    for (const parameter of this.values()) parameter.zeroGrad()
  }

  /** Moves all parameters to other contexts. */
  resetCtx(ctx: Context | readonly Context[]): void {
    for (const parameter of this.values()) parameter.resetCtx(ctx)
  }

  /** Sets `gradReq`, `lrMult` or `wdMult` on every parameter. */
  setattr(name: 'gradReq', value: GradReq): void
  setattr(name: 'lrMult' | 'wdMult', value: number): void
  setattr(name: 'gradReq' | 'lrMult' | 'wdMult', value: unknown): void {
    for (const parameter of this.values()) (parameter as unknown as Record<string, unknown>)[name] = value
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

  /** Reads parameters from a file by full names, `restorePrefix` put in front. */
  load(file: string, options: LoadOptions & { readonly restorePrefix?: string } = {}): void {
    const loaded = new Map<string, NDArray>()
    for (const [name, value] of namedArrays(file)) loaded.set((options.restorePrefix ?? '') + name.replace(/^(arg|aux):/, ''), value)
    this.take(loaded, file, options)
  }

  private take(loaded: ReadonlyMap<string, NDArray>, file: string, options: LoadOptions): void {
    if (options.allowMissing !== true) {
      for (const name of this.keys()) {
        if (!loaded.has(name)) throw new AssertionError(`Parameter '${name}' is missing in file: ${file}, which contains parameters: ${nameList([...loaded.keys()])}. Please make sure source and target networks have the same prefix.`)
      }
    }
    const chosen: [Parameter, NDArray][] = []
    for (const [name, value] of loaded) {
      const parameter = this.entriesByName.get(name)
      if (parameter !== undefined) chosen.push([parameter, value])
      else if (options.ignoreExtra !== true) {
        throw new AssertionError(`Parameter '${name}' loaded from file: ${file} is not present in ParameterDict, choices are: ${nameList([...this.keys()])}. Set ignore_extra to True to ignore.`)
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

/** Checks all options against a parameter that is there, and then completes what it does not know yet. */
function agree(found: Parameter, options: ParameterOptions): void {
  const shape = mergedShape(found, options.shape ?? null)
  for (const attribute of ['dtype', 'gradReq', 'lrMult', 'wdMult', 'differentiable'] as const) {
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
