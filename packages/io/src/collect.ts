import type { NDArray } from '@ashlar/core'
import { ValueError, describe, isNDArray, typeError } from '@ashlar/core'

/** What can be saved: one array, a list of arrays, or named arrays. */
export type Arrays = NDArray | readonly NDArray[] | Readonly<Record<string, NDArray>> | ReadonlyMap<string, NDArray>

/** The arrays to write, and their names unless it is a list. */
export interface Collected {
  readonly names: readonly string[] | null
  readonly arrays: readonly NDArray[]
}

const KINDS = 'Only accepts dict str->ndarray or list of ndarrays'

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value) as object | null
  // The second test is true of plain objects from other realms.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * Sorts out what a caller wants saved.
 *
 * @throws ValueError for anything that is no array, list or dictionary, TypeError for entries that are no arrays
 */
export function collect(data: unknown, op: string): Collected {
  if (isNDArray(data)) return { names: null, arrays: [data] }
  if (Array.isArray(data)) return { names: null, arrays: data.map((value: unknown, i) => checkEntry(value, String(i), op)) }
  if (data instanceof Map) return collectEntries(data, op)
  if (isPlainObject(data)) return collectEntries(Object.entries(data), op)
  throw new ValueError('data needs to either be a ndarray, dict of (str, ndarray) pairs or a list of ndarrays.', { op })
}

/**
 * Takes names and arrays from pairs, in their order.
 *
 * @throws TypeError for a name or an array that is none, ValueError for a name that comes twice or is not valid Unicode
 */
export function collectEntries(entries: Iterable<readonly [unknown, unknown]>, op: string): Collected {
  const found = new Map<string, NDArray>()
  for (const [name, value] of entries) {
    if (typeof name !== 'string') throw typeError(KINDS, { op, hint: `a name is ${describe(name)}` })
    if (found.has(name)) throw new ValueError(`the name '${name}' comes twice`, { op })
    if (/\p{Surrogate}/u.test(name)) throw new ValueError(`the name ${JSON.stringify(name)} is no valid Unicode`, { op })
    found.set(name, checkEntry(value, `'${name}'`, op))
  }
  return { names: [...found.keys()], arrays: [...found.values()] }
}

/** Takes names and arrays from a list whose last entry may be an object of named ones; the others get the names `arr_0`, `arr_1`, … */
export function collectMixed(values: readonly unknown[], op: string): Collected {
  const last = values.at(-1)
  const [listed, named] = isPlainObject(last) ? [values.slice(0, -1), Object.entries(last)] : [values, []]
  return collectEntries([...listed.map((value, i) => [`arr_${i}`, value] as const), ...named], op)
}

function checkEntry(value: unknown, where: string, op: string): NDArray {
  if (isNDArray(value)) return value
  throw typeError(KINDS, { op, hint: `entry ${where} is ${describe(value)}` })
}
