import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { Context, getState, randomStateOf, resetNames, seed, setState, setWarningHandler } from '@ashlar/core'
import { np, npx, nn, registerBackend, unregisterBackend } from 'ashlar'
import type { NDArray } from 'ashlar'
import { cpuBackend } from '@ashlar/backend-cpu'
import { simulatedGpus } from '@ashlar/device'

/** What was warned about since the test began. */
export const warnings: string[] = []

/** Starts every test as a fresh process does, and leaves nothing behind. */
export function freshProcess(): void {
  let restore = (): void => {}
  beforeEach(() => {
    const random = getState()
    const handler = setWarningHandler(message => void warnings.push(message))
    warnings.length = 0
    resetNames()
    seed(0)
    restore = () => {
      setWarningHandler(handler)
      unregisterBackend('simulated-gpus')
      resetNames()
      seed(0)
      setState(random)
    }
  })
  afterEach(() => restore())
}

/** Two devices that say they are GPUs, until the test ends. */
export function twoGpus(): void {
  registerBackend(simulatedGpus(2, { backend: cpuBackend() }))
}

/** How many 32-bit outputs the main stream of the CPU has given since the seed. */
export function position(): number {
  return randomStateOf(new Context('cpu')).position
}

/** Demands results of a matrix product: rtol 1e-5, atol 1e-7 times the largest magnitude. */
export function expectClose(actual: NDArray, expected: readonly number[], rtol = 1e-5): void {
  const values = Array.from(actual.toTypedArray(), Number)
  expect(values.length).toBe(expected.length)
  const atol = 1e-7 * Math.max(...expected.map(Math.abs))
  values.forEach((value, i) => {
    const wanted = expected[i]!
    expect(Math.abs(value - wanted), `element ${i}: ${value}, expected ${wanted}`).toBeLessThanOrEqual(atol + rtol * Math.abs(wanted))
  })
}

/** The numbers of an array, in C order. */
export function numbers(x: NDArray): number[] {
  return Array.from(x.toTypedArray(), Number)
}

/** The hash of an array's bytes. */
export function sha256(x: NDArray | Uint8Array): string {
  const data = x instanceof Uint8Array ? x : x.toTypedArray()
  return createHash('sha256').update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest('hex')
}

interface Output { out: number[]; w0_sha256: string; w1_sha256: string; pos: number }
interface Sum { value: number; halvings: number; times10: boolean; pos: number }

export interface Chapter {
  '5.1': { x: number[]; pos_after_x: number; sequential: Output; mlp: Output; mysequential: Output; fancy: Sum; chimera: Sum }
  '5.2': Record<string, number[]> & {
    dense0_weight_corners: number[][]; pos_after_forward: number; pos_after_rgnet: number; pos_after_normal: number
    xavier_bound: number; pos_after_xavier: number; myinit_zero_fraction: number; pos_after_myinit: number
  }
  '5.2.3_fresh_tied': Record<string, number[]> & { w0_grad_sum: number }
  '5.4': Record<string, number[]> & { pos: number; centered_abs_mean_lt: number }
  '5.5': Record<string, string> & { 'mlp.params_fresh': { bytes: number; sha256: string } }
  '5.6': Record<string, number[]>
}

/** The numbers that the course prints; see golden/README.md. */
export const chapter = JSON.parse(readFileSync(new URL('golden/chapter.json', import.meta.url), 'utf8')) as Chapter

/** Runs `fn` with a folder that goes away afterwards. */
export function withFolder<T>(fn: (path: (name: string) => string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-'))
  try {
    return fn(name => join(folder, name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The course's two-layer network. */
export function getnet(): nn.Sequential {
  const net = new nn.Sequential()
  net.add(new nn.Dense(256, { activation: 'relu' }))
  net.add(new nn.Dense(10))
  return net
}

export class MLP extends nn.Block {
  hidden = new nn.Dense(256, { activation: 'relu' })
  output = new nn.Dense(10)
  override forward(x: NDArray): NDArray { return this.output(this.hidden(x)) }
}

/** Stores its blocks under their names, as the course does. */
export class MySequential extends nn.Block {
  add(block: nn.Block): void { this.children.set(block.name, block) }
  override forward(x: NDArray): NDArray {
    for (const block of this.children.values()) x = block(x) as NDArray
    return x
  }
}

/** A constant weight, one layer used twice, and control flow on values. */
export class FancyMLP extends nn.Block {
  randWeight = this.params.getConstant('rand_weight', np.random.uniform({ size: [20, 20] }))
  dense = new nn.Dense(20, { activation: 'relu' })
  halvings = 0
  times10 = false

  override forward(x: NDArray): NDArray {
    x = this.dense(x)
    x = npx.relu(np.dot(x, this.randWeight.data()).add(1))
    x = this.dense(x)
    for (this.halvings = 0; np.abs(x).sum().item() > 1; this.halvings++) x.idiv(2)
    this.times10 = +np.abs(x).sum() < 0.8
    if (this.times10) x.imul(10)
    return x.sum()
  }
}

export class NestMLP extends nn.Block {
  net = new nn.Sequential(new nn.Dense(64, { activation: 'relu' }), new nn.Dense(32, { activation: 'relu' }))
  dense = new nn.Dense(16, { activation: 'relu' })
  override forward(x: NDArray): NDArray { return this.dense(this.net(x) as NDArray) }
}
