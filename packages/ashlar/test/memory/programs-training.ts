import type { NDArray } from 'ashlar'
import { autograd, nn, np } from 'ashlar'
import { STEPS, numbers, setting, train, weights } from './setting.ts'

/** A program as a user would write it, and the numbers that it ends with. */
export type Program = (steps?: number) => number[] | Promise<number[]>

class Perceptron extends nn.Block {
  hidden = new nn.Dense(64, { activation: 'tanh' })
  output = new nn.Dense(10)
  override forward(x: NDArray): NDArray {
    const h = this.hidden(x)
    return this.output(h.mul(2)).sub(h.mean())
  }
}

const cache = new Map<string, NDArray>()

class Caching extends Perceptron {
  override forward(x: NDArray): NDArray {
    const h = this.hidden(x)
    cache.set('hidden', h)
    return this.output(h)
  }
}

/** Programs about what is kept of a step, and where. */
export const trainingPrograms: Readonly<Record<string, Program>> = {
  'the plain loop': (steps = STEPS) => {
    const s = setting()
    for (let step = 0; step < steps; step++) train(s, step)
    return weights(s.net)
  },
  'a forward of one\'s own': (steps = STEPS) => {
    const s = setting(new Perceptron())
    for (let step = 0; step < steps; step++) train(s, step)
    return weights(s.net)
  },
  'a running total outside record': () => {
    const s = setting()
    let total = np.zeros([32])
    for (let step = 0; step < STEPS; step++) total = total.add(train(s, step))
    return numbers(total)
  },
  'a running total of detached losses inside record': () => {
    const s = setting()
    let total = np.zeros([32, 10])
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      const loss = autograd.record(() => {
        const out = s.net(x) as NDArray
        total = total.add(out.detach())
        return s.loss(out, y)
      })
      loss.backward()
      s.trainer.step(32)
    }
    return numbers(total)
  },
  'losses pushed outside record': () => {
    const s = setting()
    const losses: NDArray[] = []
    for (let step = 0; step < STEPS; step++) losses.push(train(s, step))
    return losses.flatMap(numbers)
  },
  'outputs pushed inside record': () => {
    const s = setting()
    const outputs: NDArray[] = []
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      autograd.record(() => {
        const out = s.net(x) as NDArray
        outputs.push(out)
        return s.loss(out, y)
      }).backward()
      s.trainer.step(32)
    }
    return outputs.flatMap(numbers)
  },
  'outputs in a Map': () => {
    const s = setting()
    const outputs = new Map<number, NDArray>()
    for (let step = 0; step < STEPS; step++) {
      train(s, step)
      outputs.set(step, s.net(s.batch(step)[0]) as NDArray)
    }
    return [...outputs.values()].flatMap(numbers)
  },
  'outputs in closures': () => {
    const s = setting()
    const readers: (() => number[])[] = []
    for (let step = 0; step < STEPS; step++) {
      const out = autograd.record(() => s.net(s.batch(step)[0]) as NDArray)
      readers.push(() => numbers(out))
      train(s, step)
    }
    return readers.flatMap(read => read())
  },
  'a cache of the module, filled in forward': () => {
    const s = setting(new Caching())
    const kept: NDArray[] = []
    for (let step = 0; step < STEPS; step++) {
      train(s, step)
      kept.push(cache.get('hidden')!)
    }
    return kept.flatMap(numbers)
  },
  'a mean logged inside record': () => {
    const s = setting()
    const log: number[] = []
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      autograd.record(() => {
        const out = s.net(x) as NDArray
        log.push(out.mean().item())
        return s.loss(out, y)
      }).backward()
      s.trainer.step(32)
    }
    return log
  },
  'a variable set inside record and read after': () => {
    const s = setting()
    const seen: number[] = []
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      let h: NDArray | null = null
      autograd.record(() => {
        h = (s.net as nn.Sequential)[0]!(x) as NDArray
        return s.loss((s.net as nn.Sequential)[1]!(h) as NDArray, y)
      }).backward()
      s.trainer.step(32)
      seen.push(...numbers(h!))
    }
    return seen
  },
  'a hook that keeps activations, in training': () => {
    const s = setting()
    const kept: NDArray[] = []
    ;(s.net as nn.Sequential)[0]!.registerForwardHook((_: nn.Block, __: readonly unknown[], output: unknown) => kept.push(output as NDArray))
    for (let step = 0; step < STEPS; step++) train(s, step)
    return kept.flatMap(numbers)
  },
  'a hook that keeps activations, in evaluation': () => {
    const s = setting()
    const kept: NDArray[] = []
    ;(s.net as nn.Sequential)[0]!.registerForwardHook((_: nn.Block, inputs: readonly unknown[], output: unknown) => kept.push(inputs[0] as NDArray, output as NDArray))
    for (let step = 0; step < STEPS; step++) s.net(s.batch(step)[0])
    return kept.flatMap(numbers)
  },
  'nested record and pause, the paused value read after': () => {
    const s = setting()
    const seen: number[] = []
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      let paused: NDArray | null = null
      const loss = autograd.record(() => autograd.record(() => {
        const out = s.net(x) as NDArray
        paused = autograd.pause(() => out.mul(3).add(1))
        return s.loss(out, y)
      }))
      loss.backward()
      s.trainer.step(32)
      seen.push(...numbers(paused!))
    }
    return seen
  },
  'an exception in record, the loop goes on': () => {
    const s = setting()
    for (let step = 0; step < STEPS; step++) {
      try {
        autograd.record(() => {
          const out = s.net(s.batch(step)[0]) as NDArray
          if (step % 3 === 0) throw new Error('no')
          return out
        })
      } catch { /* the program goes on, as a notebook does */ }
      train(s, step)
    }
    return weights(s.net)
  },
  'an exception in forward, the loop goes on': () => {
    let calls = 0
    class Failing extends Perceptron {
      override forward(x: NDArray): NDArray {
        const h = this.hidden(x)
        if (++calls % 4 === 0) throw new Error('no')
        return this.output(h)
      }
    }
    const s = setting(new Failing())
    for (let step = 0; step < STEPS; step++) {
      try {
        train(s, step)
      } catch (error) {
        if ((error as Error).message !== 'no') throw error
      }
    }
    return weights(s.net)
  },
  'record without backward': () => {
    const s = setting()
    const outputs: NDArray[] = []
    for (let step = 0; step < STEPS; step++) {
      outputs.push(autograd.record(() => s.net(s.batch(step)[0]) as NDArray))
      train(s, step)
    }
    return outputs.flatMap(numbers)
  },
  'a history on a field of the block': () => {
    class Remembering extends Perceptron {
      history: NDArray[] = []
      override forward(x: NDArray): NDArray {
        const h = this.hidden(x)
        this.history.push(h)
        return this.output(h)
      }
    }
    const net = new Remembering()
    const s = setting(net)
    for (let step = 0; step < STEPS; step++) train(s, step)
    return net.history.flatMap(numbers)
  },
  'a subclass that keeps the input of super.forward': () => {
    class Keeping extends nn.Dense {
      inputs: NDArray[] = []
      override forward(x: NDArray): NDArray {
        const doubled = x.mul(2)
        this.inputs.push(doubled)
        return super.forward(doubled)
      }
    }
    const first = new Keeping(64, { activation: 'tanh' })
    const s = setting(new nn.Sequential(first, new nn.Dense(10)))
    for (let step = 0; step < STEPS; step++) train(s, step)
    return first.inputs.flatMap(numbers)
  },
  'two models compared': () => {
    const [a, b] = [setting(), setting(new Perceptron())]
    const differences: NDArray[] = []
    for (let step = 0; step < STEPS; step++) {
      train(a, step)
      train(b, step)
      const [x] = a.batch(step)
      differences.push((a.net(x) as NDArray).sub(b.net(x) as NDArray))
    }
    return differences.flatMap(numbers)
  },
  'a transposed view of a weight, taken once': () => {
    const s = setting()
    const first = (s.net as nn.Sequential)[0]!
    const view = (first.weight as nn.Parameter).data().T
    for (let step = 0; step < STEPS; step++) train(s, step)
    return numbers(view)
  },
}
