import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { WorkerData } from './team.ts'
import { WORKER_CODE } from './worker-code.ts'

/** How many threads this machine runs at once. */
export function parallelism(): number {
  return availableParallelism()
}

/** What the user's environment says about the number of threads. */
export function threadsVariable(): string | undefined {
  return process.env['ASHLAR_THREADS']
}

/** Whether the calling thread may sleep until a worker is done: the one that draws Electron's pages may not. */
export const MAY_SLEEP: boolean = (process as { readonly type?: string }).type !== 'renderer'

/**
 * Starts a worker that neither keeps the process alive nor has anything to say; `failed` is called where it ends by itself.
 *
 * @returns what ends it
 */
export function startWorker(data: WorkerData, failed: (cause: unknown) => void): () => void {
  // Nothing that is to be loaded before a program, by flags or NODE_OPTIONS, is of use here.
  const worker = new Worker(`${WORKER_CODE}\nrun(require('node:worker_threads').workerData)`, { eval: true, workerData: data, execArgv: [], env: {} })
  worker.on('error', failed)
  worker.on('exit', code => failed(new Error(`it ended with code ${code}`)))
  worker.unref()
  return () => void worker.terminate()
}
