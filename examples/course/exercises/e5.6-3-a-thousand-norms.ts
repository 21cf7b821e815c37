// Exercise 5.6-3: a thousand products of 100 × 100 matrices; the norms read one by one, or kept on the device to the end.
import { cpuBackend, device, np, npx, registerBackend, scope } from 'ashlar'
import { heading } from '../src/heading.ts'

if (npx.numGpus() === 0) registerBackend(device.simulatedGpus(1, { backend: cpuBackend() }))
const ctx = device.tryGpu()
const COUNT = 1000
const m = np.random.normal(0, 1, [100, 100], { ctx })

function timed<T>(name: string, fn: () => T): T {
  const start = performance.now()
  const result = fn()
  console.log(`${name}: ${(performance.now() - start).toFixed(0)} ms`)
  return result
}

heading(`${COUNT} products on ${String(ctx)}`)
const oneByOne = timed('read one by one', () => {
  const norms: number[] = []
  for (let i = 0; i < COUNT; i++) norms.push(scope(() => np.norm(np.matmul(m, m)).item()))
  return norms
})
const together = timed('read once, at the end', () => {
  const norms = Array.from({ length: COUNT }, () => scope(() => np.norm(np.matmul(m, m))))
  return np.stack(norms).toTypedArray()
})

heading('The same numbers')
console.log(oneByOne.every((norm, i) => norm === together[i]))
