import { ValueError, typeError } from '@ashlar/core'
import { node } from './environment.ts'

const THREADS = 'TF_NUM_INTRAOP_THREADS'

/**
 * Sets how many threads a kernel of TensorFlow may use, which it reads while it loads.
 *
 * @throws TypeError or ValueError for a number of threads that is none, ValueError where it comes too late
 */
export function setThreads(threads: number): void {
  const env = node().env ?? {}
  const wanted = String(checkThreads(threads))
  if (env[THREADS] === wanted) return
  if (isLoaded()) throw tooLate(threads, 'TensorFlow runs in this process already')
  // A worker's `process.env` is a copy, of which native code knows nothing.
  if (node().getBuiltinModule?.('worker_threads')?.['isMainThread'] === false) throw tooLate(threads, 'a worker thread cannot set the environment of its process')
  env[THREADS] = wanted
}

/** @throws TypeError or ValueError unless it is a whole number from 1 */
function checkThreads(threads: unknown): number {
  if (typeof threads !== 'number') throw typeError(`threads is a number, got ${typeof threads}`, { op: 'tfjsCuda' })
  if (Number.isInteger(threads) && threads >= 1) return threads
  throw new ValueError(`threads is a whole number from 1, got ${threads}`, { op: 'tfjsCuda' })
}

function tooLate(threads: number, why: string): ValueError {
  return new ValueError(`threads: ${threads} comes too late: ${why}`, { op: 'tfjsCuda', hint: `start it with ${THREADS}=${threads} in its environment` })
}

/** Whether some program has loaded TensorFlow here: tfjs keeps one engine a process, as a global. */
function isLoaded(): boolean {
  const { _tfengine } = globalThis as { _tfengine?: { registryFactory?: Record<string, unknown> } }
  return _tfengine?.registryFactory?.['tensorflow'] !== undefined
}
