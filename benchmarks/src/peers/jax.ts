import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Array as JaxArray } from '@jax-js/jax'
import type { Recipe } from '../arrays.ts'
import { makeFloats, sample } from '../arrays.ts'
import type { Job, Peer, Task } from '../peer.ts'
import { ANSWER_STEPS } from '../peer.ts'
import type { Jax, Net, Parameters } from './jax-nets.ts'
import { nets } from './jax-nets.ts'

/** Loads jax-js with its WebAssembly backend; the number of threads is its own affair. */
export async function load(): Promise<Peer> {
  const jax = await import('@jax-js/jax')
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  const manifest = createRequire(import.meta.url).resolve('@jax-js/jax').replace(/dist.*$/, 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return { version, prepare: job => prepare(jax, job) }
}

async function prepare(jax: Jax, { kind, arrays, settings }: Job): Promise<Task | null> {
  const { numpy: np, nn } = jax
  const array = (name: string): Promise<JaxArray> => arrayOf(jax, arrays[name]!)
  // Functions take their arguments over; `.ref` keeps them.
  switch (kind) {
    case 'import': return null
    case 'matmul': {
      const [a, b] = [await array('a'), await array('b')]
      const [left, right] = [settings['transposeA'] === true, settings['transposeB'] === true]
      return operation(() => np.matmul(left ? np.matrixTranspose(a.ref) : a.ref, right ? np.matrixTranspose(b.ref) : b.ref))
    }
    case 'add': {
      const [x, y] = [await array('x'), await array('y')]
      return operation(() => np.add(x.ref, y.ref))
    }
    case 'exp': {
      const x = await array('x')
      return operation(() => np.exp(x.ref))
    }
    case 'softmax': {
      const x = await array('x')
      return operation(() => nn.softmax(x.ref, -1))
    }
    default: {
      const net = nets[kind](jax, arrays, settings)
      return settings['train'] === true ? training(jax, net, settings['learningRate'] as number) : inference(jax, net)
    }
  }
}

function arrayOf({ numpy: np }: Jax, recipe: Recipe): Promise<JaxArray> {
  return np.array(makeFloats(recipe) as Float32Array<ArrayBuffer>).reshape([...recipe.shape]).blockUntilReady()
}

function operation(compute: () => JaxArray): Task {
  return {
    answer: async () => sample(await compute().data()),
    async run() {
      const y = compute()
      await y.blockUntilReady()
      y.dispose()
    },
  }
}

function inference({ jit, tree }: Jax, { forward, parameters }: Net): Task {
  const compiled = jit(forward)
  return operation(() => compiled(tree.ref(parameters)))
}

/** One compiled function makes new parameters of the old ones, as its users train. */
function training({ jit, valueAndGrad, tree, blockUntilReady }: Jax, { loss, parameters: initial }: Net, learningRate: number): Task {
  const update = jit((parameters: Parameters): [JaxArray, Parameters] => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters)) as [JaxArray, Parameters]
    return [value, tree.map((p: JaxArray, g: JaxArray) => p.sub(g.mul(learningRate)), parameters, gradients) as Parameters]
  })
  let parameters = initial
  const step = async (): Promise<JaxArray> => {
    const [value, updated] = update(parameters)
    parameters = updated
    await blockUntilReady(parameters)
    return value
  }
  return {
    async answer() {
      const losses: number[] = []
      for (let i = 0; i < ANSWER_STEPS; i++) losses.push((await (await step()).data())[0]!)
      return losses
    },
    run: async () => (await step()).dispose(),
  }
}
