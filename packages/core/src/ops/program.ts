import { checkArray } from '../array-core.ts'
import type { BinaryKind, CompareKind, UnaryKind } from '../backend.ts'
import type { ElementwiseProgram, ElementwiseStep } from '../elementwise-program.ts'
import { registerTypes } from '../elementwise-program.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { broadcastShapes, sameShape, specOf } from '../shape.ts'
import { add, div, mul, neg, sub } from './arithmetic.ts'
import { broadcastTo } from './broadcast.ts'
import { cast } from './cast.ts'
import { eq, ge, gt, le, lt, ne, where } from './compare.ts'
import type { BinaryFunction, UnaryFunction } from './elementwise.ts'
import { fillLike } from './fill.ts'
import * as math from './math.ts'
import { arctan2 } from './more-math.ts'
import { maximum, minimum, mod, power } from './power.ts'
import { within } from './within.ts'

const UNARY: Readonly<Record<UnaryKind, UnaryFunction>> = /* #__PURE__ */ (() => ({
  ...math, neg, asin: math.arcsin, acos: math.arccos, atan: math.arctan, asinh: math.arcsinh, acosh: math.arccosh, atanh: math.arctanh,
}))()

const BINARY: Readonly<Record<BinaryKind | CompareKind, BinaryFunction>> = /* #__PURE__ */ (() => ({
  add, sub, mul, div, mod, pow: power, maximum, minimum, atan2: arctan2, eq, ne, lt, le, gt, ge,
}))()

function run(step: ElementwiseStep, registers: readonly NDArray[]): NDArray {
  const [a, b, c] = step.of.map(r => registers[r]!)
  switch (step.kind) {
    case 'constant': return fillLike(registers[0]!, step.value, [], step.dtype)
    case 'cast': return cast(a!, step.dtype)
    case 'where': return where(a!, b!, c!)
    default: return step.of.length === 1 ? UNARY[step.kind as UnaryKind](a!) : BINARY[step.kind as BinaryKind](a!, b!)
  }
}

const shapeOf = (inputs: readonly NDArray[]): readonly number[] => inputs.reduce<readonly number[]>((shape, x) => broadcastShapes(shape, x.shape, 'elementwise'), [])

const elementwiseOp: OpFunction<NDArray[], { readonly program: ElementwiseProgram }> = /* #__PURE__ */ defineOp<NDArray[], { readonly program: ElementwiseProgram }>('elementwise', {
  arity: 'list',
  infer: (inputs, { program }) => {
    const dtype = registerTypes(program).at(-1)!
    const [first] = inputs as [NDArray]
    return inputs.every(x => sameShape(x.shape, first.shape)) ? { shape: first.shape, dtype, size: first.size } : specOf(shapeOf(inputs), dtype)
  },
  compose: (inputs, { program }) => {
    const registers = [...inputs]
    for (const step of program.steps) registers.push(run(step, registers))
    return broadcastTo(registers.at(-1)!, shapeOf(inputs))
  },
})

/**
 * Runs element-wise steps: on a backend that can, as one kernel that reads each input and writes the output once.
 *
 * @param inputs as many as the program says, of its dtypes; they broadcast
 * @returns an array of the inputs' broadcast shape
 * @throws ValueError for programs that do not hold together and for a wrong number of inputs, TypeError for dtypes that do not fit
 *
 * @example
 * ```ts
 * import { array, elementwise, registerBackend } from '@ashlar/core'
 * import type { ElementwiseProgram } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * // sqrt(a * b) + a
 * const program: ElementwiseProgram = {
 *   inputs: ['float32', 'float32'],
 *   steps: [{ kind: 'mul', of: [0, 1] }, { kind: 'sqrt', of: [2] }, { kind: 'add', of: [3, 0] }],
 * }
 * console.log(String(elementwise(program, [array([2, 3]), array([8, 12])])))
 * // [6. 9.]
 * ```
 */
export function elementwise(program: ElementwiseProgram, inputs: readonly NDArray[]): NDArray {
  return within('elementwise', () => {
    registerTypes(program)
    const wanted = program.inputs
    if (!Array.isArray(inputs) || inputs.length !== wanted.length) {
      throw new ValueError(`the program takes ${wanted.length} inputs, got ${Array.isArray(inputs) ? inputs.length : 'no list'}`, { op: 'elementwise' })
    }
    for (const [i, x] of inputs.entries()) {
      if (checkArray(x, 'elementwise').dtype !== wanted[i]) throw typeError(`input ${i} is ${wanted[i]}, got ${x.dtype}`, { op: 'elementwise', hint: `cast it: x.astype('${wanted[i]}')` })
    }
    return elementwiseOp([...inputs], { program })
  })
}
