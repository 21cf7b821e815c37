import type { BinaryKind, CompareKind, UnaryKind } from './backend.ts'
import type { DType } from './dtype.ts'
import { DTYPES, isFloat, isHalf } from './dtype.ts'
import { ValueError, typeError } from './errors.ts'
import { describe } from './shape.ts'

/** One step of a program: a kind of kernel, and the registers that it reads. */
export type ElementwiseStep =
  | { readonly kind: UnaryKind; readonly of: readonly [number] }
  | { readonly kind: BinaryKind | CompareKind; readonly of: readonly [number, number] }
  | { readonly kind: 'where'; readonly of: readonly [condition: number, a: number, b: number] }
  | { readonly kind: 'cast'; readonly of: readonly [number]; readonly dtype: DType }
  | { readonly kind: 'constant'; readonly of: readonly []; readonly value: number; readonly dtype: DType }

/**
 * Element-wise steps one after the other, as data, so that a backend can run them as one kernel. Registers are numbered: the inputs first, then what
 * each step gives. The last step's is the output.
 */
export interface ElementwiseProgram {
  /** The dtype of each input. */
  readonly inputs: readonly DType[]
  readonly steps: readonly ElementwiseStep[]
}

const UNARY = new Set<string>([
  'neg', 'abs', 'sign', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh',
  'atanh', 'erf', 'floor', 'ceil', 'rint', 'trunc',
])
/** Unary kinds that come in integers as well. */
const COUNTING = new Set<string>(['neg', 'abs', 'sign'])
const BINARY = new Set<string>(['add', 'sub', 'mul', 'div', 'mod', 'pow', 'maximum', 'minimum', 'atan2'])
/** Binary kinds that come in floats only. */
const FLOATING = new Set<string>(['div', 'atan2'])
/** Binary kinds that come in bool. */
const LOGICAL = new Set<string>(['maximum', 'minimum'])
const COMPARE = new Set<string>(['eq', 'ne', 'lt', 'le', 'gt', 'ge'])

const OP = 'elementwise'

function checkComputed(dtype: unknown, what: string): DType {
  if (typeof dtype === 'string' && dtype in DTYPES && DTYPES[dtype as DType].arithmetic && !isHalf(dtype as DType)) return dtype as DType
  throw typeError(`${what} is ${describe(dtype)}, which programs do not compute in`, { op: OP, hint: 'use float32, float64, whole numbers or bool' })
}

/** How many registers a step reads, by kind. */
function arityOf(kind: string): number {
  if (kind === 'constant') return 0
  if (kind === 'cast' || UNARY.has(kind)) return 1
  if (BINARY.has(kind) || COMPARE.has(kind)) return 2
  return kind === 'where' ? 3 : -1
}

function resultOf(step: ElementwiseStep, types: readonly DType[], place: string): DType {
  const { kind } = step
  if (kind === 'constant') {
    if (typeof step.value !== 'number') throw typeError(`${place}: a constant is a number, got ${describe(step.value)}`, { op: OP })
    return checkComputed(step.dtype, place)
  }
  if (kind === 'cast') return checkComputed(step.dtype, place)
  const a = types.at(-1)!
  const [first] = types as [DType]
  if (kind === 'where' ? types[1] !== a || first !== 'bool' : first !== a) {
    throw typeError(`${place} reads ${types.join(', ')}; ${kind === 'where' ? 'it takes a bool and two of one dtype' : 'it takes one dtype'}`, { op: OP, hint: 'add a cast' })
  }
  if (COMPARE.has(kind)) return 'bool'
  const fits = kind === 'where' || (a === 'bool' ? LOGICAL.has(kind) : isFloat(a) || (UNARY.has(kind) ? COUNTING.has(kind) : !FLOATING.has(kind)))
  if (!fits) throw typeError(`${place} does not come in ${a}`, { op: OP, hint: 'add a cast' })
  return a
}

const known = new WeakMap<ElementwiseProgram, readonly DType[]>()

/**
 * Checks a program, once, and tells the dtype of each register; the last one's is the output's.
 *
 * @throws ValueError for programs without inputs or steps, unknown kinds, and registers that are not written yet; TypeError for dtypes that do not fit
 */
export function registerTypes(program: ElementwiseProgram): readonly DType[] {
  const found = known.get(program)
  if (found !== undefined) return found
  if (typeof program !== 'object' || program === null) throw typeError(`a program is an object with inputs and steps, got ${describe(program)}`, { op: OP })
  const { inputs, steps } = program
  if (!Array.isArray(inputs) || !Array.isArray(steps) || inputs.length === 0 || steps.length === 0) {
    throw new ValueError('a program has inputs and steps, at least one of each', { op: OP })
  }
  const types = inputs.map((dtype, i) => checkComputed(dtype, `input ${i}`))
  for (const [i, step] of (steps as readonly ElementwiseStep[]).entries()) {
    const place = `step ${i} (${describe(step?.kind)})`
    const arity = arityOf(step?.kind)
    if (arity < 0) throw new ValueError(`${place} is of no known kind`, { op: OP })
    const of: readonly unknown[] = step.of
    if (!Array.isArray(of) || of.length !== arity || !of.every(r => Number.isInteger(r) && (r as number) >= 0 && (r as number) < types.length)) {
      throw new ValueError(`${place} reads ${arity} of the registers 0 to ${types.length - 1}, got ${describe(of)}`, { op: OP })
    }
    types.push(resultOf(step, step.of.map(r => types[r]!), place))
  }
  known.set(program, types)
  return types
}
