import * as core from '@ashlar/core'
import type { Context, DType, NDArray } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { compareElements } from '../program.ts'
import { randomFrom } from '../random.ts'
import { referenceDevice } from '../reference/backend.ts'
import { BASE, ofOperation } from './golden-cases.ts'
import { onContext, onDevice } from './session.ts'

interface Composed {
  readonly name: string
  readonly shapes: readonly (readonly number[])[]
  call(inputs: readonly NDArray[]): NDArray
}

/** Functions as networks are made of, of several inputs that meet more than once. */
const COMPOSED: readonly Composed[] = [
  { name: 'a perceptron', shapes: [[3, 4], [5, 4], [5], [2, 5]], call: ([x, w, b, v]) => core.linear(core.tanh(core.linear(x!, w!, b!)), v!) },
  { name: 'a softmax loss', shapes: [[3, 4]], call: ([x]) => core.neg(core.pick(core.logSoftmax(x!), core.array([0, 3, 1], { dtype: 'int32', ctx: x!.context }))) },
  { name: 'a softmax cross entropy', shapes: [[3, 4]], call: ([x]) => core.softmaxCrossEntropy(core.tanh(x!), core.array([0, 3, 1], { dtype: 'int32', ctx: x!.context })) },
  { name: 'steps of optimizers', shapes: [[2, 3], [2, 3], [2, 3]], call: ([w, g, s]) => core.adamStep(core.sgdStep(w!, g!, { learningRate: 0.1, wd: 0.1 }), core.adamMean(w!, g!, s!, { beta: 0.9 }), core.square(core.sgdVelocity(w!, g!, s!, { learningRate: 0.1, momentum: 0.9 })), { rate: 0.1, epsilon: 0.5 }) },
  { name: 'attention', shapes: [[2, 3, 4], [2, 5, 4]], call: ([q, k]) => core.matmul(core.softmax(core.div(core.matmul(q!, k!, { transposeB: true }), 2)), k!) },
  { name: 'a convolution', shapes: [[1, 2, 5, 5], [3, 2, 3, 3], [3]], call: ([x, w, b]) => core.avgPool(core.sigmoid(core.convolution(x!, w!, b!, { padding: 1 })), { kernel: 2 }) },
  { name: 'a transposed convolution', shapes: [[1, 2, 3, 2], [2, 1, 2, 3]], call: ([x, w]) => core.tanh(core.convolutionTranspose(x!, w!, null, { stride: 2, padding: 1, outputPadding: 1 })) },
  { name: 'a network of windows', shapes: [[2, 1, 6, 5], [2, 1, 2, 2], [2], [2]], call: ([x, w, g, b]) => core.maxPool(core.batchNormTraining(core.convolution(x!, w!, null, { stride: [2, 1], dilation: [1, 2] }), g!, b!).output, { kernel: 2, stride: 1 }) },
  { name: 'normalizations', shapes: [[2, 4, 3], [4], [4]], call: ([x, g, b]) => core.instanceNorm(core.gelu(core.groupNorm(x!, g!, b!, { groups: 2 })), g!, b!) },
  { name: 'sums of products', shapes: [[2, 3], [3, 2], [2, 2]], call: ([a, b, c]) => core.einsum('ij,jk,kl->il', a!, b!, core.tensordot(c!, core.outer(c!.get(0), c!.get(1)), 1)) },
  { name: 'parts', shapes: [[4, 3]], call: ([x]) => core.mul(core.cumsum(core.split(x!, 2)[0]!, { axis: 0 }), core.stack(core.split(x!, 4).slice(1, 3)).get(':', 0)) },
  { name: 'a normalization', shapes: [[3, 5], [5], [5]], call: ([x, gamma, beta]) => core.layerNorm(x!, gamma!, beta!) },
  { name: 'branches', shapes: [[2, 3], [3]], call: ([x, y]) => core.where(core.gt(x!, y!), core.mul(x!, y!), core.exp(core.sub(x!, y!))) },
  { name: 'movement', shapes: [[2, 3], [2, 3]], call: ([x, y]) => core.mul(core.concatenate([x!.T, core.flip(y!, 1).T], { axis: 1 }), core.tile(x!.get(0).reshape(3, 1), [1, 4])) },
  { name: 'an embedding', shapes: [[4, 3]], call: ([x]) => core.square(core.take(x!, core.array([2, 0, 2], { dtype: 'int32', ctx: x!.context }), { axis: 0 })) },
]

/** Elements away from ties and kinks. */
function valuesOf({ shapes }: Composed): Float64Array[] {
  return shapes.map((shape, i) => Float64Array.from(randomFrom(i + 3).values('float64', shape) as Float64Array, (x, at) => x / 4 + 0.013 * (at + 1) * (i + 1)))
}

/** Central differences of the sum of all elements, in double precision on plain lists. */
async function differences(test: Composed): Promise<number[][]> {
  const values = valuesOf(test)
  return onDevice(referenceDevice, async ({ context }) => {
    const total = (): number => core.scope(() => test.call(values.map((data, i) => onContext(context, [...data], test.shapes[i]!, 'float64'))).sum().item())
    const step = 1e-5
    return values.map(data => Array.from(data, (before, at) => {
      data[at] = before + step
      const above = total()
      data[at] = before - step
      const below = total()
      data[at] = before
      return (above - below) / (2 * step)
    }))
  }, undefined, 'kit-reference')
}

function gradients(test: Composed, dtype: DType, context: Context): NDArray[] {
  const inputs = valuesOf(test).map((data, i) => onContext(context, [...data], test.shapes[i]!, dtype))
  for (const input of inputs) input.attachGrad('null')
  return core.autograd.grad(core.autograd.record(() => test.call(inputs)), inputs)
}

/** Gradients of composed functions against differences. */
export function gradientCases({ add, tolerance }: Kit): void {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const test of COMPOSED) {
      const { rtol, atol } = ofOperation(tolerance(dtype))
      // Differences are good to some 1e-9; inputs that float32 rounds move the gradient by as much again.
      const within = { rtol: Math.max(4 * rtol, 1e-6), atol: Math.max(4 * atol, 1e-7) }
      add(`gradient of ${test.name} ${dtype}`, [...BASE, dtype], async device => {
        const expected = await differences(test)
        await onDevice(device, async session => {
          const found = await session.run(() => gradients(test, dtype, session.context))
          found.forEach((result, i) => compareElements(result.data, expected[i]!, result, `the gradient of ${test.name} for input ${i}`, { tolerance: within }))
        })
      })
    }
  }
}
