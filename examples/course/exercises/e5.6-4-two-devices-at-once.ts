// Exercise 5.6-4: two products on one device, one after the other, and on two devices at once.
import { cpuBackend, device, np, npx, registerBackend } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

const simulated = npx.numGpus() < 2
if (simulated) registerBackend(device.simulatedGpus(2, { backend: cpuBackend() }))

const SIZE = 256
const [one, two] = [npx.gpu(0), npx.gpu(1)].map(ctx => np.random.normal(0, 1, [SIZE, SIZE], { ctx })) as [NDArray, NDArray]

async function timed(name: string, fn: () => NDArray[]): Promise<void> {
  const start = performance.now()
  await Promise.all(fn().map(result => result.get(0, 0).itemAsync()))
  console.log(`${name}: ${(performance.now() - start).toFixed(1)} ms`)
}

const products = (x: NDArray): NDArray => {
  let result = x
  for (let i = 0; i < 10; i++) result = np.matmul(result, x).div(SIZE)
  return result
}

heading('Twenty products')
await timed('warm-up            ', () => [products(one), products(two)])
await timed('both on gpu(0)     ', () => [products(one), products(one)])
await timed('gpu(0) and gpu(1)  ', () => [products(one), products(two)])
console.log(simulated ? 'simulated devices share one processor, so there is nothing to gain' : 'two devices work at the same time')
