// `node tools/run.mjs benchmarks/src/gpujs.ts headlessgl`: what backend-gpujs adds to gpu.js, and what a GPU of that mode is worth beside the CPU backend.
import { createRequire } from 'node:module'
import { gpujs } from '@ashlar/backend-gpujs'
import { Context, elementwise, registerBackend, scope, withContext } from '@ashlar/core'
import type { ElementwiseProgram } from '@ashlar/core'
import * as ashlar from 'ashlar'
import type { NDArray } from 'ashlar'
import { makeFloats } from './arrays.ts'
import { nets } from './peers/ashlar-nets.ts'
import { allWorkloads } from './workloads.ts'

/** As far as gpu.js is used here; its own types refuse typed arrays. */
interface Result {
  readonly context?: { finish(): void }
  delete?(): void
}
type Kernel = (...args: unknown[]) => Result
interface GpuJs {
  readonly GPU: new (options: { mode: string }) => { createKernel(source: string, settings: object): Kernel }
  input(values: Float32Array, size: number[]): unknown
}

const mode = (process.argv[2] ?? 'headlessgl') as 'headlessgl' | 'webasm' | 'cpu'
const ROUNDS = Number(process.argv[3] ?? 15)
/** `kernels`, `nets` or both. */
const what = process.argv[4] ?? 'both'
const { GPU, input } = createRequire(import.meta.url)('gpu.js') as GpuJs
const gpu = new GPU({ mode })
await registerBackend(gpujs({ mode }))
const context = new Context(mode === 'headlessgl' ? 'gpu' : `gpujs-${mode}`, 0)

const kernel = (source: string, n: number): Kernel => gpu.createKernel(source, { output: [n, n], precision: 'single', tactic: 'precision', pipeline: true, immutable: true, loopMaxIterations: 1e9 })

function byHand(source: string, n: number, arrays: readonly Float32Array[]): () => void {
  const upload = kernel('function (x) { return x[this.thread.y][this.thread.x] }', n)
  const inputs = arrays.map(values => upload(input(values, [n, n])))
  const run = kernel(source, n)
  return () => {
    const result = run(...inputs)
    result.context?.finish()
    result.delete?.()
  }
}

function ours(compute: () => NDArray): () => void {
  return () => {
    const result = compute()
    ;(result as unknown as { handle: { data: Result } }).handle.data.context?.finish()
    result.dispose()
  }
}

const time = (run: () => void): number => {
  const start = performance.now()
  run()
  return performance.now() - start
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** Medians of runs in turn, and the median of their quotients. */
function compare(name: string, first: () => void, second: () => void, rounds = ROUNDS): void {
  for (let i = 0; i < 4; i++) [first, second].forEach(run => run())
  const pairs = Array.from({ length: rounds }, () => [time(first), time(second)] as const)
  const [a, b] = [pairs.map(([t]) => t), pairs.map(([, t]) => t)]
  console.log(`${name.padEnd(52)} ${median(a).toFixed(2).padStart(9)} ms ${median(b).toFixed(2).padStart(9)} ms  ${median(pairs.map(([x, y]) => y / x)).toFixed(2)}`)
}

const N = 1000
const floats = (n: number, seed: number): Float32Array => makeFloats({ shape: [n, n], seed, low: 0.1, high: 1 })
const onDevice = (n: number, seed: number): NDArray => ashlar.np.array(floats(n, seed), { ctx: context }).reshape([n, n])
const READ = 'let a = x[this.thread.y][this.thread.x]; let b = y[this.thread.y][this.thread.x];'

const CHAINS: readonly (readonly [name: string, source: string, steps: ElementwiseProgram['steps']])[] = [
  ['ten steps of arithmetic, 1M elements', 'let c = a * b; let d = c + a; let e = d * d; let f = e - b; let g = f * a; let h = Math.abs(g); let i = h + b; let j = i * i; let k = j / e; return (-k);', [
    { kind: 'mul', of: [0, 1] }, { kind: 'add', of: [2, 0] }, { kind: 'mul', of: [3, 3] }, { kind: 'sub', of: [4, 1] }, { kind: 'mul', of: [5, 0] },
    { kind: 'abs', of: [6] }, { kind: 'add', of: [7, 1] }, { kind: 'mul', of: [8, 8] }, { kind: 'div', of: [9, 4] }, { kind: 'neg', of: [10] },
  ]],
  ['ten steps with exp, tanh, sqrt, max, 1M elements', 'let c = a * b; let d = c + a; let e = Math.exp(d); let f = Math.tanh(e); let g = f - b; let h = Math.abs(g); let i = Math.sqrt(h); let j = Math.max(i, a); let k = j / e; return (-k);', [
    { kind: 'mul', of: [0, 1] }, { kind: 'add', of: [2, 0] }, { kind: 'exp', of: [3] }, { kind: 'tanh', of: [4] }, { kind: 'sub', of: [5, 1] },
    { kind: 'abs', of: [6] }, { kind: 'sqrt', of: [7] }, { kind: 'maximum', of: [8, 0] }, { kind: 'div', of: [9, 4] }, { kind: 'neg', of: [10] },
  ]],
]

function kernels(): void {
  console.log(`mode ${mode}; a kernel of gpu.js written by hand, ours, ours by theirs`)
  for (const [name, source, steps] of CHAINS) {
    const program: ElementwiseProgram = { inputs: ['float32', 'float32'], steps }
    const [x, y] = [onDevice(N, 1), onDevice(N, 2)]
    compare(name, byHand(`function (x, y) { ${READ} ${source} }`, N, [floats(N, 1), floats(N, 2)]), ours(() => elementwise(program, [x, y])))
  }
  if (mode !== 'cpu') {
    const [a, b] = [onDevice(512, 1), onDevice(512, 2)]
    const product = 'function (a, b) { let sum = 0; for (let k = 0; k < 512; k++) sum += a[this.thread.y][k] * b[k][this.thread.x]; return sum; }'
    compare('matmul 512 x 512', byHand(product, 512, [floats(512, 1), floats(512, 2)]), ours(() => ashlar.np.matmul(a, b)), 9)
  }
}

function networks(): void {
  console.log('the CPU backend, this one, this one by the other')
  for (const { name, kind, arrays, settings } of allWorkloads().filter(({ measures, settings: { train } }) => measures === 'time' && train === true)) {
    if (kind === 'matmul' || kind === 'add' || kind === 'exp' || kind === 'softmax' || kind === 'import') continue
    const steps = [new Context('cpu', 0), context].map(place => withContext(place, () => {
      const { loss, batch, parameters } = nets[kind](ashlar, arrays, settings)
      const trainer = new ashlar.optim.Trainer(parameters, 'sgd', { learningRate: settings['learningRate'] as number })
      return () => withContext(place, () => scope(() => {
        const value = ashlar.autograd.record(loss)
        value.backward()
        trainer.step(batch)
        value.sum().item()
      }))
    }))
    compare(name, steps[0]!, steps[1]!, 5)
  }
}

if (what !== 'nets') kernels()
if (what !== 'kernels') networks()
