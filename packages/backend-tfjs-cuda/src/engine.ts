import type { DType, Shape, Spec, Tensor, TypedArray } from '@ashlar/core'
import { AshlarError, allocate, sameShape, sizeOf } from '@ashlar/core'
import type { Attribute } from './attributes.ts'
import { translate } from './attributes.ts'
import { DEVIATIONS } from './deviations.ts'
import type { Deviation } from './deviations.ts'
import type { TensorInfo, Tfjs, TfjsBackend } from './tfjs.ts'

/** The kernel sets of tfjs that this package runs on, by the names under which tfjs registers them. */
export type EngineName = 'cpu' | 'wasm' | 'tensorflow'

/** What a device of ours keeps an array in: one tensor of tfjs, whose shape may be any of that size. */
export interface Handle {
  info: TensorInfo
  /** Of a step in between, which owns its tensor. */
  readonly isStep?: true
}

/** Elements up to which the host fills an array for TensorFlow. */
const SMALL = 1024

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
  private state: { readonly backendName?: string } | undefined
  private keepTensor: Tfjs['keep'] | undefined
  private readonly functions = new Map<string, KernelFunction>()
  private readonly attributes = new WeakMap<readonly Attribute[], readonly object[]>()
  /** Arrays of few elements that the host made, by their data: in another shape they are made again, which is cheaper than an op. */
  private readonly few = new WeakMap<object, TypedArray>()
  /** Whether kernels are TensorFlow's: it runs ops that tfjs has no kernels for, and a tensor's other shape is an op, too. */
  readonly isNative: boolean
  /** Whether they run on a GPU, where TensorFlow's convolutions take channels first. */
  readonly onGpu: boolean

  constructor(tfjs: Tfjs, name: EngineName, backend: TfjsBackend) {
    this.tfjs = tfjs
    this.name = name
    this.backend = backend
    this.isNative = name === 'tensorflow'
    this.onGpu = this.isNative && backend.isUsingGpuDevice === true
  }

  /** Whether tfjs has all of these kernels here. */
  has(...kernels: readonly string[]): boolean {
    return kernels.every(kernel => this.tfjs.getKernel(kernel, this.name) !== undefined)
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
    this.checkCurrent()
    const info = run({ inputs, attrs, backend: this.backend })
    // Kernels of the native binding give tensors that tfjs counts, and that a tidy() of the user's would free.
    if (isTracked(info)) this.keep(info)
    return info
  }

  /** Runs an op of TensorFlow's own, on the native bindings. What it gives has to be disposed of. */
  op(name: string, attributes: readonly Attribute[], inputs: readonly TensorInfo[], outputs: number): TensorInfo[] {
    let translated = this.attributes.get(attributes)
    if (translated === undefined) {
      translated = translate(attributes, this.backend.binding!)
      this.attributes.set(attributes, translated)
    }
    this.checkCurrent()
    const infos = this.backend.executeMultipleOutputs!(name, translated, inputs, outputs)
    for (const info of infos) this.keep(info)
    return infos
  }

  /** The elements of a tensor, where the host made them and they are few. Nobody may write to them. */
  elementsOf(info: TensorInfo): TypedArray | undefined {
    return this.few.get(info.dataId)
  }

  /** Takes a tensor out of the reach of `tidy`. */
  private keep(info: TensorInfo): TensorInfo {
    // Exports of tfjs are getters through several modules, which takes longer than what is behind this one.
    this.keepTensor ??= this.tfjs.keep
    return this.keepTensor(info)
  }

  private checkCurrent(): void {
    if (!this.isNative) return
    this.state ??= this.tfjs.engine()
    if (this.state.backendName !== this.name) throw otherBackend(String(this.state.backendName))
  }

  /** How many tensors tfjs holds, those of others included. */
  count(): number {
    return this.isNative ? this.backend.binding!.getNumOfTensors() : this.backend.numDataIds()
  }

  dispose(info: TensorInfo): void {
    if (isTracked(info)) info.dispose()
    else this.backend.disposeData(info.dataId)
  }

  /** A tensor of a copy of the data: tfjs keeps the typed array that it is given. */
  write(data: TypedArray, shape: Shape, dtype: DType): TensorInfo {
    return this.adopt(this.name === 'wasm' ? data : data.slice(), shape, dtype)
  }

  /** A tensor of data that nobody else has. */
  adopt(data: TypedArray, shape: Shape, dtype: DType): TensorInfo {
    const own = shape.slice()
    const dataId = this.backend.write(data, own, dtype)
    if (!this.isNative) return { dataId, shape: own, dtype }
    if (data.length <= SMALL) this.few.set(dataId, data)
    // Some kernels of the native binding want tensors with methods.
    return this.keep(this.tfjs.engine().makeTensorFromDataId(dataId, own, dtype, this.backend))
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

  /** Runs an op of TensorFlow's own, and gives its first output. */
  op(name: string, inputs: readonly TensorInfo[], attributes: readonly Attribute[], outputs = 1): TensorInfo {
    return this.ops(name, inputs, attributes, outputs)[0]!
  }

  /** The same for all outputs. */
  ops(name: string, inputs: readonly TensorInfo[], attributes: readonly Attribute[], outputs: number): TensorInfo[] {
    return this.engine.op(name, attributes, inputs, outputs).map(info => this.keep(info))
  }

  /** An array that was made for it as a step's input. */
  constant(data: TypedArray, shape: Shape, dtype: DType): TensorInfo {
    return this.keep(this.engine.adopt(data, shape, dtype))
  }

  scalar(value: number, dtype: DType = 'float32'): TensorInfo {
    const data = allocate(dtype, 1)
    data[0] = value as never
    return this.constant(data, [], dtype)
  }

  fill(value: number, shape: Shape, dtype: DType): TensorInfo {
    const size = sizeOf(shape)
    // Cheaper than to have TensorFlow do it, which needs arrays of the host's for that as well.
    if (this.engine.isNative && size <= SMALL) return this.constant(allocate(dtype, size).fill(value as never), shape, dtype)
    return this.call('Fill', {}, { shape: shape.slice(), value, dtype })
  }

  /** The same elements in another shape; bytes are shared. */
  view(x: TensorInfo, shape: Shape): TensorInfo {
    if (sameShape(x.shape, shape)) return x
    const data = this.engine.elementsOf(x)
    return data === undefined ? this.call('Reshape', { x }, { shape: shape.slice() }) : this.constant(data, shape, x.dtype)
  }

  /** An array's tensor in the array's shape. On the native bindings that is an op, so the handle keeps what came of it for the next time. */
  shown({ handle, shape }: Tensor<Handle>): TensorInfo {
    const { info } = handle
    if (sameShape(info.shape, shape)) return info
    if (!this.engine.isNative || handle.isStep === true) return this.view(info, shape)
    const shaped = this.engine.call('Reshape', { x: info }, { shape: shape.slice() })
    this.made.push(info)
    handle.info = shaped
    return shaped
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
