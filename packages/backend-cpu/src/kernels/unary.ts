import { isFloat } from '@ashlar/core'
import type { Kernels, TypedArray, UnaryKind } from '@ashlar/core'
import { erf } from './erf.ts'
import { toTruth } from '../types.ts'
import type { Floats, Integers } from '../types.ts'
import { fastUnary } from '../fast.ts'
import { pool } from '../pool.ts'

type Loop<A> = (x: A, out: A, n: number) => void

/** Half to even. Adding 2^52 leaves a double no bits for a fraction, and the addition itself rounds half to even. */
function rint(x: number): number {
  if (!(Math.abs(x) < 4503599627370496)) return x
  const shift = x < 0 ? -4503599627370496 : 4503599627370496
  const rounded = x + shift - shift
  return rounded === 0 ? x * 0 : rounded // the sign of a rounded-away -0.3 stays
}

/** One loop a kind: a shared loop calling a function an element would be several times slower. */
const floats: Readonly<Record<UnaryKind, Loop<Floats>>> = {
  neg(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = -x[i]!
  },
  abs(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.abs(x[i]!)
  },
  sign(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.sign(x[i]!)
  },
  exp(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.exp(x[i]!)
  },
  expm1(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.expm1(x[i]!)
  },
  log(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.log(x[i]!)
  },
  log1p(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.log1p(x[i]!)
  },
  sqrt(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.sqrt(x[i]!)
  },
  sin(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.sin(x[i]!)
  },
  cos(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.cos(x[i]!)
  },
  tan(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.tan(x[i]!)
  },
  asin(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.asin(x[i]!)
  },
  acos(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.acos(x[i]!)
  },
  atan(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.atan(x[i]!)
  },
  sinh(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.sinh(x[i]!)
  },
  cosh(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.cosh(x[i]!)
  },
  tanh(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.tanh(x[i]!)
  },
  asinh(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.asinh(x[i]!)
  },
  acosh(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.acosh(x[i]!)
  },
  atanh(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.atanh(x[i]!)
  },
  erf(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = erf(x[i]!)
  },
  floor(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.floor(x[i]!)
  },
  ceil(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.ceil(x[i]!)
  },
  rint(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = rint(x[i]!)
  },
  trunc(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.trunc(x[i]!)
  },
}

/** The store wraps: the magnitude of an int8 -128 is -128. */
const integers: Readonly<Partial<Record<UnaryKind, Loop<Integers>>>> = {
  neg(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = -x[i]!
  },
  abs(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.abs(x[i]!)
  },
  sign(x, out, n) {
    for (let i = 0; i < n; i++) out[i] = Math.sign(x[i]!)
  },
}

/** See `Kernels.unary`. Computed in double; float32 rounds once, when stored. */
export const unary: Kernels<TypedArray>['unary'] = (kind, x, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  if (isFloat(x.dtype)) {
    if (!fastUnary(kind, out.dtype, x.handle, handle)) floats[kind](x.handle as Floats, handle as Floats, x.size)
  } else {
    integers[kind]!(x.handle as Integers, handle as Integers, x.size)
    if (x.dtype === 'bool') toTruth(handle as Integers)
  }
  return handle
}
