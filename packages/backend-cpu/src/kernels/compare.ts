import { isFloat } from '@ashlar/core'
import type { Kernels, TypedArray } from '@ashlar/core'
import { eachPairPlane } from '../layout.ts'
import type { PairPlane } from '../layout.ts'
import type { Floats, Integers } from '../types.ts'
import { fastCompare } from '../fast.ts'
import { pool } from '../pool.ts'

type Loop<A> = (a: A, b: A, out: Uint8Array, plane: PairPlane) => void
/** `gt` and `ge` are these with the operands exchanged. */
type Order = 'eq' | 'ne' | 'lt' | 'le'

const floats: Readonly<Record<Order, Loop<Floats>>> = {
  eq(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! === b[j]! ? 1 : 0
    }
  },
  ne(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! === b[j]! ? 0 : 1
    }
  },
  lt(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! < b[j]! ? 1 : 0
    }
  },
  le(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! <= b[j]! ? 1 : 0
    }
  },
}

const integers: Readonly<Record<Order, Loop<Integers>>> = {
  eq(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! === b[j]! ? 1 : 0
    }
  },
  ne(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! === b[j]! ? 0 : 1
    }
  },
  lt(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! < b[j]! ? 1 : 0
    }
  },
  le(a, b, out, { rows, cols, a: a0, aRow, aCol, b: b0, bRow, bCol, o: o0 }) {
    for (let r = 0, o = o0; r < rows; r++) {
      for (let c = 0, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, i += aCol, j += bCol) out[o++] = a[i]! <= b[j]! ? 1 : 0
    }
  },
}

/** See `Kernels.compare`. NaN differs from everything, itself included. */
export const compare: Kernels<TypedArray>['compare'] = (kind, a, b, out) => {
  if (kind === 'gt') return compare('lt', b, a, out)
  if (kind === 'ge') return compare('le', b, a, out)
  const handle = pool.acquire('bool', out.size) as Uint8Array
  if (isFloat(a.dtype)) {
    const loop = floats[kind]
    const [left, right] = [a.handle as Floats, b.handle as Floats]
    eachPairPlane(a, b, out, plane => {
      if (!fastCompare(kind, a.dtype, left, right, handle, plane)) loop(left, right, handle, plane)
    })
  } else {
    const loop = integers[kind]
    eachPairPlane(a, b, out, plane => loop(a.handle as Integers, b.handle as Integers, handle, plane))
  }
  return handle
}
