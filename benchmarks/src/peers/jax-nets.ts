import type * as jaxModule from '@jax-js/jax'
import type { Array as JaxArray } from '@jax-js/jax'
import type { Recipes } from '../arrays.ts'
import { make, makeFloats } from '../arrays.ts'
import type { Job } from '../peer.ts'

export type Jax = typeof jaxModule
export type Parameters = Record<string, JaxArray>

/** A network with its data: functions of the parameters, which they take over, and the parameters to begin with. */
export interface Net {
  forward(parameters: Parameters): JaxArray
  /** The mean loss. */
  loss(parameters: Parameters): JaxArray
  readonly parameters: Parameters
}

type Build = (jax: Jax, arrays: Recipes, settings: Job['settings']) => Net

const DATA = ['x', 'y', 'target']

const toArray = ({ numpy: np }: Jax, arrays: Recipes, name: string): JaxArray => (
  np.array(makeFloats(arrays[name]!) as Float32Array<ArrayBuffer>).reshape([...arrays[name]!.shape]))

const parametersOf = (jax: Jax, arrays: Recipes): Parameters => (
  Object.fromEntries(Object.keys(arrays).filter(name => !DATA.includes(name)).map(name => [name, toArray(jax, arrays, name)])))

/** `x Wᵀ + b` */
const dense = ({ numpy: np }: Jax, x: JaxArray, w: JaxArray, b: JaxArray): JaxArray => np.matmul(x, np.matrixTranspose(w)).add(b)

function classifier(jax: Jax, arrays: Recipes, classes: number, forward: Net['forward']): Net {
  const { numpy: np, nn } = jax
  const labels = nn.oneHot(np.array(make(arrays['y']!) as Int32Array<ArrayBuffer>, { dtype: np.int32 }), classes)
  const batch = arrays['y']!.shape[0]!
  return { forward, loss: parameters => nn.logSoftmax(forward(parameters), -1).mul(labels.ref).sum().mul(-1 / batch), parameters: parametersOf(jax, arrays) }
}

const mlp: Build = (jax, arrays) => {
  const x = toArray(jax, arrays, 'x')
  return classifier(jax, arrays, arrays['b2']!.shape[0]!, p => dense(jax, jax.nn.relu(dense(jax, x.ref, p['w1']!, p['b1']!)), p['w2']!, p['b2']!))
}

const lenet: Build = (jax, arrays) => {
  const { numpy: np, nn, lax } = jax
  const x = toArray(jax, arrays, 'x')
  const batch = x.shape[0]!
  const convolve = (input: JaxArray, kernel: JaxArray, bias: JaxArray, padding: number): JaxArray => {
    const y = nn.sigmoid(lax.conv(input, kernel, [1, 1], [[padding, padding], [padding, padding]]).add(bias.reshape([-1, 1, 1])))
    return lax.reduceWindow(y, window => np.mean(window), [1, 1, 2, 2], [1, 1, 2, 2])
  }
  return classifier(jax, arrays, 10, p => {
    const features = convolve(convolve(x.ref, p['k1']!, p['c1']!, 2), p['k2']!, p['c2']!, 0).reshape([batch, 400])
    const h1 = nn.sigmoid(dense(jax, features, p['w1']!, p['b1']!))
    return dense(jax, nn.sigmoid(dense(jax, h1, p['w2']!, p['b2']!)), p['w3']!, p['b3']!)
  })
}

const transformer: Build = (jax, arrays, { heads }) => {
  const { numpy: np, nn } = jax
  const [x, target] = [toArray(jax, arrays, 'x'), toArray(jax, arrays, 'target')]
  const [batch, length, width] = x.shape as [number, number, number]
  const each = width / (heads as number)
  const split = (y: JaxArray): JaxArray => y.reshape([batch, length, heads as number, each]).transpose([0, 2, 1, 3])
  const project = (y: JaxArray, w: JaxArray): JaxArray => np.matmul(y, np.matrixTranspose(w))
  const normalize = (y: JaxArray, gamma: JaxArray, beta: JaxArray): JaxArray => nn.standardize(y, -1).mul(gamma).add(beta)
  const forward = (p: Parameters): JaxArray => {
    const h = normalize(x.ref, p['g1']!, p['s1']!)
    const q = split(project(h.ref, p['wq']!))
    const k = split(project(h.ref, p['wk']!))
    const v = split(project(h, p['wv']!))
    const scores = np.matmul(q, np.matrixTranspose(k)).mul(1 / Math.sqrt(each))
    const mixed = np.matmul(nn.softmax(scores, -1), v).transpose([0, 2, 1, 3]).reshape([batch, length, width])
    const y = x.ref.add(project(mixed, p['wo']!))
    const wide = nn.gelu(dense(jax, normalize(y.ref, p['g2']!, p['s2']!), p['w1']!, p['b1']!), { approximate: true })
    return y.add(dense(jax, wide, p['w2']!, p['b2']!))
  }
  return { forward, loss: p => np.square(forward(p).sub(target.ref)).mean(), parameters: parametersOf(jax, arrays) }
}

/** How users of jax-js write the networks. */
export const nets: Readonly<Record<'mlp' | 'lenet' | 'transformer', Build>> = { mlp, lenet, transformer }
