import { np } from 'ashlar'
import { expectBelow, peakResidentMegabytes } from '../long-check.ts'

// A synchronous loop that drops 20,000 results of 4 MB, without any scope: neither finalizers nor a turn of the event loop help.
let x = np.ones([1024, 1024])
for (let i = 0; i < 20_000; i++) x = x.add(1)
for (let i = 0; i < 5_000; i++) {
  x = x.add(1)
  // Awaiting what is ready gives the collector no turn either.
  await Promise.resolve()
}
if (x.get(0, 0).item() !== 25_001) throw new Error('the sum is wrong')
expectBelow('resident after 20,000 dropped results of 4 MB, and 5,000 more between awaits', peakResidentMegabytes(), 600, 'MB')
