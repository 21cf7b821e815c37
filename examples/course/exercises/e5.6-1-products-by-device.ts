// Exercise 5.6-1: large and small matrix products, timed on every device.
import { cpuBackend, device, np, npx, registerBackend } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

// Where there is no GPU, a simulated one shows how it goes: it computes on the same processor.
if (npx.numGpus() === 0) registerBackend(device.simulatedGpus(1, { backend: cpuBackend() }))
const CONTEXTS = [npx.cpu(), ...device.tryAllGpus()]

function milliseconds(fn: () => NDArray): number {
  const start = performance.now()
  // Devices may still be at work when the call returns: reading one value waits for them.
  fn().get(0, 0).item()
  return performance.now() - start
}

for (const size of [16, 512]) {
  heading(`${size} × ${size}`)
  for (const ctx of CONTEXTS) {
    const a = np.random.normal(0, 1, [size, size], { ctx })
    milliseconds(() => np.matmul(a, a))
    const times = Array.from({ length: 5 }, () => milliseconds(() => np.matmul(a, a))).sort((p, q) => p - q)
    console.log(`${String(ctx)}: ${times[2]!.toFixed(3)} ms`)
  }
}
