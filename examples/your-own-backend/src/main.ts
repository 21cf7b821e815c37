import { device, registerBackend } from 'ashlar'
import { plainBackend } from './backend.ts'
import { counted } from './count.ts'
import { train } from './train.ts'

const STEPS = 197
const SHOWN = 8
const BAR = 40

const counts = new Map<string, number>()
registerBackend(counted(plainBackend(), counts))

const plain = train(new device.Context('plain'), STEPS)
const cpu = train(new device.Context('cpu'), STEPS)

console.log('Is a point in the ring? The same network, on two backends.\n')
console.log('step   plain(0)     cpu(0)   loss')
for (let step = 0; step < STEPS; step += Math.floor((STEPS - 1) / (SHOWN - 1))) {
  const [a, b] = [plain[step]!, cpu[step]!]
  console.log(`${String(step + 1).padStart(4)}   ${a.toFixed(6)}   ${b.toFixed(6)}   ${bar(a / plain[0]!)}`)
}

const apart = Math.max(...plain.map((loss, step) => Math.abs(loss / cpu[step]! - 1)))
const agree = apart < 1e-3
const distance = apart === 0 ? 'the same to the last digit' : `${apart.toExponential(1)} of the loss apart at most`
console.log(`\nThe losses ${agree ? 'agree' : 'DIFFER'}: ${distance}, over ${STEPS} steps.\n`)

const sorted = [...counts].sort(([, a], [, b]) => b - a)
const total = sorted.reduce((sum, [, count]) => sum + count, 0)
console.log(`Calls of kernels on plain(0), ${total} in all:`)
for (const [name, count] of sorted) console.log(`${name.padEnd(16)} ${String(count).padStart(5)}   ${bar(count / sorted[0]![1])}`)
process.exitCode = agree ? 0 : 1

/** A share of the whole as characters, in eighths of one. */
function bar(share: number): string {
  const eighths = Math.max(1, Math.round(share * BAR * 8))
  return '█'.repeat(eighths >> 3) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths & 7]!
}
