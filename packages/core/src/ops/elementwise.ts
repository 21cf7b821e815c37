import type { BinaryKind, UnaryKind } from '../backend.ts'
import { floatType } from '../dtype.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpDefinition } from '../op.ts'
import { defineOp } from '../op.ts'
import { broadcastShapes, sameShape, specOf } from '../shape.ts'
import type { Operand } from './operands.ts'
import { countType, withCast, withUnified } from './operands.ts'

/** A function of an array, element by element. */
export type UnaryFunction = (x: NDArray) => NDArray
/** A function of two arrays or numbers, element by element, broadcast. */
export type BinaryFunction = (a: Operand, b: Operand) => NDArray

/** Defines a unary function on its kernel. `float` functions turn integers and bools into float32 first; `name` is given where the kernel has another. */
export function unary(kind: UnaryKind, vjp: NonNullable<OpDefinition<[NDArray], {}>['vjp']>, float = true, name: string = kind): UnaryFunction {
  const run = defineOp(name, { infer: ([x]) => x, kernel: (kernels, [x], _, out) => kernels.unary(kind, x, out), vjp })
  return x => withCast(run, x, name, float ? floatType : countType)
}

/** What takes the place of arithmetic where both operands are bool; kinds that are not here compute on int32. */
const ON_BOOLS: Readonly<Partial<Record<BinaryKind, BinaryKind>>> = { add: 'maximum', mul: 'minimum', maximum: 'maximum', minimum: 'minimum' }

/** Defines a binary function on its kernel; operands are promoted first, to floats where `float` says so. */
export function binary(kind: BinaryKind, vjp: NonNullable<OpDefinition<[NDArray, NDArray], {}>['vjp']>, float = false, name: string = kind): BinaryFunction {
  const run = defineOp<[NDArray, NDArray]>(name, {
    arity: 2,
    infer: ([a, b]) => (sameShape(a.shape, b.shape) ? a : specOf(broadcastShapes(a.shape, b.shape, name), a.dtype)),
    // A sum of bools is whether either holds, a product whether both do: kernels have no arithmetic on bool.
    kernel: (kernels, [a, b], _, out) => kernels.binary(out.dtype === 'bool' ? (ON_BOOLS[kind] ?? kind) : kind, a, b, out),
    vjp,
  })
  const computeType = float ? floatType : kind in ON_BOOLS ? undefined : countType
  return (a, b) => withUnified(run, a, b, name, computeType)
}
