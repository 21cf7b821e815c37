import assert from 'node:assert/strict'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { engine } from '../../src/wasm/engine.ts'
import { compute, fingerprints } from '../support/work.ts'

// Computes with as many threads as ASHLAR_THREADS says, until all are up and have done something, and prints the fingerprints; then
// how much of a core is used while the program waits, where it is asked to.

const all = (): Record<string, string> => ({ ...fingerprints(compute('float32', false)), ...fingerprints(compute('float64', false)) })

const { team } = engine()!
const first = all()
while (team.size < Number(process.env['ASHLAR_THREADS'])) await setImmediate()
do assert.deepEqual(all(), first)
while (team.size > 1 && team.helped < 20)

let busy = 0
if (process.argv[2] === 'wait') {
  const before = process.cpuUsage()
  await setTimeout(1000)
  const { user, system } = process.cpuUsage(before)
  busy = (user + system) / 1000
}
console.log(JSON.stringify({ size: team.size, helped: team.helped, busy, prints: first }))
