import { cpuBackend } from '@ashlar/backend-cpu'
import { Context, memory, registerBackend, setWarningHandler } from '@ashlar/core'
import { simulatedGpus } from '@ashlar/device'
import { np } from 'ashlar'
import { expectBelow, peakResidentMegabytes } from '../long-check.ts'

// Synchronous loops without any scope on a device whose memory is lost unless it is freed: no finalizer runs before they end.
const BUDGET = 16 * 2 ** 20
const MEGABYTES_4 = 4 * 2 ** 20 + 256
const gpu = (index: number): Context => new Context('gpu', index)
registerBackend(simulatedGpus(2, { backend: cpuBackend(), budgetBytes: BUDGET }))

let warnings = 0
setWarningHandler(() => void warnings++)

function drop(context: Context, shape: readonly number[], times: number): void {
  let x = np.zeros(shape, { ctx: context })
  for (let i = 0; i < times; i++) x = x.add(1)
  if (x.get(0, 0).item() !== times) throw new Error('the sum is wrong')
}

const counts = (context: Context): ReturnType<typeof memory>['devices'][string] => memory().devices[String(context)]!

// The simulated device's memory is this process's, and so is what moves. Moved arrays are the engine's, which lets them level off at 250 MB and less;
// 40,000 arrays of 40 elements, which fill the budget with their charge of 256, take a kilobyte each of the engine's heap, and more between
// collections. With the process itself that is some 500 MB; without an end to it, it would be 12 GB.
const RESIDENT = 600

// The collector is within reach: what was dropped is found and freed.
drop(gpu(0), [1024, 1024], 2_000)
drop(gpu(0), [2, 20], 200_000)
expectBelow('moved, where the collector can be asked', counts(gpu(0)).moved, 0, 'buffers')
expectBelow('peak of the device, where the collector can be asked', counts(gpu(0)).peak, BUDGET / 2 + 3 * MEGABYTES_4, 'bytes')
expectBelow('resident after 2,000 dropped results of 4 MB and 200,000 of 40 elements on a device', peakResidentMegabytes(), RESIDENT, 'MB')

// Out of reach, as in browsers: what is past the budget moves to the host.
Object.defineProperty(process, 'getBuiltinModule', { value: undefined })
drop(gpu(1), [1024, 1024], 1_000)
drop(gpu(1), [2, 20], 400_000)
expectBelow('peak of the device, where it cannot', counts(gpu(1)).peak, BUDGET + 2 * MEGABYTES_4, 'bytes')
expectBelow('warnings', warnings, 1, 'warnings')
expectBelow('resident after 1,000 dropped results of 4 MB and 400,000 of 40 elements that move', peakResidentMegabytes(), RESIDENT, 'MB')
