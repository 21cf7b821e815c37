import { readFileSync } from 'node:fs'
import type { NDArray } from 'ashlar'
import type { Recipe } from '../arrays.ts'
import { make, sample } from '../arrays.ts'
import type { Job, Peer, Task } from '../peer.ts'
import { ANSWER_STEPS } from '../peer.ts'
import type { Ashlar, Net } from './ashlar-nets.ts'
import { nets } from './ashlar-nets.ts'

/** Loads our front door. Threads are told to it by ASHLAR_THREADS. */
export async function load(): Promise<Peer> {
  const ashlar = await import('ashlar')
  const { version } = JSON.parse(readFileSync(new URL('../../../packages/ashlar/package.json', import.meta.url), 'utf8')) as { version: string }
  return { version, prepare: job => prepare(ashlar, job) }
}

function prepare(ashlar: Ashlar, { kind, arrays, settings }: Job): Task | null {
  const { np, npx } = ashlar
  const array = (name: string): NDArray => arrayOf(ashlar, arrays[name]!)
  switch (kind) {
    case 'import': return null
    case 'matmul': {
      const [a, b] = [array('a'), array('b')]
      const options = { transposeA: settings['transposeA'] === true, transposeB: settings['transposeB'] === true }
      return operation(() => np.matmul(a, b, options))
    }
    case 'add': {
      const [x, y] = [array('x'), array('y')]
      return operation(() => np.add(x, y))
    }
    case 'exp': {
      const x = array('x')
      return operation(() => np.exp(x))
    }
    case 'softmax': {
      const x = array('x')
      return operation(() => npx.softmax(x))
    }
    default: {
      const net = nets[kind](ashlar, arrays, settings)
      return settings['train'] === true ? training(ashlar, net, settings['learningRate'] as number) : operation(net.forward)
    }
  }
}

function arrayOf({ np }: Ashlar, recipe: Recipe): NDArray {
  return np.array(make(recipe)).reshape(recipe.shape)
}

function operation(compute: () => NDArray): Task {
  return {
    answer: () => sample(compute().toTypedArray() as Float32Array),
    run: () => compute().dispose(),
  }
}

function training({ autograd, optim }: Ashlar, { loss, batch, parameters }: Net, learningRate: number): Task {
  const trainer = new optim.Trainer(parameters, 'sgd', { learningRate })
  const step = (): NDArray => {
    const value = autograd.record(loss)
    value.backward()
    trainer.step(batch)
    return value
  }
  return {
    answer: () => Array.from({ length: ANSWER_STEPS }, () => step().mean().item() as number),
    run: () => void step(),
  }
}
