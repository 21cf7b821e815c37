import { createRequire } from 'node:module'
import type { Recipe } from '../arrays.ts'
import { makeFloats, sample } from '../arrays.ts'
import type { Job, Peer, Task } from '../peer.ts'

/** A compiled kernel, called with flat arrays that know their shape; it gives rows. */
type Kernel = (...args: unknown[]) => Float32Array[]

/** The part of gpu.js that is used here; its own types refuse typed arrays. */
interface GpuJs {
  readonly GPU: (new (options: { mode: string }) => Gpu) & { readonly isHeadlessGLSupported: boolean }
  input(values: Float32Array, size: number[]): unknown
}

interface Gpu {
  createKernel(source: string, settings: object): Kernel
}

const require = createRequire(import.meta.url)

/** Loads gpu.js, on a GPU where it can, else in WebAssembly. It is for kernels that its users write, so networks are missing here. */
export async function load(): Promise<Peer> {
  const gpujs = require('gpu.js') as GpuJs
  const mode = gpujs.GPU.isHeadlessGLSupported ? 'headlessgl' : 'webasm'
  const gpu = new gpujs.GPU({ mode })
  const { version } = require('gpu.js/package.json') as { version: string }
  return { version: `${version} (${mode})`, prepare: job => prepare(gpujs, gpu, job) }
}

function prepare({ input }: GpuJs, gpu: Gpu, { kind, arrays, settings }: Job): Task | null {
  const array = (name: string): unknown => inputOf(input, arrays[name]!)
  const [rows, columns] = (Object.values(arrays)[0]?.shape ?? []) as [number, number]
  const kernel = (source: string, output: number[] = [columns, rows]): Kernel => (
    gpu.createKernel(source, { output, constants: { columns }, precision: 'single', tactic: 'precision', loopMaxIterations: 1e9 }))
  switch (kind) {
    case 'matmul': {
      const left = settings['transposeA'] === true ? 'a[k][this.thread.y]' : 'a[this.thread.y][k]'
      const right = settings['transposeB'] === true ? 'b[this.thread.x][k]' : 'b[k][this.thread.x]'
      const product = kernel(`function (a, b) {
        let sum = 0;
        for (let k = 0; k < this.constants.columns; k++) sum += ${left} * ${right};
        return sum;
      }`)
      const [a, b] = [array('a'), array('b')]
      return operation(() => product(a, b))
    }
    case 'add': {
      const add = kernel('function (x, y) { return x[this.thread.y][this.thread.x] + y[this.thread.y][this.thread.x]; }')
      const [x, y] = [array('x'), array('y')]
      return operation(() => add(x, y))
    }
    case 'exp': {
      const exp = kernel('function (x) { return Math.exp(x[this.thread.y][this.thread.x]); }')
      const x = array('x')
      return operation(() => exp(x))
    }
    default: return null
  }
}

const inputOf = (input: GpuJs['input'], recipe: Recipe): unknown => input(makeFloats(recipe), [recipe.shape[1]!, recipe.shape[0]!])

/** Without its pipelines, what a kernel returns has been read back. */
function operation(compute: () => Float32Array[]): Task {
  return {
    answer: () => sample(compute().flatMap(row => [...row])),
    run: () => void compute(),
  }
}
