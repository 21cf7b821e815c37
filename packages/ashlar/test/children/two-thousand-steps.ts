import { cpuBackend } from '@ashlar/backend-cpu'
import { memory, registerBackend, unregisterBackend } from 'ashlar'
import { trainingPrograms } from '../memory/programs-training.ts'

// Runs one program for two thousand steps, and prints the pool's bytes after it, used or not.
const [name = '', budget] = process.argv.slice(2)
unregisterBackend('cpu')
registerBackend(cpuBackend({ poolBytes: Number(budget), poison: true }))
await trainingPrograms[name]!(2000)
const { live, idle } = memory().devices['cpu(0)']!
console.log(live.bytes + idle.bytes)
