import * as tf from '@tensorflow/tfjs'
import type { NDArray } from 'ashlar'
import { autograd, gluon, nn, np, optim } from 'ashlar'
import type { Workload } from '../harness.ts'

/** One step of training a perceptron with one hidden layer, as a user of each library writes it: forward, backward, SGD. */
export function trainMlp(inputs: number, hidden: number, outputs: number, batch: number): Workload {
  const x = np.random.uniform({ size: [batch, inputs] })
  const y = np.random.randint(0, outputs, [batch])
  return {
    name: `train step, MLP ${inputs}-${hidden}-${outputs}, batch ${batch}`,
    candidates: [
      { name: 'ashlar', run: oursStep(x, y, hidden, outputs) },
      { name: 'tfjs cpu', run: tfjsStep(x, y, hidden, outputs) },
    ],
  }
}

function oursStep(x: NDArray, y: NDArray, hidden: number, outputs: number): () => void {
  const net = new nn.Sequential(new nn.Dense(hidden, { activation: 'relu' }), new nn.Dense(outputs))
  net.initialize()
  const loss = new gluon.loss.SoftmaxCrossEntropyLoss()
  net(x)
  const trainer = new optim.Trainer(net.collectParams(), 'sgd', { learningRate: 0.01 })
  return () => {
    autograd.record(() => loss(net(x), y)).backward()
    trainer.step(x.shape[0]!)
  }
}

function tfjsStep(x: NDArray, y: NDArray, hidden: number, outputs: number): () => void {
  const [batch, inputs] = x.shape as [number, number]
  const tx = tf.tensor2d(x.toTypedArray() as Float32Array, [batch, inputs])
  const labels = tf.oneHot(tf.tensor1d(y.toTypedArray() as Int32Array, 'int32'), outputs)
  const w1 = tf.variable(tf.randomUniform([inputs, hidden], -0.07, 0.07))
  const b1 = tf.variable(tf.zeros([hidden]))
  const w2 = tf.variable(tf.randomUniform([hidden, outputs], -0.07, 0.07))
  const b2 = tf.variable(tf.zeros([outputs]))
  const optimizer = tf.train.sgd(0.01)
  return () => {
    optimizer.minimize(() => {
      const h = tf.relu(tf.add(tf.matMul(tx, w1 as tf.Tensor2D), b1))
      const logits = tf.add(tf.matMul(h as tf.Tensor2D, w2 as tf.Tensor2D), b2)
      return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar
    })
  }
}
