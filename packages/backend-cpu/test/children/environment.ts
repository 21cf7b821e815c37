import { cpuBackend } from '@ashlar/backend-cpu'
import { setWarningHandler } from '@ashlar/core'
import { setImmediate } from 'node:timers/promises'
import { configureEngine, engine } from '../../src/wasm/engine.ts'
import type { EngineOptions } from '../../src/wasm/engine.ts'
import { compute, fingerprints } from '../support/work.ts'

// Computes whole numbers, so that results do not depend on the order of summation, in an environment that lacks something, and prints
// their fingerprints, what was warned about, and what was used.

const asked: WebAssembly.MemoryDescriptor[] = []
/** Memory of at most so many pages, for which `refuses` may be. */
const limited = (most: number, refuses: (descriptor: WebAssembly.MemoryDescriptor) => boolean): EngineOptions => ({
  memory(descriptor) {
    asked.push(descriptor)
    if (refuses(descriptor)) throw new RangeError('could not allocate memory')
    return new WebAssembly.Memory({ ...descriptor, maximum: Math.min(most, descriptor.maximum!) })
  },
})

const environments: Record<string, () => EngineOptions> = {
  whole: () => ({}),
  'no vectors': () => ({ vectors: false }),
  'no WebAssembly': () => {
    Object.defineProperty(globalThis, 'WebAssembly', { value: undefined })
    return {}
  },
  'no leave to compile': () => {
    WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError('a policy') } } as unknown as typeof WebAssembly.Module
    return {}
  },
  'no SharedArrayBuffer': () => {
    Object.defineProperty(globalThis, 'SharedArrayBuffer', { value: undefined })
    return {}
  },
  'no isolation': () => {
    Object.defineProperty(globalThis, 'crossOriginIsolated', { value: false })
    return {}
  },
  'no shared memory': () => limited(65536, ({ shared }) => shared === true),
  'no shared memory, one thread': () => ({ shared: false, threads: 1 }),
  'no memory': () => limited(65536, () => true),
  'little address space': () => limited(65536, ({ shared, maximum }) => shared !== true || maximum! > 4096),
  'no growth': () => limited(64, () => false),
  'hardly any growth': () => limited(80, () => false),
  'no relaxed vectors': () => ({ relaxed: false }),
  'no workers': () => ({ start: () => { throw new Error('refused') } }),
  'workers that never start': () => ({ start: () => () => {} }),
  'real workers': () => ({}),
}

const warnings: string[] = []
setWarningHandler((message, { category }) => void warnings.push(`${category}: ${message}`))
configureEngine({ threads: 2, ...environments[process.argv[2]!]!() })
cpuBackend().open(0)
const first = fingerprints(compute('float64', true))
await setImmediate()
const prints = { ...first, ...fingerprints(compute('float32', true)) }
const e = engine()
const { live } = cpuBackend().open(0).memory!()
console.log(JSON.stringify({ prints, warnings, live, used: e === null ? 'nothing' : e.buffer instanceof ArrayBuffer ? 'memory' : 'shared memory', bytes: e?.buffer.byteLength ?? 0, size: e?.team.size ?? 1, asked }))
