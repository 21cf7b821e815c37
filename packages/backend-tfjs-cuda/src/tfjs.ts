import type { DType, TypedArray } from '@ashlar/core'

/** What tfjs tells of a tensor: the part that kernels take and give. */
export interface TensorInfo {
  readonly dataId: object
  readonly shape: number[]
  readonly dtype: DType
}

/** The part of a backend of tfjs that we call. */
export interface TfjsBackend {
  write(values: TypedArray | null, shape: readonly number[], dtype: DType): object
  readSync(dataId: object): TypedArray
  /** Frees the data once it was called as often as the data was named. */
  disposeData(dataId: object): boolean
  numDataIds(): number
  /** tfjs's `cpu` greets whoever writes first in Node with advice to install tfjs-node. */
  firstUse?: boolean
  isUsingGpuDevice?: boolean
  /** The native binding only: its addon, whose numbers name dtypes and kinds of attributes, and which counts TensorFlow's tensors. */
  readonly binding?: Readonly<Record<string, number>> & { getNumOfTensors(): number }
  /** The native binding only: runs an op of TensorFlow's own, kernel of tfjs or not. */
  executeMultipleOutputs?(op: string, attributes: readonly object[], inputs: readonly TensorInfo[], outputs: number): TensorInfo[]
}

/** The part of `@tensorflow/tfjs-core` that we call; written down here so that users need no types of an optional peer. */
export interface Tfjs {
  getKernel(kernel: string, backend: string): { kernelFunc: unknown } | undefined
  getKernelsForBackend(backend: string): { setupFunc?: (backend: TfjsBackend) => void }[]
  findBackend(name: string): TfjsBackend | null
  getBackend(): string
  ready(): Promise<void>
  /** Takes a tensor out of the reach of `tidy`. */
  keep(tensor: TensorInfo): TensorInfo
  setBackend(name: string): Promise<boolean>
  engine(): {
    readonly backendName?: string
    makeTensorFromDataId(dataId: object, shape: readonly number[], dtype: DType, backend: TfjsBackend): TensorInfo
  }
}
