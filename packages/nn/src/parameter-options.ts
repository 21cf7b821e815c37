import type { Context, DType, GradReq, Shape } from '@ashlar/core'
import { AssertionError, NotImplementedError, ValueError, checkContext, currentContext, describe } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'

/** How an array is stored; all but `'default'` are known by name only. */
export type StorageType = 'default' | 'row_sparse' | 'csr'

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
  /** How values are stored: `'default'`. */
  readonly stype?: StorageType
  /** How gradients are stored: `'default'`. */
  readonly gradStype?: StorageType
}

export const PARAMETER_OPTIONS: readonly string[] = ['gradReq', 'shape', 'dtype', 'lrMult', 'wdMult', 'init', 'allowDeferredInit', 'differentiable', 'stype', 'gradStype']

/** True prints a line for each parameter through `console.info`; a function takes the lines. */
export type Verbose = boolean | ((line: string) => void)

/** How {@link Parameter.initialize} is told what to do. */
export interface ParameterInitializeOptions {
  readonly ctx?: Context | readonly Context[] | null
  /** Used where neither `init` nor the parameter's own says otherwise. */
  readonly defaultInit?: InitializerLike
  /** Draw again although there are values. */
  readonly forceReinit?: boolean
  /** Say which initializer each parameter got. */
  readonly verbose?: Verbose
}

export const PARAMETER_INITIALIZE_OPTIONS: readonly string[] = ['ctx', 'defaultInit', 'forceReinit', 'verbose']

/** How values from a file are taken. */
export interface LoadInitOptions {
  /** Convert a dtype that differs. */
  readonly castDtype?: boolean
  /** Whose dtype wins then. */
  readonly dtypeSource?: 'current' | 'saved'
}

export const unknown = (extent: number): boolean => extent <= 0

/** Whether every known extent of a shape agrees with another's. */
export function compatible(shape: Shape, other: Shape): boolean {
  return shape.length === other.length && shape.every((n, i) => unknown(n) || n === other[i])
}

/** A shape with -1 for every unknown extent. @throws ValueError unless extents are whole numbers */
export function normalize(shape: number | Shape | null): Shape | null {
  if (shape === null) return null
  const extents = typeof shape === 'number' ? [shape] : shape
  if (!Array.isArray(extents) || !extents.every(Number.isInteger)) throw new ValueError(`a shape is a list of whole numbers, got ${describe(shape)}`, { op: 'Parameter' })
  return extents.map((n: number) => (unknown(n) ? -1 : n))
}

/** The contexts that an option names; none means the current one. @throws TypeError, ValueError */
export function contextsOf(ctx: Context | readonly Context[] | null | undefined, op = 'Parameter.initialize'): readonly Context[] {
  if (ctx === null || ctx === undefined) return [currentContext()]
  if (!Array.isArray(ctx)) return [checkContext(ctx, op)]
  if (ctx.length === 0) throw new ValueError('the list of contexts is empty', { op, hint: 'leave ctx out for the current context' })
  return ctx.map(each => checkContext(each, op))
}

export const contextList = (contexts: readonly Context[]): string => `[${contexts.join(', ')}]`

/** Whether two lists name the same contexts, in any order. */
export function sameContexts(a: readonly Context[], b: readonly Context[]): boolean {
  return a.length === b.length && a.every(x => b.some(y => x.equals(y)))
}

export function checkGradReq(request: GradReq): GradReq {
  if (['write', 'add', 'null'].includes(request)) return request
  throw new AssertionError(`grad_req must be one of 'write', 'add', or 'null', but got '${describe(request).replaceAll("'", '')}'`)
}

export function checkStorage(what: 'stype' | 'grad_stype', name: string, type: StorageType = 'default'): StorageType {
  if (!['default', 'row_sparse', 'csr'].includes(type)) {
    throw new AssertionError(`${what} for Parameter '${name}' must be one of 'default', 'row_sparse', or 'csr', but got '${describe(type).replaceAll("'", '')}'`)
  }
  if (type !== 'default') throw new NotImplementedError(`${what} '${type}' of Parameter '${name}' is not available`, { op: 'Parameter', hint: `arrays are dense: use 'default'` })
  return type
}

export function checkDtypeSource(source: LoadInitOptions['dtypeSource']): void {
  if (source === undefined || source === 'current' || source === 'saved') return
  throw new AssertionError(`dtype_source must be 'current' or 'saved', but got ${describe(source)}`)
}
