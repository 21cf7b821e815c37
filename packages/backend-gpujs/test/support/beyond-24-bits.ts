import type { Skip } from '@ashlar/backend-kit'

/** What no mode can pass: gpu.js has float32 and nothing else to keep an integer in. */
export const beyond24Bits: Skip = {
  reason: 'integers are floats here: exact to 2^24, saturating instead of wrapping',
  tests: [
    /^unary (neg|abs) int32$/,
    /^binary (add|sub|mul|mod|pow) int32 wraps$/,
    'binary pow int32 broadcasting',
    'binary int32 known values',
    'reduce prod int32 along every set of axes',
    'reduce wraps int32',
    'matmul int32 wraps',
  ],
}
