import { Context, NotImplementedError, getState, isNDArray, seed, setState, sizeOf } from '@ashlar/core'
import type { DType, Device, NDArray } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { referenceDevice } from '../reference/backend.ts'
import { PROBES } from '../support/probes.ts'
import type { Make } from '../support/probes.ts'
import { BASE, compareParts, ofOperation } from './golden-cases.ts'
import type { Result, Session } from './session.ts'
import { onContext, onDevice } from './session.ts'

/** The arrays that a function gave: one, a list, or the fields of a record. What is no array becomes one. */
function arraysOf(value: unknown, context: Context): NDArray[] {
  if (isNDArray(value)) return [value]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(entry => arraysOf(entry, context))
  return [onContext(context, [Number(value)], [], 'float32')]
}

function outputs({ context, run }: Session, op: string, dtype: DType): Promise<Result[]> {
  const make: Make = (shape, own = dtype) =>
    // Quarters are exact, and some lie within the domains of arcsin and its like.
    onContext(context, Array.from({ length: sizeOf(shape) }, (_, i) => (own === 'bool' ? (i + 1) % 2 : own === 'float32' ? (i + 1) / 4 : i + 1)), shape, own)
  return run(() => arraysOf(PROBES.get(op)!(make), context))
}

/** Runs a function with a random stream that starts anew, and puts that back. */
async function seeded<T>(context: Context, fn: () => Promise<T>): Promise<T> {
  const before = getState(context)
  seed(1, context)
  try {
    return await fn()
  } finally {
    setState(before, context)
  }
}

async function compare(device: Device, op: string, dtype: DType, tolerance: Parameters<typeof compareParts>[3]): Promise<void> {
  const REFERENCE = new Context('kit-reference', 0)
  const expected = await seeded(REFERENCE, () => onDevice(referenceDevice, session => outputs(session, op, dtype), undefined, REFERENCE.deviceType))
  const found = await onDevice(device, session => seeded(session.context, () => outputs(session, op, dtype))).catch((error: unknown) => {
    // Refused by name where it would have to read: what core promises for such a device.
    if (!device.capabilities.syncRead && error instanceof NotImplementedError) return null
    throw error
  })
  if (found === null) return
  const wanted = expected.map(({ shape, data }) => ({ shape, values: Array.from(data as ArrayLike<number>) }))
  compareParts({ outputs: found, gradients: [], second: [] }, { outputs: wanted, gradients: [], second: [] }, op, tolerance)
}

/** Every function of `np` and `npx` against the reference: those, too, of which there are no golden cases. */
export function functionCases({ add, tolerance }: Kit): void {
  for (const dtype of ['float32', 'int32'] as const) {
    for (const op of PROBES.keys()) {
      add(`function ${op} ${dtype}`, BASE, device => compare(device, op, dtype, ofOperation(tolerance('float32'))))
    }
  }
}
