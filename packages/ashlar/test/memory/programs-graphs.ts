import type { NDArray } from 'ashlar'
import { autograd, gluon, nn, np, npx, optim } from 'ashlar'
import type { Program } from './programs-training.ts'
import { STEPS, mlp, numbers, setting, train, weights } from './setting.ts'

class Holder {
  readonly out: NDArray
  readonly #hidden: NDArray
  constructor(out: NDArray, hidden: NDArray) {
    this.out = out
    this.#hidden = hidden
  }
  read(): number[] {
    return [...numbers(this.out), ...numbers(this.#hidden)]
  }
}

/** A step whose record returns something, which is read after the step. */
function returning<T>(make: (out: NDArray, hidden: NDArray) => T, lossOf: (value: T, out: NDArray) => NDArray, read: (value: T) => number[]): Program {
  return () => {
    const s = setting()
    const net = s.net as nn.Sequential
    const seen: number[] = []
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      let last: NDArray | null = null
      const value = autograd.record(() => {
        const hidden = net[0](x) as NDArray
        const out = net[1](hidden) as NDArray
        last = s.loss(out, y)
        return make(out, hidden)
      })
      lossOf(value, last!).backward()
      s.trainer.step(32)
      seen.push(...read(value))
    }
    return seen
  }
}

const sameLoss = (_: unknown, loss: NDArray): NDArray => loss

function* batches(s: ReturnType<typeof setting>): Generator<[NDArray, NDArray]> {
  for (let step = 0; step < STEPS; step++) yield s.batch(step).map(part => part.mul(1)) as [NDArray, NDArray]
}

function power(x: NDArray, n: number): NDArray {
  return n === 0 ? np.onesLike(x) : x.mul(power(x, n - 1))
}

const normalize = (x: NDArray): NDArray => x.sub(x.mean({ axis: 1, keepdims: true })).div(x.std({ axis: 1, keepdims: true }).add(1e-5))

/** Programs about graphs: what outlives them, several of them, and gradients of gradients. */
export const graphPrograms: Readonly<Record<string, Program>> = {
  'record returns a tuple': returning((out, hidden) => [out, hidden] as const, sameLoss, value => value.flatMap(numbers)),
  'record returns an object': returning((out, hidden) => ({ out, deep: { hidden } }), sameLoss, value => [...numbers(value.out), ...numbers(value.deep.hidden)]),
  'record returns a Map': returning((out, hidden) => new Map([['out', out], ['hidden', hidden]]), sameLoss, value => [...value.values()].flatMap(numbers)),
  'record returns an instance of a class with private fields': returning((out, hidden) => new Holder(out, hidden), sameLoss, value => value.read()),
  'record returns a closure': returning((out, hidden) => () => [...numbers(out), ...numbers(hidden)], sameLoss, value => value()),
  'metrics accumulated over batches': () => {
    const s = setting()
    let [right, confidence] = [np.zeros([1]), np.zeros([32, 10])]
    for (let step = 0; step < STEPS; step++) {
      train(s, step)
      const [x, y] = s.batch(step)
      const out = s.net(x) as NDArray
      right = right.add(out.argmax({ axis: 1 }).eq(y).sum())
      confidence = confidence.add(out)
    }
    return [...numbers(right), ...numbers(confidence)]
  },
  'a recurrent state on the block, detached': () => {
    class Recurrent extends nn.Block {
      step = new nn.Dense(64, { activation: 'tanh' })
      output = new nn.Dense(10)
      state: NDArray | null = null
      override forward(x: NDArray): NDArray {
        const h = this.step(this.state === null ? x : x.add(this.state.get(':', ':20')))
        this.state = h.detach()
        return this.output(h)
      }
    }
    const s = setting(new Recurrent())
    for (let step = 0; step < STEPS; step++) train(s, step)
    return weights(s.net)
  },
  'a recurrent state in an outer variable': () => {
    const s = setting()
    const net = s.net as nn.Sequential
    let state: NDArray | null = null
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      autograd.record(() => {
        const h: NDArray = net[0](state === null ? x : x.add(state.get(':', ':20'))) as NDArray
        state = h.detach()
        return s.loss(net[1](h) as NDArray, y)
      }).backward()
      s.trainer.step(32)
    }
    return numbers(state!)
  },
  'a generator as loader': () => {
    const s = setting()
    for (const [x, y] of batches(s)) {
      autograd.record(() => s.loss(s.net(x) as NDArray, y)).backward()
      s.trainer.step(32)
    }
    return weights(s.net)
  },
  'a macrotask awaited between steps': async () => {
    const s = setting()
    const losses: NDArray[] = []
    for (let step = 0; step < STEPS; step++) {
      losses.push(train(s, step))
      await new Promise(resolve => setImmediate(resolve))
    }
    return losses.flatMap(numbers)
  },
  'ready promises awaited between steps': async () => {
    const s = setting()
    const losses: NDArray[] = []
    for (let step = 0; step < STEPS; step++) losses.push(await Promise.resolve(train(s, step)))
    return losses.flatMap(numbers)
  },
  'two networks against each other, with detach': () => {
    const [g, d] = [setting(new nn.Dense(20)), setting(mlp())]
    for (let step = 0; step < STEPS; step++) {
      const [noise, y] = d.batch(step)
      const fake = autograd.record(() => g.net(noise) as NDArray)
      autograd.record(() => d.loss(d.net(fake.detach()) as NDArray, y)).backward()
      d.trainer.step(32)
      autograd.record(() => d.loss(d.net(g.net(noise) as NDArray) as NDArray, y)).backward()
      g.trainer.step(32)
    }
    return [...weights(g.net), ...weights(d.net)]
  },
  'a fake made in one record and used in the next': () => {
    const [g, d] = [setting(new nn.Dense(20)), setting(mlp())]
    for (let step = 0; step < STEPS; step++) {
      const [noise, y] = d.batch(step)
      const fake = autograd.record(() => g.net(noise) as NDArray)
      autograd.record(() => d.loss(d.net(fake) as NDArray, y)).backward()
      g.trainer.step(32)
      d.trainer.step(32)
    }
    return [...weights(g.net), ...weights(d.net)]
  },
  'gradients that add up': () => {
    const s = setting()
    s.net.collectParams().setattr('gradReq', 'add')
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      autograd.record(() => s.loss(s.net(x) as NDArray, y)).backward()
      if (step % 3 < 2) continue
      s.trainer.step(96)
      s.net.collectParams().zeroGrad()
    }
    return weights(s.net)
  },
  'a gradient penalty': () => {
    const s = setting()
    for (let step = 0; step < STEPS; step++) {
      const [data, y] = s.batch(step)
      const x = data.copy()
      x.attachGrad()
      autograd.record(() => {
        const loss = s.loss(s.net(x) as NDArray, y)
        const [gradient] = autograd.grad(loss, x, { createGraph: true })
        return loss.mean().add(gradient!.mul(gradient!).sum().mul(0.1))
      }).backward()
      s.trainer.step(1)
    }
    return weights(s.net)
  },
  'an average of the parameters': () => {
    const s = setting()
    const average = new Map<string, NDArray>()
    for (let step = 0; step < STEPS; step++) {
      train(s, step)
      for (const [name, parameter] of s.net.collectParams()) {
        const before = average.get(name)
        average.set(name, before === undefined ? parameter.data().copy() : before.mul(0.9).add(parameter.data().mul(0.1)))
      }
    }
    return [...average.values()].flatMap(numbers)
  },
  'gradient clipping': () => {
    const s = setting()
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      autograd.record(() => s.loss(s.net(x) as NDArray, y)).backward()
      const gradients = [...s.net.collectParams().values()].map(parameter => parameter.grad())
      const norm = Math.sqrt(gradients.reduce((total, g) => total + g.mul(g).sum().item(), 0))
      for (const g of gradients) g.imul(Math.min(1, 0.5 / norm))
      s.trainer.step(1)
    }
    return weights(s.net)
  },
  'recursion': () => {
    const x = np.linspace(-1, 1, 600)
    x.attachGrad()
    const seen: number[] = []
    for (let step = 1; step <= STEPS; step++) {
      autograd.record(() => power(x, 1 + (step % 5)).sum()).backward()
      seen.push(...numbers(x.grad!))
    }
    return seen
  },
  'a script with helpers': () => {
    let x = np.linspace(0, 1, 3000).reshape(30, 100)
    for (let step = 0; step < STEPS; step++) x = normalize(x.matmul(x.T).matmul(x)).add(np.sin(x))
    return numbers(x)
  },
  'two heads with backward twice': () => {
    const s = setting()
    const net = s.net as nn.Sequential
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      const [first, second] = autograd.record(() => {
        const out = net(x) as NDArray
        return [s.loss(out, y), out.mul(out).mean()] as const
      })
      first.backward(null, { retainGraph: true })
      const kept = [...net.collectParams().values()].map(parameter => parameter.grad().copy())
      second.backward()
      ;[...net.collectParams().values()].forEach((parameter, i) => parameter.grad().iadd(kept[i]!))
      s.trainer.step(32)
    }
    return weights(net)
  },
  'a replay buffer of 500 states': () => {
    const replay: NDArray[] = []
    npx.random.seed(7)
    const net = new nn.Dense(300)
    net.initialize('xavier')
    let state = np.linspace(-1, 1, 300).reshape(1, 300)
    for (let step = 0; step < 600; step++) {
      state = np.tanh(net(state))
      replay.push(state)
      if (replay.length > 500) replay.shift()
    }
    return replay.flatMap(numbers)
  },
  'a loss that is never run, then disposed': () => {
    const s = setting()
    const trainer = new optim.Trainer(s.net.collectParams(), 'adam', { learningRate: 0.01 })
    const l1 = new gluon.loss.SoftmaxCrossEntropyLoss({ weight: 2 })
    for (let step = 0; step < STEPS; step++) {
      const [x, y] = s.batch(step)
      const unused = autograd.record(() => l1(s.net(x) as NDArray, y))
      const used = autograd.record(() => s.loss(s.net(x) as NDArray, y))
      unused.dispose()
      used.backward()
      trainer.step(32)
    }
    return weights(s.net)
  },
}
