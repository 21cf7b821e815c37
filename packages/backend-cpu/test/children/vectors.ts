import { configureEngine, engine } from '../../src/wasm/engine.ts'
import type { EngineOptions } from '../../src/wasm/engine.ts'
import { cases } from '../support/vector-cases.ts'

// Checks the vector kernels as the options say, and prints what failed.

configureEngine(JSON.parse(process.argv[2]!) as EngineOptions)
const failed = cases.flatMap(({ name, check }) => {
  try {
    check()
    return []
  } catch (error) {
    return [`${name}: ${(error as Error).message}`]
  }
})
console.log(JSON.stringify({ relaxed: engine()?.relaxed ?? null, checked: cases.length, failed }))
