import { describe, typeError } from '@ashlar/core'

/** `force_reinit` and `forceReinit` alike. */
const folded = (name: string): string => name.replaceAll('_', '').toLowerCase()

/**
 * Checks that options are an object whose names are all known, so that a misspelt one is not passed over in silence.
 *
 * @throws TypeError that names the option which was probably meant
 */
export function checkNames<T extends object>(options: T, names: readonly string[], op: string): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw typeError(`options are an object, got ${describe(options)}`, { op, hint: `there are ${names.join(', ')}` })
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue
    const meant = names.find(known => folded(known) === folded(name))
    throw typeError(`unknown option '${name}'`, { op, hint: meant === undefined ? `there are ${names.join(', ')}` : `use ${meant}` })
  }
  return options
}
