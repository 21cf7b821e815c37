import { Context, array, listBackends, memory, registerBackend, scope, unregisterBackend } from '@ashlar/core'
import type { Device, NDArray, TypedArray } from '@ashlar/core'
import { referenceDevice } from '../reference/backend.ts'
import type { Watched } from './ledger.ts'
import { watch } from './ledger.ts'

/** The device under test, as core's public functions reach it. */
export interface Session {
  readonly context: Context
  readonly watched: Watched
  /** Runs `fn`, reads the arrays that it gives, and ends them and all others that were made. */
  run(fn: () => readonly NDArray[]): Promise<Result[]>
}

/** An array after it was read. */
export interface Result {
  readonly shape: readonly number[]
  readonly dtype: NDArray['dtype']
  readonly size: number
  readonly data: TypedArray
}

/** A type of contexts that no backend has. */
export const TYPE = 'kit'

/** Reads arrays, as far as the device can do that at once or not, and ends them. */
export async function readAll(arrays: readonly NDArray[]): Promise<Result[]> {
  const results: Result[] = []
  for (const x of arrays) results.push({ shape: x.shape, dtype: x.dtype, size: x.size, data: await x.toTypedArrayAsync() })
  for (const x of new Set(arrays)) x.dispose()
  return results
}

/**
 * Makes a device available as `kit(0)` while `body` runs. Fails where core still names something afterwards: a handle that no
 * array will free.
 *
 * @param type of the context, where two devices are needed at once
 */
export async function onDevice<T>(
  device: Device, body: (session: Session) => Promise<T>, overrides?: (name: string) => boolean, type: string = TYPE,
): Promise<T> {
  const watched = watch(device, overrides)
  const before = memory().buffers
  registerBackend({ name: `backend kit: ${type}`, type, count: 1, open: () => watched.device })
  try {
    const session: Session = {
      context: new Context(type, 0),
      watched,
      run: async fn => readAll(scope(fn)),
    }
    const result = await body(session)
    if (watched.live.size > 0) throw new Error(`${watched.live.size} handles were never freed, made by ${watched.taken().join(', ')}`)
    const after = memory().buffers
    if (after > before) throw new Error(`memory() counts ${after - before} buffers more than before`)
    return result
  } finally {
    watched.clear()
    unregisterBackend(`backend kit: ${type}`)
  }
}

/** Runs `body` with host memory as `cpu(0)`: the registered one, or else plain lists. */
export async function withHost<T>(body: () => Promise<T>): Promise<T> {
  if (listBackends().some(({ type }) => type === 'cpu')) return body()
  registerBackend({ name: 'backend kit: host', type: 'cpu', count: Infinity, open: () => referenceDevice })
  try {
    return await body()
  } finally {
    unregisterBackend('backend kit: host')
  }
}

/** An array of numbers on a context. */
export function onContext(context: Context, values: readonly number[], shape: readonly number[], dtype: NDArray['dtype']): NDArray {
  return scope(() => array([...values], { ctx: context, dtype }).reshape([...shape]))
}
