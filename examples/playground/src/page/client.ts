import type { ToPage, ToWorker } from '../worker/protocol.ts'

/** The worker, which trains and reads so that the page never waits. */
export interface Client {
  send(message: ToWorker): void
}

/**
 * Starts the worker.
 *
 * @param receive takes what it says
 * @param lost is told why, where it cannot start or dies
 */
export function startWorker(receive: (message: ToPage) => void, lost: (reason: string) => void): Client {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', (event: MessageEvent<ToPage>) => receive(event.data))
  worker.addEventListener('error', event => {
    // A script that could not be loaded says nothing.
    event.preventDefault()
    lost(event.message ?? 'its script could not be loaded')
  })
  return { send: message => worker.postMessage(message) }
}
