import type { DType, Shape, Spec, TypedArray } from '@ashlar/core'
import { AshlarError, allocate, sameShape } from '@ashlar/core'
import { DEVIATIONS } from './deviations.ts'
import type { Deviation } from './deviations.ts'
import type { TensorInfo, Tfjs, TfjsBackend } from './tfjs.ts'

/** The kernel sets of tfjs that this package runs on, by the names under which tfjs registers them. */
export type EngineName = 'cpu' | 'wasm' | 'tensorflow'

/** What a device of ours keeps an array in: one tensor of tfjs, whose shape may be any of that size. */
export interface Handle {
  readonly info: TensorInfo
}

type Attributes = Readonly<Record<string, unknown>>
type KernelFunction = (args: { inputs: unknown; attrs: Attributes; backend: TfjsBackend }) => TensorInfo

/**
 * One backend of tfjs, its kernels called as `engine().runKernel` calls them but without tfjs's tape, scopes and current
 * backend: programs that use tfjs too neither notice nor disturb it.
 */
export class Engine {
  readonly name: EngineName
  readonly backend: TfjsBackend
  private readonly tfjs: Tfjs
  private readonly functions = new Map<string, KernelFunction>()

  constructor(tfjs: Tfjs, name: EngineName, backend: TfjsBackend) {
    this.tfjs = tfjs
    this.name = name
    this.backend = backend
  }

  /** Whether kernels of this engine deviate in that way. */
  deviates(deviation: Deviation): boolean {
    return DEVIATIONS[this.name].has(deviation)
  }

  /** Runs a kernel of tfjs. What it gives has to be disposed of. */
  call(kernel: string, inputs: unknown, attrs: Attributes): TensorInfo {
    let run = this.functions.get(kernel)
    if (run === undefined) {
      const found = this.tfjs.getKernel(kernel, this.name)
      if (found === undefined) throw new Error(`tfjs has no kernel ${kernel} for its backend ${this.name}`)
      run = found.kernelFunc as KernelFunction
      this.functions.set(kernel, run)
    }
    if (this.name === 'tensorflow' && this.tfjs.getBackend() !== 'tensorflow') throw otherBackend(this.tfjs.getBackend())
    const info = run({ inputs, attrs, backend: this.backend })
    // Kernels of the native binding give tensors that tfjs counts, and that a tidy() of the user's would free.
    if (isTracked(info)) this.tfjs.keep(info)
    return info
  }

  dispose(info: TensorInfo): void {
    if (isTracked(info)) info.dispose()
    else this.backend.disposeData(info.dataId)
  }

  /** A tensor of a copy of the data: tfjs keeps the typed array that it is given. */
  write(data: TypedArray, shape: Shape, dtype: DType): TensorInfo {
    const own = shape.slice()
    const dataId = this.backend.write(this.name === 'wasm' ? data : data.slice(), own, dtype)
    if (this.name !== 'tensorflow') return { dataId, shape: own, dtype }
    // Some kernels of the native binding want tensors with methods.
    return this.tfjs.keep(this.tfjs.engine().makeTensorFromDataId(dataId, own, dtype, this.backend))
  }

  /** A copy of the elements: tfjs gives the typed array that it keeps, which may even be of another kind. */
  read(info: TensorInfo, { dtype, size }: Spec): TypedArray {
    const data = allocate(dtype, size)
    data.set(this.backend.readSync(info.dataId) as never)
    return data
  }

  /** Runs kernels one after the other. What they make is disposed of, except the result, which becomes a handle; on a throw all of it is. */
  run(compose: (steps: Steps) => TensorInfo): Handle {
    const made: TensorInfo[] = []
    let result: TensorInfo | undefined
    try {
      const steps = new Steps(this, made)
      const last = compose(steps)
      result = made.includes(last) ? last : steps.copy(last)
      return { info: result }
    } finally {
      for (const info of made) if (info !== result) this.dispose(info)
    }
  }
}

/** Kernels of the native binding make small tensors by tfjs's own functions, on whatever backend is tfjs's current one. */
function otherBackend(name: string): AshlarError {
  return new AshlarError(`tfjs computes on its backend ${name} now, where TensorFlow's kernels cannot`, { op: 'tfjsCuda', hint: "set it back: tf.setBackend('tensorflow')" })
}

function isTracked(info: TensorInfo): info is TensorInfo & { dispose(): void } {
  return typeof (info as { dispose?: unknown }).dispose === 'function'
}

/** The steps of one kernel of ours, as kernels of tfjs. */
export class Steps {
  readonly engine: Engine
  private readonly made: TensorInfo[]

  constructor(engine: Engine, made: TensorInfo[]) {
    this.engine = engine
    this.made = made
  }

  call(kernel: string, inputs: unknown, attrs: Attributes = {}): TensorInfo {
    return this.keep(this.engine.call(kernel, inputs, attrs))
  }

  /** An array of the host's as a step's input. */
  constant(data: TypedArray, shape: Shape, dtype: DType): TensorInfo {
    return this.keep(this.engine.write(data, shape, dtype))
  }

  scalar(value: number, dtype: DType = 'float32'): TensorInfo {
    const data = allocate(dtype, 1)
    data[0] = value as never
    return this.constant(data, [], dtype)
  }

  fill(value: number, shape: Shape, dtype: DType): TensorInfo {
    return this.call('Fill', {}, { shape: shape.slice(), value, dtype })
  }

  /** The same elements in another shape; bytes are shared. */
  view(x: TensorInfo, shape: Shape): TensorInfo {
    return sameShape(x.shape, shape) ? x : this.call('Reshape', { x }, { shape: shape.slice() })
  }

  /** A tensor of its own with the same elements; bytes are shared, as no kernel writes to its inputs. */
  copy(x: TensorInfo): TensorInfo {
    return this.call('Reshape', { x }, { shape: x.shape.slice() })
  }

  private keep(info: TensorInfo): TensorInfo {
    this.made.push(info)
    return info
  }
}
