import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import type { DType, NDArray } from '@ashlar/core'
import { Context, array, getState, randomStateOf, registerBackend, resetNames, seed, setState, setWarningHandler, unregisterBackend } from '@ashlar/core'
import { simulatedGpus } from '@ashlar/device'
import type { Block, Parameter } from '@ashlar/nn'

registerBackend(cpuBackend())

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
export function twoGpus(): [Context, Context] {
  registerBackend(simulatedGpus(2, { backend: cpuBackend() }))
  return [new Context('gpu', 0), new Context('gpu', 1)]
}

/** How many 32-bit outputs the main stream of the CPU has given since the seed. */
export function position(): number {
  return randomStateOf(new Context('cpu')).position
}

export interface GoldenArray { shape: number[]; dtype: DType; data: number[] }

export function toArray(golden: GoldenArray): NDArray {
  return array(golden.data, { dtype: golden.dtype }).reshape(golden.shape)
}

/** The place of a golden file. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`golden/${name}`, import.meta.url))
}

export interface GoldenLayers {
  default_init: Record<string, { params: (GoldenArray & { name: string; grad_req: string })[]; pos: number; repr: string }>
  layers: Record<string, { x: GoldenArray; out_train: GoldenArray; out_predict_after: GoldenArray; grad_x: GoldenArray; params: (GoldenArray & { name: string; grad: GoldenArray })[] }>
}

export const golden = JSON.parse(readFileSync(goldenPath('layers.json'), 'utf8')) as GoldenLayers

/** Demands shape, dtype and values: rtol 1e-5, atol 1e-7 times the largest magnitude. */
export function expectArray(actual: NDArray, expected: GoldenArray, rtol = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape)
  expect(actual.dtype).toBe(expected.dtype)
  const atol = 1e-7 * Math.max(...expected.data.map(Math.abs))
  numbers(actual).forEach((value, i) => {
    const wanted = expected.data[i]!
    expect(Math.abs(value - wanted), `element ${i}: ${value}, expected ${wanted}`).toBeLessThanOrEqual(atol + rtol * Math.abs(wanted))
  })
}

/** The numbers of an array, in C order. */
export function numbers(x: NDArray): number[] {
  return Array.from(x.toTypedArray(), Number)
}

/** All that tells a parameter's state, for "nothing changed". */
export function stateOf(parameter: Parameter): unknown {
  const read = <T>(fn: () => T): T | string => {
    try {
      return fn()
    } catch (error) {
      return (error as Error).name
    }
  }
  return {
    shape: parameter.shape, dtype: parameter.dtype, gradReq: parameter.gradReq, deferred: parameter.deferred,
    contexts: read(() => parameter.listCtx().map(String)),
    data: read(() => parameter.listData().map(numbers)),
    grad: read(() => parameter.listGrad().map(numbers)),
  }
}

/** Demands that `fn` throws an error of that name whose message holds that text, and that it changes no parameter. */
export function expectRefusal(net: Block | Parameter, fn: () => unknown, name: string, text: string): void {
  const look = (): unknown => ('collectParams' in net ? [...net.collectParams()].map(([key, p]) => [key, stateOf(p)]) : stateOf(net))
  const before = look()
  expect(fn).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text) }))
  expect(look()).toEqual(before)
}

/** Runs `fn` with a folder that goes away afterwards. */
export function withFolder<T>(fn: (path: (name: string) => string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-nn-'))
  try {
    return fn(name => join(folder, name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
