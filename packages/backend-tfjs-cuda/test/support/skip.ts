import type { Skip } from '@ashlar/backend-kit'

/** What tfjs's own engines cannot pass. */
export const remainderByInfinity: Skip = {
  reason: 'Mod of tfjs divides first, so a remainder by an infinity is NaN',
  tests: ['binary mod float32 by infinity', 'op mod-252 float32'],
}
