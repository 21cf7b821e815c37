import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { Context, memory, registerBackend, setWarningHandler } from '@ashlar/core'
import { expectBelow, peakResidentMegabytes } from '../../../ashlar/test/long-check.ts'
import { testEngines } from '../engines.ts'
import { NO_NATIVE, nativeBinding } from '../native.ts'
import { trainSteps } from '../train.ts'

// After 10,000 steps of training with a scope round each, tfjs holds as many tensors as before; without one the collector and the budget hold
// memory down, in a synchronous loop and in an awaited one. On WebAssembly, and on TensorFlow where an addon of it is built.

const BUDGET = 4 * 2 ** 20
setWarningHandler(() => {})

const native = await nativeBinding()
if (native === undefined) console.log(`left out TensorFlow itself: ${NO_NATIVE}`)
const engines = await testEngines(['wasm'])

for (const [name, options] of [['wasm', { binding: 'wasm' }], ['TensorFlow', native]] as const) {
  if (options === undefined) continue
  const engine = engines.find(([known]) => known === name)![1]
  const backend = await tfjsCuda({ ...options, allowCpu: true })
  for (const kind of ['scoped', 'synchronous', 'awaited']) registerBackend({ ...backend, name: `${name} ${kind}`, type: `${name}-${kind}`.toLowerCase() }, { budgetBytes: BUDGET })
  const of = (kind: string): Context => new Context(`${name}-${kind}`.toLowerCase())
  const counts = (kind: string) => memory().devices[String(of(kind))]!

  const scoped = trainSteps(of('scoped'))
  for (let i = 0; i < 10; i++) scoped()
  const before = engine.count()
  for (let i = 0; i < 10_000; i++) scoped()
  expectBelow(`${name}: tensors more than after step 10, 10,000 scoped steps later`, engine.count() - before, 0, 'tensors')
  expectBelow(`${name}: buffers more than tensors`, Math.abs(counts('scoped').live.buffers - engine.count()), 0, 'tensors')

  const dropping = trainSteps(of('synchronous'), false)
  for (let i = 0; i < 3_000; i++) dropping()
  expectBelow(`${name}: peak of 3,000 synchronous steps without a scope`, counts('synchronous').peak, BUDGET, 'bytes')
  const yielding = trainSteps(of('awaited'), false)
  for (let i = 0; i < 3_000; i++) {
    yielding()
    await (i % 2 === 0 ? Promise.resolve() : new Promise(resolve => setImmediate(resolve)))
  }
  expectBelow(`${name}: peak of 3,000 awaited steps without a scope`, counts('awaited').peak, BUDGET, 'bytes')
}
expectBelow('resident after all steps', peakResidentMegabytes(), 900, 'MB')
