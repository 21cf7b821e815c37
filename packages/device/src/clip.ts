import type { NDArray } from '@ashlar/core'
import { AssertionError, NotImplementedError, ValueError, autograd, checkArray, describe, internal, np, warn } from '@ashlar/core'

/** How gradients are clipped. */
export interface ClipOptions {
  /** Read the norm, to return it as a number and to warn where it is none (default). Otherwise nothing is read, and the norm is an array. */
  readonly checkIsfinite?: boolean
}

/** Beside a norm of 0 the factor stays finite. */
const EPSILON = 1e-8

/**
 * Scales arrays in place by one factor, so that the Euclidean norm of all their elements together is at most `maxNorm`; smaller
 * ones stay as they are. The arrays may lie on several devices.
 *
 * @param arrays gradients, as a rule: `parameters.map(p => p.grad())`
 * @returns the norm before; an array without dimensions where `checkIsfinite` is false
 * @throws AssertionError for no arrays, NotImplementedError where reads are asynchronous, see {@link clipGlobalNormAsync}
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { clipGlobalNorm } from '@ashlar/device'
 *
 * registerBackend(cpuBackend())
 * const gradients = [np.array([3]), np.array([0, 4])]
 * console.log(clipGlobalNorm(gradients, 1), gradients)
 * // 5 [ array([0.6]), array([0. , 0.8]) ]
 * ```
 */
export function clipGlobalNorm(arrays: readonly NDArray[], maxNorm: number, options?: { readonly checkIsfinite?: true }): number
export function clipGlobalNorm(arrays: readonly NDArray[], maxNorm: number, options: { readonly checkIsfinite: false }): NDArray
export function clipGlobalNorm(arrays: readonly NDArray[], maxNorm: number, options?: ClipOptions): number | NDArray
export function clipGlobalNorm(arrays: readonly NDArray[], maxNorm: number, options: ClipOptions = {}): number | NDArray {
  check(arrays, maxNorm)
  if (options.checkIsfinite === false) return quietly(() => clipOnDevice(arrays, maxNorm))
  const late = arrays.find(x => !x.device.capabilities.syncRead)
  if (late !== undefined) {
    throw new NotImplementedError(`the norm on ${late.context} cannot be read synchronously`, {
      op: 'clipGlobalNorm', hint: 'use await clipGlobalNormAsync(...), or { checkIsfinite: false }, which reads nothing',
    })
  }
  return quietly(() => {
    const norm = together(arrays.map(x => squares(x).item()))
    scale(arrays, norm, maxNorm)
    return norm
  })
}

/** What {@link clipGlobalNorm} does, when the devices have got there: works on every backend. */
export async function clipGlobalNormAsync(arrays: readonly NDArray[], maxNorm: number): Promise<number> {
  check(arrays, maxNorm)
  const norm = together(await Promise.all(quietly(() => arrays.map(squares)).map(x => x.itemAsync())))
  quietly(() => scale(arrays, norm, maxNorm))
  return norm
}

const quietly = <T>(fn: () => T): T => autograd.pause(() => internal(fn))

function check(arrays: readonly NDArray[], maxNorm: number): void {
  if (!Array.isArray(arrays) || arrays.length === 0) throw new AssertionError('there are no arrays to clip', { op: 'clipGlobalNorm' })
  for (const x of arrays) checkArray(x, 'clipGlobalNorm')
  if (typeof maxNorm !== 'number' || !(maxNorm >= 0)) throw new ValueError(`the largest norm is a number from 0, got ${describe(maxNorm)}`, { op: 'clipGlobalNorm' })
}

/** The sum of all squares; those of float16 have no room in it. */
function squares(x: NDArray): NDArray {
  return np.square(x.dtype === 'float16' ? x.astype('float32') : x).sum()
}

const together = (sums: readonly number[]): number => Math.sqrt(sums.reduce((a, b) => a + b, 0))

function scale(arrays: readonly NDArray[], norm: number, maxNorm: number): void {
  if (!Number.isFinite(norm)) warn('nan or inf is detected. Clipping results will be undefined.', { category: 'UserWarning' })
  const factor = maxNorm / (norm + EPSILON)
  if (factor < 1) for (const x of arrays) x.imul(factor)
}

/** Without reading anything: the factor is an array. */
function clipOnDevice(arrays: readonly NDArray[], maxNorm: number): NDArray {
  const [{ context }] = arrays as [NDArray]
  const norm = np.sqrt(arrays.map(x => squares(x).asInCtx(context)).reduce((a, b) => a.add(b)))
  const factor = np.minimum(np.full([], maxNorm, { ctx: context }).div(norm.add(EPSILON)), 1)
  for (const x of arrays) x.imul(factor.asInCtx(x.context))
  return norm
}
