import type * as tfjsModule from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs'
import type { Recipes } from '../arrays.ts'
import { make, makeFloats, transposed } from '../arrays.ts'
import type { Job } from '../peer.ts'

export type { Tensor } from '@tensorflow/tfjs'
export type Tfjs = typeof tfjsModule

/** A network with its data: what it says about them, and the mean loss. */
export interface Net {
  forward(): Tensor
  loss(): Scalar
}

type Build = (tf: Tfjs, arrays: Recipes, settings: Job['settings']) => Net

const constant = (tf: Tfjs, arrays: Recipes, name: string): Tensor => tf.tensor(makeFloats(arrays[name]!), [...arrays[name]!.shape])

const variable = (tf: Tfjs, values: Float32Array, shape: readonly number[]): Tensor => tf.variable(tf.tensor(values, [...shape]))

const vector = (tf: Tfjs, arrays: Recipes, name: string): Tensor => variable(tf, makeFloats(arrays[name]!), arrays[name]!.shape)

/** A layer's weight, which stands here as (features, units). */
function weight(tf: Tfjs, arrays: Recipes, name: string): Tensor {
  const [units, features] = arrays[name]!.shape as [number, number]
  return variable(tf, transposed(makeFloats(arrays[name]!), units, features), [features, units])
}

/** A convolution's weight, which stands here as (height, width, in, out). */
function kernel(tf: Tfjs, arrays: Recipes, name: string): Tensor {
  return tf.variable(tf.tidy(() => constant(tf, arrays, name).transpose([2, 3, 1, 0])))
}

/** The weight of the layer behind the convolutions, for features that come channels last. */
function flattened(tf: Tfjs, arrays: Recipes, name: string, channels: number, extent: number): Tensor {
  const [units, features] = arrays[name]!.shape as [number, number]
  return tf.variable(tf.tidy(() => constant(tf, arrays, name).reshape([units, channels, extent, extent]).transpose([2, 3, 1, 0]).reshape([features, units])))
}

function classifier(tf: Tfjs, arrays: Recipes, classes: number, forward: () => Tensor): Net {
  const labels = tf.oneHot(tf.tensor1d(make(arrays['y']!) as Int32Array, 'int32'), classes)
  return { forward, loss: () => tf.losses.softmaxCrossEntropy(labels, forward()) as Scalar }
}

const mlp: Build = (tf, arrays) => {
  const x = constant(tf, arrays, 'x')
  const [w1, w2] = [weight(tf, arrays, 'w1'), weight(tf, arrays, 'w2')]
  const [b1, b2] = [vector(tf, arrays, 'b1'), vector(tf, arrays, 'b2')]
  return classifier(tf, arrays, b2.size, () => tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, w1), b1)), w2), b2))
}

const lenet: Build = (tf, arrays) => {
  // One channel: first and last are the same numbers.
  const [batch, channels, height, width] = arrays['x']!.shape as [number, number, number, number]
  const x = tf.tensor4d(makeFloats(arrays['x']!), [batch, height, width, channels])
  const [k1, k2] = [kernel(tf, arrays, 'k1'), kernel(tf, arrays, 'k2')]
  const weights = [flattened(tf, arrays, 'w1', 16, 5), weight(tf, arrays, 'w2'), weight(tf, arrays, 'w3')] as const
  const [c1, c2, b1, b2, b3] = ['c1', 'c2', 'b1', 'b2', 'b3'].map(name => vector(tf, arrays, name)) as [Tensor, Tensor, Tensor, Tensor, Tensor]
  return classifier(tf, arrays, 10, () => {
    const convolve = (input: Tensor, filter: Tensor, bias: Tensor, padding: 'same' | 'valid'): Tensor => (
      tf.avgPool(tf.sigmoid(tf.add(tf.conv2d(input as Tensor4D, filter as Tensor4D, 1, padding), bias)) as Tensor4D, 2, 2, 'valid'))
    const features = tf.reshape(convolve(convolve(x, k1, c1, 'same'), k2, c2, 'valid'), [batch, -1])
    const h1 = tf.sigmoid(tf.add(tf.matMul(features, weights[0]), b1))
    const h2 = tf.sigmoid(tf.add(tf.matMul(h1, weights[1]), b2))
    return tf.add(tf.matMul(h2, weights[2]), b3)
  })
}

const transformer: Build = (tf, arrays, { heads }) => {
  const [x, target] = [constant(tf, arrays, 'x'), constant(tf, arrays, 'target')]
  const [batch, length, width] = x.shape as [number, number, number]
  const [wq, wk, wv, wo, w1, w2] = ['wq', 'wk', 'wv', 'wo', 'w1', 'w2'].map(name => weight(tf, arrays, name)) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
  const [g1, s1, g2, s2, b1, b2] = ['g1', 's1', 'g2', 's2', 'b1', 'b2'].map(name => vector(tf, arrays, name)) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
  const each = width / (heads as number)
  const normalize = (y: Tensor, gamma: Tensor, beta: Tensor): Tensor => {
    const { mean, variance } = tf.moments(y, -1, true)
    return tf.add(tf.mul(tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-5))), gamma), beta)
  }
  const gelu = (y: Tensor): Tensor => {
    const inner = tf.mul(tf.add(y, tf.mul(tf.mul(tf.mul(y, y), y), 0.044715)), Math.sqrt(2 / Math.PI))
    return tf.mul(tf.mul(y, 0.5), tf.add(tf.tanh(inner), 1))
  }
  const split = (y: Tensor): Tensor => tf.transpose(tf.reshape(y, [batch, length, heads as number, each]), [0, 2, 1, 3])
  const forward = (): Tensor => {
    // Rows, since products of three axes are slow here.
    const rows = tf.reshape(x, [batch * length, width])
    const h = normalize(rows, g1, s1)
    const [q, k, v] = [wq, wk, wv].map(w => split(tf.matMul(h, w))) as [Tensor, Tensor, Tensor]
    const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(each))
    const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [batch * length, width])
    const y = tf.add(rows, tf.matMul(mixed, wo))
    const wide = gelu(tf.add(tf.matMul(normalize(y, g2, s2), w1), b1))
    return tf.reshape(tf.add(y, tf.add(tf.matMul(wide, w2), b2)), [batch, length, width])
  }
  return { forward, loss: () => tf.mean(tf.square(tf.sub(forward(), target))) as Scalar }
}

/** How users of TensorFlow.js write the networks. */
export const nets: Readonly<Record<'mlp' | 'lenet' | 'transformer', Build>> = { mlp, lenet, transformer }
