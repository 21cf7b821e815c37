import { cpuBackend } from '@ashlar/backend-cpu'
import { engine } from '../../src/wasm/engine.ts'

// Opens the backend with the options that are handed over, and prints how many threads it wants.

cpuBackend(JSON.parse(process.argv[2] ?? '{}') as object).open(0)
console.log(JSON.stringify({ threads: engine()!.team.threads }))
