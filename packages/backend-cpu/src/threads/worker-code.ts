/** Where a worker's words lie within its part of the control memory, in units of 4 bytes. */
export const WORD: Readonly<Record<'state' | 'asleep' | 'failed' | 'pages' | 'spin' | 'func' | 'args', number>> = { state: 0, asleep: 1, failed: 2, pages: 3, spin: 4, func: 5, args: 6 }
/** Words of control memory for each worker: lines of 64 bytes, so that no two cores write into one. */
export const WORDS = 32
/** The most arguments that a function can have. */
export const MAX_ARGS = 14

/**
 * Whose turn it is. Memory is zero at first, so a worker that is not up yet is `absent`. From then on the caller changes `idle` to
 * `offered` and back, and the worker `offered` to `taken` to `idle`: a task belongs to whoever made the change, by one atomic exchange.
 */
export const STATE: Readonly<Record<'absent' | 'idle' | 'offered' | 'taken', number>> = { absent: 0, idle: 1, offered: 2, taken: 3 }

/** The number of a task that brings a module instead of calling a function: its address and size are the arguments. */
export const LOAD = -1

/**
 * What a worker runs, as text, because it has to start alike from sources, from a build and from a bundle. It waits for an offer, busily
 * for a while, then asleep; does it; and says so. It never returns to its event loop.
 *
 * No wake-up is lost: the worker says that it sleeps before `wait` looks at the state once more, and the caller makes its offer
 * before it looks whether the worker sleeps. So either the caller sees the sleeper, or `wait` sees the offer and returns at once.
 *
 * Memory that another thread has grown is known here after some time only. `grow(0)` brings it up to date, before anything that lies
 * beyond the old end is touched.
 */
export const WORKER_CODE: string = `
const run = ({ memory, control }) => {
  const word = new Int32Array(memory.buffer, control, ${WORDS})
  const functions = []
  const a = ${WORD.args}
  let pages = 0
  Atomics.store(word, ${WORD.state}, ${STATE.idle})
  for (;;) {
    const end = performance.now() + word[${WORD.spin}] / 1000
    while (Atomics.load(word, ${WORD.state}) !== ${STATE.offered} && performance.now() < end) {
      for (let i = 0; i < 200 && Atomics.load(word, ${WORD.state}) !== ${STATE.offered}; i++);
    }
    while (Atomics.load(word, ${WORD.state}) !== ${STATE.offered}) {
      Atomics.store(word, ${WORD.asleep}, 1)
      Atomics.wait(word, ${WORD.state}, ${STATE.idle})
    }
    Atomics.store(word, ${WORD.asleep}, 0)
    if (Atomics.compareExchange(word, ${WORD.state}, ${STATE.offered}, ${STATE.taken}) !== ${STATE.offered}) continue
    try {
      if (word[${WORD.pages}] !== pages) {
        pages = word[${WORD.pages}]
        memory.grow(0)
      }
      if (word[${WORD.func}] === ${LOAD}) {
        const bytes = new Uint8Array(memory.buffer, word[a] >>> 0, word[a + 1]).slice()
        functions.push(...Object.values(new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports))
      } else {
        functions[word[${WORD.func}]](${Array.from({ length: MAX_ARGS }, (_, i) => `word[a + ${i}]`).join(', ')})
      }
    } catch {
      Atomics.store(word, ${WORD.failed}, 1)
    }
    Atomics.store(word, ${WORD.state}, ${STATE.idle})
    Atomics.notify(word, ${WORD.state})
  }
}
`
