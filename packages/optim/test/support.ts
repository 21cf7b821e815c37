import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import type { DType, NDArray } from '@ashlar/core'
import { array, autograd, getState, registerBackend, resetNames, seed, setState, setWarningHandler } from '@ashlar/core'
import { Parameter } from '@ashlar/nn'

registerBackend(cpuBackend())

/** Starts every test as a fresh process does, and leaves nothing behind. */
export function freshProcess(): void {
  let restore = (): void => {}
  beforeEach(() => {
    const random = getState()
    const handler = setWarningHandler(message => expect.fail(`unexpected warning: ${message}`))
    resetNames()
    seed(0)
    restore = () => {
      setWarningHandler(handler)
      resetNames()
      setState(random)
    }
  })
  afterEach(() => restore())
}

/** Collects warnings from here to the end of the test, in a suite of {@link freshProcess}. */
export function expectWarnings(): string[] {
  const messages: string[] = []
  setWarningHandler(message => messages.push(message))
  return messages
}

export interface GoldenArray { shape: number[]; dtype: DType; data: number[] }

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')) as T
}

export function toArray(golden: GoldenArray): NDArray {
  return array(golden.data, { dtype: golden.dtype }).reshape(golden.shape)
}

/** The numbers of an array, in C order. */
export function numbers(x: NDArray): number[] {
  return Array.from(x.toTypedArray(), Number)
}

/** Demands values to a relative tolerance, and to `rtol / 100` of the largest where they are near 0. */
export function expectClose(actual: readonly number[], expected: readonly number[], rtol = 1e-5): void {
  expect(actual.length).toBe(expected.length)
  const atol = (rtol / 100) * Math.max(...expected.map(Math.abs))
  actual.forEach((value, i) => expect(Math.abs(value - expected[i]!), `element ${i}: ${value}, expected ${expected[i]}`).toBeLessThanOrEqual(atol + rtol * Math.abs(expected[i]!)))
}

/** A parameter with these values and a gradient. */
export function parameter(name: string, values: readonly number[], options: ConstructorParameters<typeof Parameter>[1] = {}): Parameter {
  const p = new Parameter(name, { shape: values.length, ...options })
  p.initialize('zeros')
  p.setData(array([...values]))
  return p
}

/** Lets a backward write these gradients. */
export function backward(p: Parameter, gradient: readonly number[]): void {
  autograd.record(() => p.data().mul(array([...gradient]))).backward()
}
