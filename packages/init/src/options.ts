import { describe, typeError } from '@ashlar/core'

/**
 * Refuses what is no options object, and names that mean nothing, which are misspelt.
 *
 * @throws TypeError that lists the names there are
 */
export function checkOptions(options: unknown, names: readonly string[], op: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw typeError(`expected an object of options, got ${describe(options)}`, { op })
  const unknown = Object.keys(options).find(name => !names.includes(name))
  if (unknown !== undefined) throw typeError(`unknown option '${unknown}'`, { op, hint: names.length === 0 ? 'there are none' : `use ${names.join(', ')}` })
}
