import { isFloat } from '@ashlar/core'
import type { BinaryKind, Kernels, TypedArray } from '@ashlar/core'
import { eachPairPlane } from '../layout.ts'
import type { PairPlane } from '../layout.ts'
import { toTruth } from '../types.ts'
import type { Floats, Integers } from '../types.ts'
import { fastBinary } from '../fast.ts'
import { pool } from '../pool.ts'

/** What integers have too. */
type IntegerKind = Exclude<BinaryKind, 'div' | 'atan2'>

type Loop<A> = (a: A, b: A, out: A, plane: PairPlane) => void

/** Python's remainder: it has the divisor's sign, a zero too. */
function mod(a: number, b: number): number {
  const r = a % b
  if (r === 0) return b < 0 || Object.is(b, -0) ? -0 : 0
  return r < 0 !== b < 0 ? r + b : r
}

/** IEEE 754's pow: 1 to any power is 1, and -1 to an infinite one; JavaScript's gives NaN there. */
function pow(a: number, b: number): number {
  if (a === 1 || (a === -1 && (b === Infinity || b === -Infinity))) return 1
  return Math.pow(a, b)
}

function integerMod(a: number, b: number): number {
  if (b === 0) return 0
  const r = a % b
  return r !== 0 && r < 0 !== b < 0 ? r + b : r
}

/** Square and multiply modulo 2^32, of which every narrower dtype keeps the low bits. */
function integerPow(base: number, exponent: number): number {
  if (exponent < 0) return base === 1 ? 1 : base === -1 ? (exponent & 1 ? -1 : 1) : 0
  let result = 1
  let square = base
  for (let e = exponent; e > 0; e >>= 1) {
    if (e & 1) result = Math.imul(result, square)
    square = Math.imul(square, square)
  }
  return result
}

/**
 * Computed in double and rounded when stored, which is correctly rounded for float32 sums, differences, products and
 * quotients: a double holds more than twice its digits (Figueroa, When is double rounding innocuous?, 1995).
 */
const floats: Readonly<Record<BinaryKind, Loop<Floats>>> = {
  add(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! + b[j]!
    }
  },
  sub(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! - b[j]!
    }
  },
  mul(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! * b[j]!
    }
  },
  div(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! / b[j]!
    }
  },
  mod(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = mod(a[i]!, b[j]!)
    }
  },
  pow(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = pow(a[i]!, b[j]!)
    }
  },
  maximum(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = Math.max(a[i]!, b[j]!)
    }
  },
  minimum(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = Math.min(a[i]!, b[j]!)
    }
  },
  atan2(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = Math.atan2(a[i]!, b[j]!)
    }
  },
}

/** The store wraps sums and differences; a product needs `Math.imul`, since a double drops its low bits. */
const integers: Readonly<Record<IntegerKind, Loop<Integers>>> = {
  add(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! + b[j]!
    }
  },
  sub(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! - b[j]!
    }
  },
  mul(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = Math.imul(a[i]!, b[j]!)
    }
  },
  mod(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = integerMod(a[i]!, b[j]!)
    }
  },
  pow(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = integerPow(a[i]!, b[j]!)
    }
  },
  maximum(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = Math.max(a[i]!, b[j]!)
    }
  },
  minimum(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = Math.min(a[i]!, b[j]!)
    }
  },
}

/** See `Kernels.binary`. Bools count as 0 and 1, and any result but 0 as true. */
export const binary: Kernels<TypedArray>['binary'] = (kind, a, b, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  if (isFloat(out.dtype)) {
    const loop = floats[kind]
    const [left, right] = [a.handle as Floats, b.handle as Floats]
    eachPairPlane(a, b, out, plane => {
      if (!fastBinary(kind, out.dtype, left, right, handle, plane)) loop(left, right, handle as Floats, plane)
    })
  } else {
    const loop = integers[kind as IntegerKind]
    eachPairPlane(a, b, out, plane => loop(a.handle as Integers, b.handle as Integers, handle as Integers, plane))
    if (out.dtype === 'bool') toTruth(handle as Integers)
  }
  return handle
}
