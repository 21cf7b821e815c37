import { isAshlarError, typeError } from '../errors.ts'
import { internal } from '../memory.ts'
import { describe } from '../shape.ts'

/** The error under another operation's name; the text behind the brackets stays. */
function renamed(error: Error & { op?: string }, op: string): Error {
  const [before, after] = [`[${error.op}] `, `[${op}] `]
  if (error.op === undefined || error.op === op || !error.message.startsWith(before)) return error
  const message = after + error.message.slice(before.length)
  error.stack = error.stack?.replace(error.message, () => message) ?? ''
  error.message = message
  error.op = op
  return error
}

/** Runs the operations that `op` is made of: their errors bear its name, and what they make and do not return ends with it. */
export function within<T>(op: string, fn: () => T): T {
  try {
    return internal(fn)
  } catch (error) {
    throw isAshlarError(error) ? renamed(error, op) : error
  }
}

/** Checks a number that is a parameter, such as a slope. */
export function checkNumber(value: unknown, name: string, op: string): number {
  if (typeof value === 'number') return value
  throw typeError(`${name} is a number, got ${describe(value)}`, { op })
}

/** Checks a whole number that is a parameter, such as an offset. */
export function checkInteger(value: unknown, name: string, op: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw typeError(`${name} is a whole number, got ${describe(value)}`, { op })
}
