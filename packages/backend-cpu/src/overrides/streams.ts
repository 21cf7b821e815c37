import { isFloat } from '@ashlar/core'
import type { Override, Spec, TypedArray } from '@ashlar/core'
import { SPLIT, run } from '../fast.ts'
import { SMALL, pool } from '../pool.ts'
import type { Floats, HostTensor, Integers } from '../types.ts'
import { engine } from '../wasm/engine.ts'

/** A function of the vectors, and the constants that it takes. */
export interface Fast {
  readonly name: string
  readonly constants?: readonly number[]
  /** Whether a number takes so long that a second thread pays early. */
  readonly dear?: boolean
}

const single = new Float32Array(1)
const word = new Int32Array(single.buffer)

/** The bits of a float32, by which a constant is handed over among addresses. */
export function bitsOf(value: number): number {
  single[0] = value
  return word[0]!
}

/** Runs a function of arrays of one shape where the vectors can; tells whether it did. */
function fastStream({ name, constants = [], dear = false }: Fast, inputs: readonly HostTensor[], handle: TypedArray): boolean {
  const n = handle.length
  if (n <= SMALL || !(handle instanceof Float32Array)) return false
  const e = engine()
  if (e === null || !e.owns(handle) || !inputs.every(x => e.owns(x.handle))) return false
  const func = e.family('fused', 'f32').get(name)!
  const addresses = inputs.map(x => x.handle.byteOffset)
  const words = constants.map(bitsOf)
  run(e, n, 16, n >= (dear ? SPLIT.dear : SPLIT.cheap), (from, to) => [func, to - from, ...addresses.map(address => address + from * 4), handle.byteOffset + from * 4, ...words])
  return true
}

/**
 * An operation on arrays of one shape, in one pass.
 *
 * @param fast the function for float32, or null where these attributes have none
 * @param loop the definition, computed in double
 * @param integers what it is of whole numbers, where they come to it
 */
export function stream<A>(
  fast: (attributes: A) => Fast | null, loop: (inputs: readonly Floats[], out: Floats, attributes: A) => void,
  integers: ((x: Integers, out: Integers) => void) | null = null,
): Override<TypedArray> {
  return ((inputs: readonly HostTensor[], attributes: A, out: Spec) => {
    const handle = pool.acquire(out.dtype, out.size)
    if (integers !== null && !isFloat(out.dtype)) {
      integers(inputs[0]!.handle as Integers, handle as Integers)
      return handle
    }
    const vectors = fast(attributes)
    if (vectors === null || !fastStream(vectors, inputs, handle)) loop(inputs.map(x => x.handle as Floats), handle as Floats, attributes)
    return handle
  }) as Override<TypedArray>
}
