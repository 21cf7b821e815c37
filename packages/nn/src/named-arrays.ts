import type { NDArray } from '@ashlar/core'
import { ValueError } from '@ashlar/core'
import { loadEntries } from '@ashlar/io'

/**
 * The arrays of a parameter file with their names, in order.
 *
 * @throws ValueError for a file that holds a list without names
 */
export function namedArrays(file: string): [string, NDArray][] {
  const { names, arrays } = loadEntries(file)
  if (names === null && arrays.length > 0) {
    throw new ValueError(`'${file}' holds ${arrays.length} arrays without names`, { op: 'loadParameters', hint: 'parameter files name their arrays; read this one with io.load' })
  }
  return arrays.map((value, i) => [names![i]!, value])
}
