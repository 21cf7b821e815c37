// Exercise 5.6-2: parameters saved from one device and read on another.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuBackend, device, nn, np, npx, registerBackend } from 'ashlar'
import { heading } from '../src/heading.ts'

if (npx.numGpus() < 2) registerBackend(device.simulatedGpus(2, { backend: cpuBackend() }))
const folder = mkdtempSync(join(tmpdir(), 'ashlar-course-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = (name: string): string => join(folder, name)

const net = new nn.Dense(2, { inUnits: 3 })
net.initialize({ ctx: npx.gpu(0) })
net.saveParameters(file('from-gpu.params'))

heading('Read on the CPU, and on the other GPU')
for (const ctx of [npx.cpu(), npx.gpu(1)]) {
  const clone = new nn.Dense(2)
  clone.loadParameters(file('from-gpu.params'), { ctx })
  console.log(clone.weight.data().context, np.arrayEqual(clone.weight.data().asInContext(npx.cpu()), net.weight.data().asInContext(npx.cpu())))
}

heading('The file does not tell where it came from')
const copy = new nn.Dense(2)
copy.loadParameters(file('from-gpu.params'), { ctx: npx.cpu() })
copy.saveParameters(file('from-cpu.params'))
console.log(readFileSync(file('from-gpu.params')).equals(readFileSync(file('from-cpu.params'))))
