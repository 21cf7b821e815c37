import { isFloat, registerTypes } from '@ashlar/core'
import type { BinaryKind, CompareKind, DType, ElementwiseProgram, ElementwiseStep, Override, Spec, Tensor, UnaryKind } from '@ashlar/core'
import type { Handle } from '../engine/memory.ts'
import { COMPARE, UNARY, binaryExpression } from '../kernels/elementwise.ts'
import { pointwise } from '../kernels/pointwise.ts'
import type { Pointwise } from '../kernels/pointwise.ts'
import type { Overrides, Tools } from './types.ts'

/** A program as a kernel: constants are arguments, so that programs that differ in them only share one. */
interface Compiled {
  readonly definition: Pointwise
  readonly constants: readonly number[]
}

/** Powers that need no logarithm. */
const POWERS: ReadonlyMap<number, string> = new Map([[0.5, 'sqrtOf(a, nan)'], [1, 'a'], [2, 'a * a'], [3, 'a * a * a'], [-1, '1 / a']])

/** The expression of a kind, with `a` and `b` replaced. */
function fill(expression: string, a: string, b = ''): string {
  return expression.replaceAll(/\b[ab]\b/g, name => (name === 'a' ? a : b))
}

const flag = (name: string, condition: string, otherwise = false): string =>
  `let ${name} = ${otherwise ? '1.0' : '0.0'};\nif (${condition}) { ${name} = ${otherwise ? '0.0' : '1.0'}; }`

/** The exponent of a power whose exponent is a constant with a form of its own. */
function powerOf(program: ElementwiseProgram, step: ElementwiseStep, dtype: DType): string | undefined {
  if (step.kind !== 'pow' || !isFloat(dtype)) return undefined
  const exponent = program.steps[step.of[1] - program.inputs.length]
  return exponent?.kind === 'constant' ? POWERS.get(exponent.value) : undefined
}

/** The statements that write register `name`. */
function statementsOf(step: ElementwiseStep, name: string, types: readonly DType[], dtype: DType, power: string | undefined): string {
  const [a, b, c] = step.of.map(r => `r${r}`) as [string, string, string]
  const { kind } = step
  if (kind === 'constant') return dtype === 'bool' ? flag(name, `k${name.slice(1)} === 0`, true) : `let ${name} = k${name.slice(1)};`
  if (kind === 'where') return `let ${name} = ${c};\nif (${a} > 0.5) { ${name} = ${b}; }`
  if (kind === 'cast') {
    if (dtype === 'bool') return flag(name, `${a} === 0`, true)
    return `let ${name} = ${isFloat(types[step.of[0]]!) && !isFloat(dtype) ? `integerOf(${a}, inf)` : a};`
  }
  if (kind in COMPARE) {
    const [condition, otherwise] = COMPARE[kind as CompareKind]
    // Of a comparison and a choice drivers make a maximum, and of a comparison turned round its opposite; NaN is wrong in both, so it is asked for.
    return `${flag(name, fill(condition, a, b), otherwise)}\nif (${a} !== ${a}) { ${name} = ${kind === 'ne' ? '1.0' : '0.0'}; }\nif (${b} !== ${b}) { ${name} = ${kind === 'ne' ? '1.0' : '0.0'}; }`
  }
  if (kind in UNARY) return `let ${name} = ${fill(UNARY[kind as UnaryKind], a)};`
  return `let ${name} = ${fill(power ?? binaryExpression(kind as BinaryKind, dtype), a, b)};`
}

function compile(program: ElementwiseProgram): Compiled {
  const types = registerTypes(program)
  const first = program.inputs.length
  const powers = program.steps.map((step, i) => powerOf(program, step, types[first + i]!))
  const constants = program.steps.flatMap((step, i) => (step.kind === 'constant' ? [{ name: `k${first + i}`, value: step.value }] : []))
  const name = `program ${program.inputs.join()} ${program.steps.map(({ kind, of }, i) => `${kind}${of.join()}${types[first + i]}${powers[i] ?? ''}`).join(' ')}`
  const statements = (): string => [
    ...program.steps.map((step, i) => statementsOf(step, `r${first + i}`, types, types[first + i]!, powers[i])),
    `return r${types.length - 1};`,
  ].join('\n')
  const operands = program.inputs.map((_, i) => `r${i}`)
  return { definition: { name, operands, scalars: constants.map(constant => constant.name), statements }, constants: constants.map(({ value }) => value) }
}

/** See `elementwise` in core: a program is one kernel. */
export function programOverrides({ launcher }: Tools): Overrides {
  const compiled = new WeakMap<ElementwiseProgram, Compiled>()
  const elementwise = ((inputs: readonly Tensor<Handle>[], { program }: { readonly program: ElementwiseProgram }, out: Spec) => {
    let found = compiled.get(program)
    if (found === undefined) compiled.set(program, (found = compile(program)))
    return pointwise(launcher, found.definition, inputs, out, found.constants)
  }) as Override<Handle>
  return { elementwise }
}
