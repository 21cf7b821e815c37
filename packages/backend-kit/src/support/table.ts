import { DTYPES, NotImplementedError, array, isFloat, scope, sizeOf } from '@ashlar/core'
import type { DType, Device } from '@ashlar/core'
import { KERNELS } from '../operations/ledger.ts'
import { onDevice } from '../operations/session.ts'
import type { Session } from '../operations/session.ts'
import type { Make } from './probes.ts'
import { PROBES } from './probes.ts'

/** How a device runs a function of core, and on what. */
export interface Support {
  /** `np.add`, `npx.softmax`, `x.get, by slices`. */
  readonly op: string
  /**
   * `kernel`: by one kernel of the backend; `override`: by a function of the backend's own for it; `composed`: by several
   * kernels; `host`: read back, and decided on the host; `free`: without computing, as reshape; `none`: not at all.
   */
  readonly how: 'kernel' | 'override' | 'composed' | 'host' | 'free' | 'none'
  /** The device's dtypes that the function takes, but for bool: arithmetic on that gives what the backend gives. */
  readonly dtypes: readonly DType[]
}

function howOf(log: readonly string[]): Support['how'] {
  if (log.includes('read')) return 'host'
  if (log.some(name => name.startsWith('override '))) return 'override'
  const kernels = log.filter(name => (KERNELS as readonly string[]).includes(name))
  return kernels.length === 0 ? 'free' : kernels.length === 1 ? 'kernel' : 'composed'
}

/** How one call went, or null where the function refuses the dtype or the device. */
function attempt({ context, watched }: Session, op: string, dtype: DType): Support['how'] | null {
  // What the inputs need is not the function's.
  const make: Make = (shape, own = dtype) => watched.quietly(() => {
    const values = Array.from({ length: sizeOf(shape) }, (_, i) => (own === 'bool' ? (i + 1) % 2 : i + 1))
    return array(values, { dtype: own, ctx: context }).reshape([...shape])
  })
  try {
    return scope(() => {
      watched.taken()
      PROBES.get(op)!(make)
      return howOf(watched.taken())
    })
  } catch (error) {
    if (error instanceof NotImplementedError || error instanceof TypeError) return null
    throw error
  }
}

/**
 * How a device runs each function of `np` and `npx`, found by calling it.
 *
 * @example
 * ```ts
 * import { referenceBackend, supportTable } from '@ashlar/backend-kit'
 * const table = await supportTable(referenceBackend().open(0))
 * for (const op of ['np.add', 'npx.softmax', 'np.sort', 'np.reshape']) console.log(op, table.find(row => row.op === op)?.how)
 * // np.add kernel
 * // npx.softmax composed
 * // np.sort host
 * // np.reshape free
 * ```
 */
export async function supportTable(device: Device): Promise<Support[]> {
  // Where looking is free, core looks more often than elsewhere; that does not make a function one of the host.
  const { capabilities } = device
  const far = new Proxy(device, { get: (target, key) => (key === 'capabilities' ? { ...capabilities, hostMemory: false } : Reflect.get(target, key, target) as unknown) })
  return onDevice(far, async session => [...PROBES.keys()].map(op => {
    const tried = numbersOf(capabilities.dtypes).map(dtype => [dtype, attempt(session, op, dtype)] as const)
    const dtypes = tried.filter(([, how]) => how !== null).map(([dtype]) => dtype)
    // The first of them, float32 where it is taken, shows how: others may be cast first.
    const how = tried.find(([dtype, how]) => dtype === 'float32' && how !== null)?.[1] ?? tried.find(([, how]) => how !== null)?.[1] ?? 'none'
    return { op, how, dtypes }
  }))
}

const numbersOf = (dtypes: readonly DType[]): DType[] => dtypes.filter(dtype => dtype !== 'bool')

/** The dtypes of a row in a word where they make a group of those that the device holds. */
export function formatDTypes(dtypes: readonly DType[], capabilities: readonly DType[]): string {
  const held = numbersOf(capabilities)
  const groups: readonly (readonly [string, (dtype: DType) => boolean])[] = [
    ['all', () => true], ['arithmetic', dtype => DTYPES[dtype].arithmetic], ['floats', isFloat],
  ]
  for (const [name, belongs] of groups) {
    const group = held.filter(belongs)
    if (group.length === dtypes.length && group.every(dtype => dtypes.includes(dtype))) return name
  }
  return dtypes.join(', ')
}

/** The table as text, one line an operation. */
export function formatSupport(rows: readonly Support[], held: readonly DType[]): string {
  const width = Math.max(...rows.map(({ op }) => op.length))
  return rows.map(({ op, how, dtypes }) => `${op.padEnd(width)}  ${how.padEnd(8)}  ${formatDTypes(dtypes, held)}`).join('\n')
}

/** How many functions run in which way, in a line. */
export function summarizeSupport(rows: readonly Support[]): string {
  const ways = ['kernel', 'override', 'composed', 'host', 'free', 'none'] as const
  return ways.map(way => [way, rows.filter(({ how }) => how === way).length] as const).filter(([, count]) => count > 0).map(([way, count]) => `${count} ${way}`).join(', ')
}
