import type { Extents } from '@ashlar/core'
import { MAX_SIZE, ValueError, describe, typeError } from '@ashlar/core'
import { pythonFloat } from '../python-float.ts'

/** What every block's options may have. */
export const BLOCK_NAMES: readonly string[] = ['prefix', 'params']

/** Checks a whole number that is an option, such as a number of channels. @throws ValueError */
export function wholeNumber(value: unknown, least: number, name: string, op: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MAX_SIZE) return value
  throw new ValueError(`${name} is a whole number from ${least}, got ${describe(value)}`, { op })
}

/** Checks a number that is an option, such as a slope. @throws ValueError */
export function finiteNumber(value: unknown, name: string, op: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new ValueError(`${name} is a number, got ${describe(value)}`, { op })
}

/** An option as one whole number for each of `rank` axes; one number stands for all. @throws ValueError */
export function extentsOf(value: Extents, rank: number, least: number, name: string, op: string): readonly number[] {
  const list: readonly unknown[] = typeof value === 'number' ? new Array<number>(rank).fill(value) : Array.isArray(value) ? value : [value]
  if (list.length === rank && list.every(n => typeof n === 'number' && Number.isInteger(n) && n >= least && n <= MAX_SIZE)) return [...list] as number[]
  throw new ValueError(`${name} is a whole number from ${least}, or ${rank} of them, got ${describe(value)}`, { op })
}

/** Takes apart what Python writes by position or by name: `LSTM(256, 2)`, `LSTM(256, { numLayers: 2 })`. */
export function positional<V, O extends object>(first: V | O | undefined, options: O | undefined, name: keyof O, op: string): O {
  if (first === undefined) return options ?? ({} as O)
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return { ...options, [name]: first } as O
  if (options === undefined) return first as O
  throw typeError(`${String(name)} comes before the options, got ${describe(first)}`, { op })
}

/** A number as Python prints it: `1e-05` where JavaScript has 0.00001. Whole numbers are written as such. */
export function pythonNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : pythonFloat(value)
}

/** A truth value as Python prints it. */
export const pythonBool = (value: boolean): string => (value ? 'True' : 'False')
