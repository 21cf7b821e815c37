import { browserDevices } from '../model/devices.ts'
import type { ToPage, ToWorker } from './protocol.ts'
import { Work } from './work.ts'

/** What a worker's global object has, of which the types of pages know nothing. */
interface WorkerScope {
  postMessage(message: ToPage, transfer: readonly Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void
}

const here = globalThis as unknown as WorkerScope

// Timers of 0 ms are held up to 4 ms, messages are not.
const { port1, port2 } = new MessageChannel()
const waiting: (() => void)[] = []
port1.onmessage = () => waiting.shift()?.()

const work = new Work({
  open: browserDevices(),
  post: (message, transfer = []) => here.postMessage(message, transfer),
  now: () => performance.now(),
  later(callback, milliseconds) {
    if (milliseconds >= 1) return void setTimeout(callback, milliseconds)
    waiting.push(callback)
    port2.postMessage(null)
  },
  fetch: url => fetch(url),
})

here.addEventListener('message', event => void work.receive(event.data))
