import '../backend.ts'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Device, NDArray } from '@ashlar/core'
import { Context, autograd, deviceOf, ones, registerBackend, unregisterBackend } from '@ashlar/core'
import { afterEach, expect, it } from 'vitest'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const NAME = 'needs-free'
/** How many handles of one device are held. Each test has its own: what an earlier one left may be freed during it. */
interface Count {
  alive: number
}

/** The CPU device, with memory that is lost unless it is freed. */
function counting(needsFree: boolean, count: Count): Device {
  const cpu = deviceOf(new Context('cpu'), 'test')
  const kernels = { ...cpu.kernels, binary: (...args: Parameters<typeof cpu.kernels.binary>) => (count.alive++, cpu.kernels.binary(...args)) }
  return { ...cpu, kernels, capabilities: { ...cpu.capabilities, needsFree }, fill: (value, out) => (count.alive++, cpu.fill(value, out)), free: () => void count.alive-- }
}

afterEach(() => unregisterBackend(NAME))

function start(needsFree: boolean): { x: NDArray; count: Count } {
  const count = { alive: 0 }
  registerBackend({ name: NAME, type: NAME, count: 1, open: () => counting(needsFree, count) })
  return { x: ones([1000], { ctx: new Context(NAME) }), count }
}

/** Gives the collector turns until it has brought the count down, or a bounded number of them has passed. */
async function settle(count: Count, below: number): Promise<void> {
  for (let turn = 0; turn < 50 && count.alive > below; turn++) {
    collect()
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** In a function of its own, so that no frame keeps the arrays. */
function dropResults(x: NDArray): void {
  x.attachGrad()
  for (let i = 0; i < 20; i++) {
    // A result, a graph that is never run, and an array that is renamed.
    x.add(x)
    autograd.record(() => x.mul(x).add(x))
    x.mul(x).iadd(x)
  }
}

it('dropped results, graphs and renamed arrays are freed when the collector finds them', async () => {
  const { x, count } = start(true)
  dropResults(x)
  expect(count.alive).toBeGreaterThan(60)
  await settle(count, 2)
  // The array itself, and its gradient.
  expect(count.alive).toBe(2)
  expect(x.get(0).item()).toBe(1)
})

it('what was freed by hand is not freed again', async () => {
  const { x, count } = start(true)
  const y = x.add(x)
  y.dispose()
  expect(count.alive).toBe(1)
  await settle(count, 0)
  expect(count.alive).toBe(1)
  x.dispose()
  expect(count.alive).toBe(0)
})

it('a device whose memory the collector has anyway is left alone', async () => {
  const { x, count } = start(false)
  x.add(x)
  await settle(count, 1)
  expect(count.alive).toBe(2)
  x.dispose()
})
