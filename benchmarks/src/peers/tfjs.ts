import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as wasmModule from '@tensorflow/tfjs-backend-wasm'
import type { Recipe } from '../arrays.ts'
import { makeFloats, sample } from '../arrays.ts'
import type { Job, LoadOptions, Peer, Task } from '../peer.ts'
import { ANSWER_STEPS } from '../peer.ts'
import type { Net, Tensor, Tfjs } from './tfjs-nets.ts'
import { nets } from './tfjs-nets.ts'

// Unlike `import`, this also finds what NODE_PATH names: tfjs-node needs a native library, and nobody gets it unasked.
const require = createRequire(import.meta.url)

const PACKAGES: Readonly<Record<string, string>> = { cpu: '@tensorflow/tfjs', wasm: '@tensorflow/tfjs', node: '@tensorflow/tfjs-node' }

/** Loads TensorFlow.js with one of its backends: `cpu`, `wasm` or, through TensorFlow's own library, `node`. */
export async function load({ threads }: LoadOptions, variant: string): Promise<Peer> {
  // Node 23 dropped functions that tfjs-node 4.22 calls.
  Object.assign(require('node:util'), { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray })
  const tf = require(PACKAGES[variant]!) as Tfjs
  if (variant === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof wasmModule
    wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'))
    if (threads !== null) wasm.setThreadsCount(threads)
  }
  const backend = variant === 'node' ? 'tensorflow' : variant
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs did not start its backend ${backend}`)
  return { version: tf.version['tfjs'] ?? tf.version_core, prepare: job => prepare(tf, job) }
}

function prepare(tf: Tfjs, { kind, arrays, settings }: Job): Task | null {
  const array = (name: string): Tensor => tensorOf(tf, arrays[name]!)
  switch (kind) {
    case 'import': return null
    case 'matmul': {
      const [a, b] = [array('a'), array('b')]
      return operation(() => tf.matMul(a, b, settings['transposeA'] === true, settings['transposeB'] === true))
    }
    case 'add': {
      const [x, y] = [array('x'), array('y')]
      return operation(() => tf.add(x, y))
    }
    case 'exp': {
      const x = array('x')
      return operation(() => tf.exp(x))
    }
    case 'softmax': {
      const x = array('x')
      return operation(() => tf.softmax(x))
    }
    default: {
      const net = nets[kind](tf, arrays, settings)
      return settings['train'] === true ? training(tf, net, settings['learningRate'] as number) : operation(() => tf.tidy(net.forward))
    }
  }
}

const tensorOf = (tf: Tfjs, recipe: Recipe): Tensor => tf.tensor(makeFloats(recipe), [...recipe.shape])

/** On every backend here, a kernel has computed its result when it returns. */
function operation(compute: () => Tensor): Task {
  return {
    answer: () => sample(compute().dataSync()),
    run: () => compute().dispose(),
  }
}

function training(tf: Tfjs, { loss }: Net, learningRate: number): Task {
  const optimizer = tf.train.sgd(learningRate)
  return {
    answer: () => Array.from({ length: ANSWER_STEPS }, () => optimizer.minimize(loss, true)!.dataSync()[0]!),
    run: () => void optimizer.minimize(loss),
  }
}
