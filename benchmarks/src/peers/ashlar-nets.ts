import type * as ashlarModule from 'ashlar'
import type { NDArray, nn } from 'ashlar'
import type { Recipes } from '../arrays.ts'
import { make } from '../arrays.ts'
import type { Job } from '../peer.ts'

export type Ashlar = typeof ashlarModule

/** A network with its data: what it says about them, the loss of each example, and what there is to train. */
export interface Net {
  forward(): NDArray
  loss(): NDArray
  /** What the trainer divides gradients by. */
  readonly batch: number
  readonly parameters: nn.ParameterDict
}

type Build = (ashlar: Ashlar, arrays: Recipes, settings: Job['settings']) => Net

const toArray = ({ np }: Ashlar, arrays: Recipes, name: string): NDArray => np.array(make(arrays[name]!)).reshape(arrays[name]!.shape)

/** A network of layers that classifies; its parameters take the named arrays, in order. */
function classifier(ashlar: Ashlar, arrays: Recipes, layers: readonly nn.HybridBlock[], names: readonly string[]): Net {
  const net = new ashlar.nn.Sequential(...layers)
  net.initialize()
  const [x, y] = [toArray(ashlar, arrays, 'x'), toArray(ashlar, arrays, 'y')]
  // The first call lets the layers find out their shapes.
  net(x)
  const parameters = net.collectParams()
  for (const [i, parameter] of [...parameters.values()].entries()) parameter.setData(toArray(ashlar, arrays, names[i]!))
  const loss = new ashlar.gluon.loss.SoftmaxCrossEntropyLoss()
  return { forward: () => net(x) as NDArray, loss: () => loss(net(x) as NDArray, y), batch: x.shape[0]!, parameters }
}

const mlp: Build = (ashlar, arrays) => {
  const { Dense } = ashlar.nn
  const layers = [new Dense(arrays['w1']!.shape[0]!, { activation: 'relu' }), new Dense(arrays['w2']!.shape[0]!)]
  return classifier(ashlar, arrays, layers, ['w1', 'b1', 'w2', 'b2'])
}

const lenet: Build = (ashlar, arrays) => {
  const { Conv2D, AvgPool2D, Dense } = ashlar.nn
  const layers = [
    new Conv2D(6, 5, { padding: 2, activation: 'sigmoid' }), new AvgPool2D(2, { strides: 2 }),
    new Conv2D(16, 5, { activation: 'sigmoid' }), new AvgPool2D(2, { strides: 2 }),
    new Dense(120, { activation: 'sigmoid' }), new Dense(84, { activation: 'sigmoid' }), new Dense(10),
  ]
  return classifier(ashlar, arrays, layers, ['k1', 'c1', 'k2', 'c2', 'w1', 'b1', 'w2', 'b2', 'w3', 'b3'])
}

const WEIGHTS = ['g1', 's1', 'wq', 'wk', 'wv', 'wo', 'g2', 's2', 'w1', 'b1', 'w2', 'b2'] as const

const transformer: Build = (ashlar, arrays, { heads }) => {
  const { np, npx } = ashlar
  class TransformerBlock extends ashlar.nn.HybridBlock {
    p = Object.fromEntries(WEIGHTS.map(name => [name, this.params.get(name, { shape: arrays[name]!.shape })]))

    override forward(x: NDArray): NDArray {
      const of = (name: (typeof WEIGHTS)[number]): NDArray => this.p[name]!.data()
      const [batch, length, width] = x.shape as [number, number, number]
      const split = (y: NDArray): NDArray => y.reshape([batch, length, heads as number, -1]).transpose([0, 2, 1, 3])
      const h = npx.layerNorm(x, of('g1'), of('s1'))
      const [q, k, v] = (['wq', 'wk', 'wv'] as const).map(name => split(npx.linear(h, of(name)))) as [NDArray, NDArray, NDArray]
      const scores = np.matmul(q, k, { transposeB: true }).div(Math.sqrt(q.shape[3]!))
      const mixed = np.matmul(npx.softmax(scores), v).transpose([0, 2, 1, 3]).reshape([batch, length, width])
      const y = x.add(npx.linear(mixed, of('wo')))
      const wide = npx.gelu(npx.linear(npx.layerNorm(y, of('g2'), of('s2')), of('w1'), of('b1')), { approximate: true })
      return y.add(npx.linear(wide, of('w2'), of('b2')))
    }
  }
  const net = new TransformerBlock()
  net.initialize()
  for (const name of WEIGHTS) net.p[name]!.setData(toArray(ashlar, arrays, name))
  const [x, target] = [toArray(ashlar, arrays, 'x'), toArray(ashlar, arrays, 'target')]
  return { forward: () => net(x) as NDArray, loss: () => np.square((net(x) as NDArray).sub(target)).mean(), batch: 1, parameters: net.collectParams() }
}

/** How our users write the networks. */
export const nets: Readonly<Record<'mlp' | 'lenet' | 'transformer', Build>> = { mlp, lenet, transformer }
