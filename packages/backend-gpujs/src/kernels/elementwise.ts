import { isFloat } from '@ashlar/core'
import type { BinaryKind, CompareKind, DType, Kernels, Spec, Tensor, UnaryKind } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'
import { broadcastStrides, gridArguments, gridOf } from '../layout.ts'
import { walk } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'

/** Expressions of `a`; `inf` and `nan` are at hand. */
const UNARY: Readonly<Record<UnaryKind, string>> = {
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
const COMPARE: Readonly<Record<CompareKind, readonly [condition: string, otherwise: boolean]>> = {
  eq: ['a === b', false], ne: ['a === b', true],
  lt: ['a < b', false], le: ['a <= b', false], gt: ['a > b', false], ge: ['a >= b', false],
}

function choose(condition: string, yes: string, no: string): string {
  return `if (${condition}) { return ${yes}; }\nreturn ${no};`
}

/** Returns a value; bool keeps to 0 and 1. */
function returning(expression: string, dtype: DType): string {
  return dtype === 'bool' ? `let result = ${expression};\n${choose('result === 0', '0', '1')}` : `return ${expression};`
}

/** Launches a function of broadcast arrays, whose elements its statements call by the names given. */
function pointwise(
  launcher: Launcher, name: string, names: readonly string[], statements: () => string, inputs: readonly Tensor<Handle>[], out: Spec,
): Handle {
  const grid = gridOf(out.shape, inputs.map(x => broadcastStrides(x.shape, out.shape)))
  const rank = grid.extents.length
  const make = (): Program => {
    const arrays = names.map(operand => `${operand}s`)
    const { parameters, code } = walk(rank, arrays)
    const reads = names.map((operand, i) => `let ${operand} = ${arrays[i]}[${arrays[i]}At];`)
    return { parameters: [...arrays, 'inf', 'nan', ...parameters], body: [code, ...reads, statements()].join('\n') }
  }
  const handles = inputs.map(x => x.handle)
  return launcher.run(`${name} rank ${rank}`, make, [...handles, Infinity, NaN, ...gridArguments(grid)], out.size)
}

/** Kernels that compute each element from those at its place. */
export function elementwiseKernels(launcher: Launcher): Pick<Kernels<Handle>, 'unary' | 'binary' | 'compare' | 'where' | 'cast'> {
  return {
    unary(kind, x, out) {
      const truth = out.dtype === 'bool' ? ' bool' : ''
      return pointwise(launcher, `unary ${kind}${truth}`, ['a'], () => returning(UNARY[kind], out.dtype), [x], out)
    },
    binary(kind, a, b, out) {
      const integer = isFloat(out.dtype) ? undefined : INTEGER_BINARY[kind]
      const variant = out.dtype === 'bool' ? ' bool' : integer === undefined ? '' : ' integer'
      return pointwise(launcher, `binary ${kind}${variant}`, ['a', 'b'], () => returning(integer ?? BINARY[kind], out.dtype), [a, b], out)
    },
    compare(kind, a, b, out) {
      const [condition, otherwise] = COMPARE[kind]
      const statements = (): string => choose(condition, otherwise ? '0' : '1', otherwise ? '1' : '0')
      return pointwise(launcher, `compare ${kind}`, ['a', 'b'], statements, [a, b], out)
    },
    where: (condition, a, b, out) =>
      // A choice by multiplication would let NaN through.
      pointwise(launcher, 'where', ['c', 'a', 'b'], () => choose('c === 0', 'b', 'a'), [condition, a, b], out),
    cast(x, out) {
      if (out.dtype === 'bool') return pointwise(launcher, 'cast to bool', ['a'], () => choose('a === 0', '0', '1'), [x], out)
      const truncates = isFloat(x.dtype) && !isFloat(out.dtype)
      return pointwise(launcher, truncates ? 'cast to integer' : 'copy', ['a'], () => `return ${truncates ? 'integerOf(a, inf)' : 'a'};`, [x], out)
    },
  }
}
