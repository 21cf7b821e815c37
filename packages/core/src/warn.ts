/** What comes with a warning. */
export interface WarningOptions {
  /** The kind, in Python's words: `UserWarning`, `DeprecationWarning`, `RuntimeWarning`. */
  readonly category: string
}

/** Takes a warning; the default prints it through `console.warn`. */
export type WarningHandler = (message: string, options: WarningOptions) => void

const toConsole: WarningHandler = (message, { category }) => console.warn(`${category}: ${message}`)

let handler: WarningHandler = toConsole

/**
 * Says something that the user should know and that stops nothing.
 *
 * @param message one line
 */
export function warn(message: string, options: WarningOptions = { category: 'UserWarning' }): void {
  handler(message, options)
}

/**
 * Replaces what happens to warnings; without an argument the default comes back.
 *
 * @returns the handler that was there before
 * @example
 * ```ts
 * import { setWarningHandler, warn } from '@ashlar/core'
 * const before = setWarningHandler((message, { category }) => console.log(category, message))
 * warn('the learning rate is negative')
 * setWarningHandler(before)
 * // UserWarning the learning rate is negative
 * ```
 */
export function setWarningHandler(next: WarningHandler = toConsole): WarningHandler {
  const before = handler
  handler = next
  return before
}
