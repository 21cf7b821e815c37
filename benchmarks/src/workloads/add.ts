import * as tf from '@tensorflow/tfjs'
import { np } from 'ashlar'
import type { Workload } from '../harness.ts'

/** Adds two small arrays and frees the result: what one operation costs beside its arithmetic. */
export function addSmall(): Workload {
  const a = np.random.uniform({ size: [2, 20] })
  const b = np.random.uniform({ size: [2, 20] })
  const [ta, tb] = [tf.tensor(a.toTypedArray() as Float32Array, [2, 20]), tf.tensor(b.toTypedArray() as Float32Array, [2, 20])]
  return {
    name: 'add [2, 20], result freed',
    candidates: [
      { name: 'ashlar', run: () => np.add(a, b).dispose() },
      { name: 'tfjs cpu', run: () => tf.add(ta, tb).dispose() },
    ],
  }
}
