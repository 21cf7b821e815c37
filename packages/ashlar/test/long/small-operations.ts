import { np } from 'ashlar'
import { expectBelow, peakResidentMegabytes } from '../long-check.ts'

// Ten million operations on 40 elements, every result dropped.
const one = np.ones([2, 20])
let x = np.zeros([2, 20])
for (let i = 0; i < 10_000_000; i++) x = np.add(x, one)
if (x.get(0, 0).item() !== 10_000_000) throw new Error('the sum is wrong')
expectBelow('resident after ten million operations on 40 elements', peakResidentMegabytes(), 250, 'MB')
