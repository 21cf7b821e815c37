import { isFloat } from '@ashlar/core'
import type { BinaryKind, CompareKind, DType, Kernels, UnaryKind } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'
import { choose, pointwise, returning } from './pointwise.ts'

/** Expressions of `a`; `inf` and `nan` are at hand. */
export const UNARY: Readonly<Record<UnaryKind, string>> = {
  neg: '(-a)', abs: 'Math.abs(a)', sign: 'signOf(a)',
  exp: 'expOf(a, inf)', expm1: 'expm1Of(a, inf)', log: 'logOf(a, inf, nan)', log1p: 'log1pOf(a, inf, nan)', sqrt: 'sqrtOf(a, nan)',
  sin: 'sinOf(a, inf, nan)', cos: 'cosOf(a, inf, nan)', tan: 'tanOf(a, inf, nan)',
  asin: 'asinOf(a, nan)', acos: 'acosOf(a, nan)', atan: 'atanOf(a, inf)',
  sinh: 'sinhOf(a, inf)', cosh: 'coshOf(a, inf)', tanh: 'tanhOf(a, inf)',
  asinh: 'asinhOf(a, inf, nan)', acosh: 'acoshOf(a, inf, nan)', atanh: 'atanhOf(a, inf, nan)',
  erf: 'erfOf(a)', floor: 'Math.floor(a)', ceil: 'Math.ceil(a)', rint: 'rintOf(a)', trunc: 'truncOf(a)',
}

/** Expressions of `a` and `b`. */
const BINARY: Readonly<Record<BinaryKind, string>> = {
  add: 'a + b', sub: 'a - b', mul: 'a * b', div: 'a / b',
  mod: 'modOf(a, b, inf, nan)', pow: 'powOf(a, b, inf, nan)', atan2: 'atan2Of(a, b, inf, nan)',
  maximum: 'maximumOf(a, b)', minimum: 'minimumOf(a, b)',
}
const INTEGER_BINARY: Readonly<Partial<Record<BinaryKind, string>>> = { mod: 'integerModOf(a, b, inf, nan)', pow: 'integerPowOf(a, b)' }

/** Conditions on `a` and `b`. That NaN differs from itself is left to `===`, which GPUs get right more often than `!==`. */
export const COMPARE: Readonly<Record<CompareKind, readonly [condition: string, otherwise: boolean]>> = {
  eq: ['a === b', false], ne: ['a === b', true],
  lt: ['a < b', false], le: ['a <= b', false], gt: ['a > b', false], ge: ['a >= b', false],
}

/** The expression of a binary kind in a dtype. */
export function binaryExpression(kind: BinaryKind, dtype: DType): string {
  return (isFloat(dtype) ? undefined : INTEGER_BINARY[kind]) ?? BINARY[kind]
}

/** Kernels that compute each element from those at its place. */
export function elementwiseKernels(launcher: Launcher): Pick<Kernels<Handle>, 'unary' | 'binary' | 'compare' | 'where' | 'cast'> {
  return {
    unary(kind, x, out) {
      const truth = out.dtype === 'bool' ? ' bool' : ''
      return pointwise(launcher, { name: `unary ${kind}${truth}`, operands: ['a'], statements: () => returning(UNARY[kind], out.dtype) }, [x], out)
    },
    binary(kind, a, b, out) {
      const expression = binaryExpression(kind, out.dtype)
      const variant = out.dtype === 'bool' ? ' bool' : expression === BINARY[kind] ? '' : ' integer'
      return pointwise(launcher, { name: `binary ${kind}${variant}`, operands: ['a', 'b'], statements: () => returning(expression, out.dtype) }, [a, b], out)
    },
    compare(kind, a, b, out) {
      const [condition, otherwise] = COMPARE[kind]
      const statements = (): string => choose(condition, otherwise ? '0' : '1', otherwise ? '1' : '0')
      return pointwise(launcher, { name: `compare ${kind}`, operands: ['a', 'b'], statements }, [a, b], out)
    },
    where: (condition, a, b, out) =>
      // A choice by multiplication would let NaN through.
      pointwise(launcher, { name: 'where', operands: ['c', 'a', 'b'], statements: () => choose('c === 0', 'b', 'a') }, [condition, a, b], out),
    cast(x, out) {
      if (out.dtype === 'bool') return pointwise(launcher, { name: 'cast to bool', operands: ['a'], statements: () => choose('a === 0', '0', '1') }, [x], out)
      const truncates = isFloat(x.dtype) && !isFloat(out.dtype)
      return pointwise(launcher, { name: truncates ? 'cast to integer' : 'copy', operands: ['a'], statements: () => `return ${truncates ? 'integerOf(a, inf)' : 'a'};` }, [x], out)
    },
  }
}
