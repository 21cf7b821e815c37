import type { WorkerData } from './team.ts'
import { WORKER_CODE } from './worker-code.ts'

/** How many threads this machine runs at once, where memory may be shared at all. */
export function parallelism(): number {
  return globalThis.crossOriginIsolated === true ? navigator.hardwareConcurrency : 1
}

/** There are no variables. */
export function threadsVariable(): string | undefined {
  return undefined
}

/** A page must not sleep. */
export const MAY_SLEEP: boolean = typeof document === 'undefined'

let url: string | undefined

/**
 * Starts a worker; `failed` is called where it cannot run. It comes up when the page next yields to the event loop.
 *
 * @returns what ends it
 */
export function startWorker(data: WorkerData, failed: (cause: unknown) => void): () => void {
  url ??= URL.createObjectURL(new Blob([`${WORKER_CODE}\nonmessage = event => run(event.data)`], { type: 'text/javascript' }))
  const worker = new Worker(url)
  worker.addEventListener('error', event => failed(event.message ?? 'the page may not start any'))
  worker.addEventListener('messageerror', () => failed('it was not given the memory'))
  worker.postMessage(data)
  return () => worker.terminate()
}
