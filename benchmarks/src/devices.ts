// Part of `npm run check:gpu`: products of matrices and steps of training on a device of TensorFlow's beside our own CPU backend, in turn in
// one process. Prints a line of JSON.
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import * as ashlar from 'ashlar'
import { make } from './arrays.ts'
import { median } from './measure.ts'
import { nets } from './peers/ashlar-nets.ts'
import type { Workload } from './workloads.ts'
import { allWorkloads } from './workloads.ts'

/** One row: milliseconds a run on each device, and how far the results are apart, relative to the CPU's. */
export interface DeviceRow {
  readonly name: string
  readonly device: number
  readonly cpu: number
  readonly difference: number
}

const NAMES = ['matmul 256 x 256', 'matmul 1024 x 1024', 'train step, MLP 784-256-10, batch 256', 'train step, LeNet, [64, 1, 28, 28]']
/** Products for each number that is read, as reading one waits for the device. */
const PRODUCTS = 8

/** What is timed: some runs, and then a number of the result in the host's memory, so that a device that answers late is waited for. */
interface Timed {
  readonly runs: number
  run(): number
}

function timed({ kind, arrays, settings }: Workload, ctx: ashlar.device.Context): Timed {
  const { autograd, device, np, optim, scope } = ashlar
  return device.using(ctx, (): Timed => {
    if (kind === 'matmul') {
      const [a, b] = ['a', 'b'].map(name => np.array(make(arrays[name]!)).reshape(arrays[name]!.shape)) as [ashlar.NDArray, ashlar.NDArray]
      return {
        runs: PRODUCTS,
        run: () => scope(() => {
          for (let i = 1; i < PRODUCTS; i++) np.matmul(a, b).dispose()
          // In two steps: over a million elements, engines that add in float32 one by one lose three digits.
          return Number(np.matmul(a, b).mean({ axis: 1 }).mean().item())
        }),
      }
    }
    const { loss, batch, parameters } = nets[kind as 'mlp' | 'lenet'](ashlar, arrays, settings)
    const trainer = new optim.Trainer(parameters, 'sgd', { learningRate: settings['learningRate'] as number })
    return {
      runs: 1,
      run: () => scope(() => {
        const losses = autograd.record(loss)
        losses.backward()
        trainer.step(batch)
        return Number(losses.mean().item())
      }),
    }
  })
}

function measure(workload: Workload, ctx: ashlar.device.Context, rounds: number): DeviceRow {
  const both = [ctx, ashlar.device.cpu()].map(each => timed(workload, each)) as [Timed, Timed]
  let difference = 0
  // The first runs also warm up.
  for (let i = 0; i < 4; i++) {
    const [mine, theirs] = both.map(each => each.run()) as [number, number]
    difference = Math.max(difference, Math.abs(mine - theirs) / Math.abs(theirs))
  }
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const i of round % 2 === 0 ? [0, 1] as const : [1, 0] as const) {
      const start = performance.now()
      both[i].run()
      times[i].push((performance.now() - start) / both[i].runs)
    }
  }
  return { name: workload.name, device: median(times[0]), cpu: median(times[1]), difference }
}

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { ctx: { ...text, default: 'gpu' }, binding: { ...text, default: 'tfjs-node-gpu' }, rounds: { ...text, default: '30' } } })
const rounds = Number(values.rounds)
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error('--rounds is a whole number from 1')
const require = createRequire(process.env['ASHLAR_TFJS_NODE'] ?? import.meta.resolve('@ashlar/backend-tfjs-cuda'))
const binding = values.binding as 'tfjs-node-gpu' | 'tfjs-node'
// What stands in for a GPU has leave to be none.
const backend = await tfjsCuda({ binding, allowCpu: values.ctx !== 'gpu', load: () => Promise.resolve().then(() => require(`@tensorflow/${binding}`) as unknown) })
if (backend.type !== values.ctx) throw new Error(`${binding} makes ${backend.type}(0), and ${values.ctx} was asked for`)
ashlar.registerBackend(backend)
const workloads = allWorkloads()
const rows = NAMES.map(name => measure(workloads.find(each => each.name === name)!, new ashlar.device.Context(backend.type), rounds))
console.log(JSON.stringify(rows))
