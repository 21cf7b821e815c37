import { cpuBackend } from '@ashlar/backend-cpu'
import { memory, registerBackend, unregisterBackend } from 'ashlar'
import { expectBelow } from '../long-check.ts'
import { graphPrograms } from '../memory/programs-graphs.ts'
import { trainingPrograms } from '../memory/programs-training.ts'

// Every program as people write them, a thousand and more steps each, with freed memory poisoned and a budget of a megabyte.
const BUDGET = 1_000_000
const ROUNDS = 100
unregisterBackend('cpu')
registerBackend(cpuBackend({ poolBytes: BUDGET, poison: true }))

let most = 0
for (const [name, program] of Object.entries({ ...trainingPrograms, ...graphPrograms })) {
  // The replay buffer runs six hundred steps by itself.
  const rounds = name.includes('replay') ? 2 : ROUNDS
  const first = await program()
  for (let round = 1; round < rounds; round++) {
    const again = await program()
    if (again.some((value, i) => !Object.is(value, first[i]))) throw new Error(`${name} gave other numbers in round ${round}`)
    const { live, idle } = memory().devices['cpu(0)']!
    most = Math.max(most, live.bytes + idle.bytes)
  }
}
expectBelow('pool bytes while every program ran for a thousand steps', most, BUDGET, 'bytes')
