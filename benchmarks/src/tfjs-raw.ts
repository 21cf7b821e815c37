// `npm run bench:tfjs`: what our front door adds to TensorFlow's kernels. The same step of training, once as a user of ours writes it
// and once as kernels called one by one, in turn in one process.
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { Context } from '@ashlar/core'
import { autograd, gluon, nn, np, optim, registerBackend, scope } from 'ashlar'
import { make, makeFloats } from './arrays.ts'
import { median } from './measure.ts'
import type { Workload } from './workloads.ts'
import { allWorkloads } from './workloads.ts'

const HELP = `Times a step of training the network 784-256-10 on TensorFlow, through Ashlar and through bare kernels, and prints both medians and
the median of the ratios.

  npm run bench:tfjs [-- options]

  --require <file>   where @tensorflow/tfjs-node (or tfjs-node-gpu) is required from: any file name in a folder that has it
                     (default: ASHLAR_TFJS_NODE, else this workspace)
  --gpu              tfjs-node-gpu instead of tfjs-node
  --rounds <n>       how many rounds, each of both (default 15)
  --steps <n>        how many steps a round (default 60)
  --help             this text`

/** What this calls of tfjs-node; tensors are whatever it makes. */
interface Tensor {
  dispose(): void
  dataSync(): ArrayLike<number>
}

interface TfjsNode {
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype: 'float32' | 'int32'): Tensor
  scalar(value: number): Tensor
  engine(): { runKernel(kernel: string, inputs: Readonly<Record<string, Tensor>>, attributes: object): Tensor }
  backend(): {
    readonly binding: Readonly<Record<string, number>>
    executeMultipleOutputs(op: string, attributes: readonly object[], inputs: readonly Tensor[], outputs: number): Tensor[]
  }
}

const LEARNING_RATE = 0.1

/** The step as kernels: each result is disposed of by hand. */
function rawStep(tf: TfjsNode, { arrays }: Workload): () => number {
  const [engine, backend] = [tf.engine(), tf.backend()]
  const run = (kernel: string, inputs: Readonly<Record<string, Tensor>>, attributes: object = {}): Tensor => engine.runKernel(kernel, inputs, attributes)
  const type = (name: string, dtype: string): object => ({ name, type: backend.binding['TF_ATTR_TYPE'], value: backend.binding[dtype] })
  const [float, label] = [type('T', 'TF_FLOAT'), type('Tlabels', 'TF_INT32')]
  const matmul = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor => run('BatchMatMul', { a, b }, { transposeA, transposeB })
  const columns = (x: Tensor): Tensor => run('Sum', { x }, { axis: [0], keepDims: false })
  const floats = (name: string): Tensor => tf.tensor(makeFloats(arrays[name]!), arrays[name]!.shape, 'float32')
  const x = floats('x')
  const y = tf.tensor(Int32Array.from(make(arrays['y']!) as Int32Array), arrays['y']!.shape, 'int32')
  let weights = ['w1', 'b1', 'w2', 'b2'].map(floats) as [Tensor, Tensor, Tensor, Tensor]
  const batch = arrays['x']!.shape[0]!
  return () => {
    const [w1, b1, w2, b2] = weights
    const first = matmul(x, w1, false, true)
    const biased = run('Add', { a: first, b: b1 })
    const hidden = run('Relu', { x: biased })
    const second = matmul(hidden, w2, false, true)
    const scores = run('Add', { a: second, b: b2 })
    const [losses, slopes] = backend.executeMultipleOutputs('SparseSoftmaxCrossEntropyWithLogits', [float, label], [scores, y], 2) as [Tensor, Tensor]
    const mean = run('Mean', { x: losses }, { axis: [0], keepDims: false })
    const gradientW2 = matmul(slopes, hidden, true, false)
    const gradientB2 = columns(slopes)
    const back = matmul(slopes, w2, false, false)
    const [inner] = backend.executeMultipleOutputs('ReluGrad', [float], [back, hidden], 1) as [Tensor]
    const gradientW1 = matmul(inner, x, true, false)
    const gradientB1 = columns(inner)
    const rate = tf.scalar(LEARNING_RATE / batch)
    weights = [gradientW1, gradientB1, gradientW2, gradientB2].map((gradient, i) => {
      const change = run('Multiply', { a: gradient, b: rate })
      const next = run('Sub', { a: weights[i]!, b: change })
      for (const done of [gradient, change, weights[i]!]) done.dispose()
      return next
    }) as [Tensor, Tensor, Tensor, Tensor]
    const loss = mean.dataSync()[0]!
    for (const done of [first, biased, hidden, second, scores, losses, slopes, mean, back, inner, rate]) done.dispose()
    return loss
  }
}

/** The step as a user of ours writes it. */
function ourStep(ctx: Context, { arrays }: Workload): () => number {
  const on = (name: string): ReturnType<typeof np.array> => np.array(make(arrays[name]!), { ctx }).reshape(arrays[name]!.shape)
  const net = new nn.Sequential(new nn.Dense(256, { activation: 'relu' }), new nn.Dense(10))
  net.initialize({ ctx })
  const [x, y] = [on('x'), on('y').astype('int32')]
  net.forward(x)
  for (const [i, parameter] of [...net.collectParams().values()].entries()) parameter.setData(on(['w1', 'b1', 'w2', 'b2'][i]!))
  const criterion = new gluon.loss.SoftmaxCrossEntropyLoss()
  const trainer = new optim.Trainer(net.collectParams(), 'sgd', { learningRate: LEARNING_RATE })
  return () => scope(() => {
    const loss = autograd.record(() => criterion(net.forward(x), y))
    loss.backward()
    trainer.step(x.shape[0]!)
    return Number(loss.mean().item())
  })
}

function milliseconds(step: () => number, steps: number): number {
  const start = performance.now()
  for (let i = 0; i < steps; i++) step()
  return (performance.now() - start) / steps
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { require: text, gpu: { type: 'boolean' }, rounds: { ...text, default: '15' }, steps: { ...text, default: '60' }, help: { type: 'boolean' } } })
  if (values.help === true) return console.log(HELP)
  const [rounds, steps] = [Number(values.rounds), Number(values.steps)]
  if (!(Number.isInteger(rounds) && rounds > 0 && Number.isInteger(steps) && steps > 0)) throw new Error('--rounds and --steps are whole numbers from 1')
  const binding = values.gpu === true ? 'tfjs-node-gpu' as const : 'tfjs-node' as const
  const require = createRequire(values.require ?? process.env['ASHLAR_TFJS_NODE'] ?? import.meta.url)
  const load = (): Promise<TfjsNode> => Promise.resolve(require(`@tensorflow/${binding}`) as TfjsNode)
  // It mends what newer Nodes lack, so it comes first.
  registerBackend({ ...await tfjsCuda({ binding, load, allowCpu: true }), name: 'ours', type: 'ours' })
  const workload = allWorkloads().find(({ name }) => name.startsWith('train step, MLP 784'))!
  const pair = [ourStep(new Context('ours'), workload), rawStep(await load(), workload)] as const
  for (let i = 0; i < 5; i++) {
    const [mine, raw] = pair.map(step => step()) as [number, number]
    if (!(Math.abs(mine - raw) < 1e-4)) throw new Error(`step ${i}: our loss is ${mine}, that of bare kernels ${raw}`)
  }
  for (const step of pair) milliseconds(step, steps)
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const i of round % 2 === 0 ? [0, 1] as const : [1, 0] as const) times[i].push(milliseconds(pair[i], steps))
  }
  const ratio = median(times[0].map((mine, i) => mine / times[1][i]!))
  console.log(`${workload.name}: ours ${median(times[0]).toFixed(3)} ms, bare kernels ${median(times[1]).toFixed(3)} ms, ours by theirs ${ratio.toFixed(3)}`)
}

await main()
