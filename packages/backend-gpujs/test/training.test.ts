import { cpuBackend } from '@ashlar/backend-cpu'
import { gpujs } from '@ashlar/backend-gpujs'
import { Context, array, autograd, listBackends, log, registerBackend, relu, softmax, unregisterBackend } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { afterAll, expect, it } from 'vitest'

const before = listBackends().map(({ name }) => name)
registerBackend(cpuBackend())
await registerBackend(gpujs({ mode: 'cpu' }))
await registerBackend(gpujs({ mode: 'webasm' }))
// Other test files share the registry.
afterAll(() => {
  for (const { name } of listBackends()) if (!before.includes(name)) unregisterBackend(name)
})

/** Numbers that look random and are the same everywhere. */
function numbers(rows: number, columns: number, scale: number, seed: number): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => scale * Math.sin(seed + 12.9898 * (i * columns + j + 1))))
}

/** Two dense layers and cross entropy, on core's ops alone. */
function losses(ctx: Context): number[] {
  const on = (values: number[] | number[][]): NDArray => array(values, { ctx })
  const inputs = numbers(24, 6, 1, 1)
  const labels = inputs.map(row => row.indexOf(Math.max(...row.slice(0, 3))))
  const x = on(inputs)
  const wanted = on(labels.map(label => [0, 1, 2].map(k => Number(k === label))))
  const parameters = [on(numbers(6, 16, 0.5, 2)), on(new Array<number>(16).fill(0)), on(numbers(16, 3, 0.5, 3)), on([0, 0, 0])]
  for (const parameter of parameters) parameter.attachGrad()
  const [w1, b1, w2, b2] = parameters as [NDArray, NDArray, NDArray, NDArray]
  return Array.from({ length: 20 }, () => {
    const loss = autograd.record(() => {
      const hidden = relu(x.matmul(w1).add(b1))
      const chances = softmax(hidden.matmul(w2).add(b2))
      return log(chances).mul(wanted).sum().div(-24)
    })
    loss.backward()
    for (const parameter of parameters) parameter.isub(parameter.grad!.mul(0.5))
    return loss.item()
  })
}

it.each(['gpujs-cpu', 'gpujs-webasm'])('training on %s has the losses of backend-cpu', type => {
  const expected = losses(new Context('cpu', 0))
  const actual = losses(new Context(type, 0))
  expect(expected.at(-1)!).toBeLessThan(expected[0]! / 3)
  actual.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThanOrEqual(1e-4 * expected[i]!))
})
