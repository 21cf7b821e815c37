import { ValueError, describe, typeError } from '@ashlar/core'
import type { PoolOptions } from './pool.ts'

/** How the CPU backend uses the machine. */
export interface CpuOptions extends PoolOptions {
  /**
   * How many threads work on large arrays, the caller included. Default `ASHLAR_THREADS` in Node, else as many as the machine runs at once.
   * Results do not depend on it.
   */
  readonly threads?: number
}

const OP = 'cpuBackend'
const NAMES: readonly string[] = ['threads', 'poolBytes', 'poison'] satisfies readonly (keyof CpuOptions)[]

/**
 * Checks the options of `cpuBackend`.
 *
 * @throws TypeError for unknown options and values of the wrong kind, ValueError for impossible numbers
 */
export function checkCpuOptions(options: CpuOptions): CpuOptions {
  if (typeof options !== 'object' || options === null) throw typeError(`expected an object of options, got ${describe(options)}`, { op: OP, hint: 'name them, as in { threads: 2 }' })
  const unknown = Object.keys(options).find(name => !NAMES.includes(name))
  if (unknown !== undefined) throw typeError(`unknown option '${unknown}'`, { op: OP, hint: `there are ${NAMES.join(', ')}` })
  checkNumber('threads', options.threads, 1)
  checkNumber('poolBytes', options.poolBytes, 0)
  if (options.poison !== undefined && typeof options.poison !== 'boolean') throw typeError(`poison is true or false, got ${describe(options.poison)}`, { op: OP })
  return options
}

function checkNumber(name: 'threads' | 'poolBytes', value: unknown, least: number): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw typeError(`${name} is a whole number, got ${describe(value)}`, { op: OP })
  if (!Number.isSafeInteger(value) || value < least) throw new ValueError(`${name} is ${value}`, { op: OP, hint: `give a whole number of ${least} or more` })
}
