import { describe, it } from 'vitest'
import { nd, np, npx } from 'ashlar'
import type { NDArray } from 'ashlar'
import { expectClose, freshProcess } from './support.ts'

/** The course's perceptron of 20, 256 and 10 units, with weights as the legacy dialect draws them; biases are 0. */
function perceptron(x: NDArray): NDArray {
  const draw = (shape: number[]): NDArray => nd.random.uniform(-0.07, 0.07, shape)
  const hidden = draw([256, 20])
  const output = draw([10, 256])
  return npx.relu(np.dot(x, hidden.T)).matmul(output.T)
}

describe('the legacy dialect exists as samplers', () => {
  freshProcess()

  it('L5.1-01: its draws give the outputs that it printed', () => {
    const x = nd.random.uniform(0, 1, [2, 20])
    expectClose(perceptron(x).get(0), [0.09543004, 0.04614332, -0.00286654, -0.07790349, -0.05130243, 0.02942037, 0.08696642, -0.0190793, -0.04122177, 0.05088576], 1e-4)
    expectClose(perceptron(x).get(0, ':2'), [0.00362228, 0.00633332], 1e-4)
  })
})
