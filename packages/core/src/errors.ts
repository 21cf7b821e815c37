/** What an Ashlar error may carry beside its message. */
export interface ErrorDetails {
  /** The operation that refused, as users know it: `matmul`, `Parameter.data`. */
  readonly op?: string
  /** The actual shapes of the arguments. */
  readonly shapes?: readonly (readonly number[])[]
  /** How to mend the call. */
  readonly hint?: string
  readonly cause?: unknown
}

/** The mark of an error of ours, whichever copy of core made it. */
const MARK: symbol = Symbol.for('@ashlar/error')

function compose(message: string, details: ErrorDetails): string {
  const head = details.op === undefined ? message : `[${details.op}] ${message}`
  return details.hint === undefined ? head : `${head}; ${details.hint}`
}

function adorn(error: Error, name: string, code: string, details: ErrorDetails): void {
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(error, MARK, { value: true })
  Object.assign(error, { code })
  if (details.op !== undefined) Object.assign(error, { op: details.op })
  if (details.shapes !== undefined) Object.assign(error, { shapes: details.shapes })
  if (details.hint !== undefined) Object.assign(error, { hint: details.hint })
}

/**
 * The base of every error that Ashlar throws on purpose (the built-in `TypeError` excepted, see {@link isAshlarError}).
 * The message reads `[op] what is wrong, with the actual shapes and dtypes; how to mend it`.
 */
export class AshlarError extends Error {
  declare readonly code: string
  declare readonly op?: string
  declare readonly shapes?: readonly (readonly number[])[]
  declare readonly hint?: string

  constructor(message: string, details: ErrorDetails = {}, name = 'MXNetError', code = 'ERR_ASHLAR') {
    super(compose(message, details), details.cause === undefined ? undefined : { cause: details.cause })
    adorn(this, name, code, details)
  }
}

/** The name that Gluon users know {@link AshlarError} by. */
export const MXNetError: typeof AshlarError = AshlarError
export type MXNetError = AshlarError

/** A right type with an impossible value: a shape that does not fit, an unknown option. */
export class ValueError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'ValueError', 'ERR_VALUE')
  }
}

/** A name that is not there. */
export class KeyError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'KeyError', 'ERR_KEY')
  }
}

/** A position outside of what is there. */
export class IndexError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'IndexError', 'ERR_INDEX')
  }
}

/** A condition that Gluon asserts. */
export class AssertionError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'AssertionError', 'ERR_ASSERTION')
  }
}

/** A call that came at the wrong time: a parameter read before it was initialised, an array used after it was freed. */
export class RuntimeError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'RuntimeError', 'ERR_RUNTIME')
  }
}

/** A device's memory is spent, and nothing of it can be freed or moved at the moment. */
export class MemoryError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'MemoryError', 'ERR_MEMORY')
  }
}

/** Something that this build, backend or dtype cannot do. */
export class NotImplementedError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'NotImplementedError', 'ERR_NOT_IMPLEMENTED')
  }
}

/** A parameter was read after `initialize()` but before the first forward pass told its shape. */
export class DeferredInitializationError extends AshlarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, 'DeferredInitializationError', 'ERR_DEFERRED_INITIALIZATION')
  }
}

/**
 * An argument of the wrong kind. It is the built-in `TypeError`, marked so that {@link isAshlarError} knows it.
 *
 * @param message what came and what was expected
 */
export function typeError(message: string, details: ErrorDetails = {}): TypeError {
  const error = new TypeError(compose(message, details))
  adorn(error, 'TypeError', 'ERR_TYPE', details)
  return error
}

/**
 * Whether Ashlar threw this on purpose: true for every class of this file and for its `TypeError`s.
 *
 * @example
 * ```ts
 * import { isAshlarError, ValueError } from '@ashlar/core'
 * console.log(isAshlarError(new ValueError('no')), isAshlarError(new Error('no')))
 * // true false
 * ```
 */
export function isAshlarError(error: unknown): error is Error & { code: string; op?: string; hint?: string } {
  return error instanceof Error && (error as unknown as Record<symbol, unknown>)[MARK] === true
}
