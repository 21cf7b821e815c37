// One candidate in a process of its own: it reads requests, a line of JSON each, and answers with one. `pytorch.py` speaks the same.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { LoadOptions, Peer, Task } from '../peer.ts'
import type { Reply, Request } from './protocol.ts'

// Libraries that greet do so where nobody parses it.
console.log = console.info = console.error

interface PeerModule {
  load(options: LoadOptions, variant: string): Promise<Peer>
}

const LOADERS: Readonly<Record<string, () => Promise<PeerModule>>> = {
  ashlar: () => import('../peers/ashlar.ts'),
  tfjs: () => import('../peers/tfjs.ts'),
  jax: () => import('../peers/jax.ts'),
  gpujs: () => import('../peers/gpujs.ts'),
}

let peer: Peer
let task: Task
let idleBytes = 0

/** The most memory that this process ever held, in bytes. What `resourceUsage` says may be the parent's on Linux. */
function peakBytes(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}

async function time(times: number): Promise<number> {
  const start = process.hrtime.bigint()
  for (let i = 0; i < times; i++) {
    const pending = task.run()
    // Waiting where there is nothing to wait for would cost the small operations their lead.
    if (pending !== undefined) await pending
  }
  return Number(process.hrtime.bigint() - start) / 1e9 / times
}

/** Runs until the engine had this long to warm up; returns how long a run took in the end. */
async function warmUp(seconds: number): Promise<number> {
  let times = 1
  let spent = 0
  for (;;) {
    const each = await time(times)
    spent += each * times
    if (spent >= seconds) return each
    if (each * times < seconds / 8) times *= 2
  }
}

async function answer(request: Request): Promise<Reply> {
  switch (request.ask) {
    case 'load': {
      const module = await (LOADERS[request.module]?.() ?? (import(request.module) as Promise<PeerModule>))
      const start = performance.now()
      peer = await module.load({ threads: request.threads }, request.variant)
      const seconds = (performance.now() - start) / 1000
      idleBytes = peakBytes()
      return { version: peer.version, seconds }
    }
    case 'prepare': {
      const made = await peer.prepare(request.job)
      if (made === null) return { answer: null }
      task = made
      return { answer: await task.answer() }
    }
    case 'warmUp': return { seconds: await warmUp(request.seconds) }
    case 'time': return { seconds: await time(request.times) }
    case 'memory': return { idleBytes, peakBytes: peakBytes() }
  }
}

const say = (reply: Reply): void => void process.stdout.write(`${JSON.stringify(reply)}\n`)

for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(await answer(JSON.parse(line) as Request))
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) })
  }
}
// Worker threads of a library must not keep a lane alive whose row is done.
process.exit(0)
