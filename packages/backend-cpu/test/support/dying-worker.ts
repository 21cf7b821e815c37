import { Worker } from 'node:worker_threads'
import type { WorkerData } from '../../src/threads/team.ts'
import { STATE, WORD, WORDS } from '../../src/threads/worker-code.ts'

/** What a worker does that goes wrong. */
export type Fault = 'takes a task and is gone' | 'fails in every task' | 'never takes a task' | 'never starts'

const WHEN_OFFERED: Readonly<Record<Exclude<Fault, 'never starts'>, string>> = {
  'takes a task and is gone': `if (Atomics.compareExchange(word, 0, ${STATE.offered}, ${STATE.taken}) === ${STATE.offered}) process.exit()`,
  'fails in every task': `if (Atomics.compareExchange(word, 0, ${STATE.offered}, ${STATE.taken}) === ${STATE.offered}) {
    Atomics.store(word, ${WORD.failed}, 1)
    Atomics.store(word, 0, ${STATE.idle})
    Atomics.notify(word, 0)
  }`,
  'never takes a task': '',
}

/** Starts workers with a fault; modules they load as they should. */
export function faulty(fault: Fault): (data: WorkerData, failed: (cause: unknown) => void) => () => void {
  return ({ memory, control }, failed) => {
    if (fault === 'never starts') return () => {}
    const code = `const { memory, control } = require('node:worker_threads').workerData
      const word = new Int32Array(memory.buffer, control, ${WORDS})
      Atomics.store(word, 0, ${STATE.idle})
      for (let loaded = false;;) {
        Atomics.wait(word, 0, ${STATE.idle}, 5)
        if (!loaded && Atomics.load(word, 0) === ${STATE.offered}) {
          loaded = true
          Atomics.store(word, 0, ${STATE.idle})
        }
        ${WHEN_OFFERED[fault]}
      }`
    const worker = new Worker(code, { eval: true, workerData: { memory, control }, execArgv: [], env: {} })
    worker.on('exit', failed)
    worker.unref()
    return () => void worker.terminate()
  }
}
