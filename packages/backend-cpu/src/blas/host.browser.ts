import type { BlasHost } from './library.ts'

/** Pages have no native libraries. */
export function blasHost(): BlasHost {
  return {
    wanted: undefined,
    obstacle: 'there are no native libraries here',
    candidates: () => [],
    trial: () => 'there are no native libraries here',
    open() {
      throw new Error('there are no native libraries here')
    },
  }
}
