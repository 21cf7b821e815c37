import type { NDArray } from '@ashlar/core'
import { Context, ValueError, checkContext, describe, deviceCount, deviceOf, fromTypedArray, itemSize, sizeOf, typeError } from '@ashlar/core'
import type { ReadFormat } from './detect.ts'
import { kindOf } from './detect.ts'
import type { Source } from './errors.ts'
import { readNpy } from './npy.ts'
import { readNpz } from './npz.ts'
import { checkOptions } from './options.ts'
import { DEVICE_TYPES } from './params-format.ts'
import { readParams } from './params-read.ts'
import type { Plan, PlannedArray } from './plan.ts'
import { readSafetensors } from './safetensors.ts'
import { findPickle, readTorch } from './torch.ts'
import { tooLarge } from './unpack.ts'
import { readMembers } from './zip.ts'

/** What loading takes. */
export interface LoadOptions {
  /** Where the arrays go. Default: the device that the file records for each, if there is one that holds its dtype, else `cpu(0)`. */
  readonly ctx?: Context
  /** How many bytes of arrays a file may become. Default: 32 times its size, but 256 MiB at least. Only packed files and tensors that share memory are larger inside. */
  readonly maxBytes?: number
}

/** What reading takes. */
export interface DecodeOptions extends LoadOptions {
  /** The name that messages give the bytes. */
  readonly file?: string
}

/** What a file holds, in its order. */
export interface DecodedEntries {
  /** What the file is, whatever it is called. */
  readonly format: ReadFormat
  /** One for each array; null for a list or a single array, which have none. An empty dictionary is written as an empty list. */
  readonly names: string[] | null
  readonly arrays: NDArray[]
  /** What a safetensors file says beside its arrays; null where it says nothing, and for other formats. */
  readonly metadata: Readonly<Record<string, string>> | null
}

/**
 * What a file gives: a list, an object of named arrays, or (from `.npy`) one array. Only the file knows which, so the type
 * allows all uses; `Array.isArray` and `isNDArray` tell them apart.
 */
export type Loaded = NDArray[] & Record<string, NDArray> & NDArray

/** What {@link DecodedEntries} does not show. */
interface Decoded extends DecodedEntries {
  readonly single: boolean
}

/**
 * The arrays in the bytes of a file. Its first bytes tell what it is: an MXNet `.params` file of any version, as
 * {@link encode}, MXNet 1.x `npx.save`, `nd.save` and Gluon's `save_parameters` write it; NumPy's `.npy` or `.npz`;
 * safetensors; or what PyTorch 1.6 and later saves, of which tensors are read and nothing is run.
 *
 * @param bytes the whole file
 * @returns the array itself for `.npy`, a list where a file has no names (`.params` gives a single array as a list of one, an
 *   empty file as `[]`), else an object. Objects move keys such as `0` to the front; where order matters use {@link decodeEntries}.
 * @throws FormatError `Invalid NDArray file format` for damaged bytes, with the offset; nothing is allocated on their word.
 *   NotImplementedError for sparse arrays, and for element types that arrays cannot hold
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { decode, encode } from '@ashlar/io'
 *
 * registerBackend(cpuBackend())
 * const bytes = encode('params', { x: np.arange(4), y: np.zeros(4) })
 * console.log(decode(bytes))
 * // { x: array([0., 1., 2., 3.]), y: array([0., 0., 0., 0.]) }
 * console.log(decode(encode('npy', np.arange(4))))
 * // array([0., 1., 2., 3.])
 * ```
 */
export function decode(bytes: Uint8Array | ArrayBuffer, options: DecodeOptions = {}): Loaded {
  return toLoaded(decodeFrom(bytes, sourceOf('decode', options), options))
}

/** As {@link decode}, with the names and the arrays in the order of the file, whatever the names are. */
export function decodeEntries(bytes: Uint8Array | ArrayBuffer, options: DecodeOptions = {}): DecodedEntries {
  return toEntries(decodeFrom(bytes, sourceOf('decodeEntries', options), options))
}

function sourceOf(op: string, options: DecodeOptions): Source {
  checkOptions(options, ['ctx', 'maxBytes', 'file'], op)
  return { op, file: options.file }
}

/** A list and a single array as they are, named arrays as an object. */
export function toLoaded({ names, arrays, single }: Decoded): Loaded {
  if (single) return arrays[0] as Loaded
  // Unlike assignment, fromEntries makes a plain key of `__proto__` too.
  return (names === null ? arrays : Object.fromEntries(names.map((name, i) => [name, arrays[i]!]))) as Loaded
}

/** What is told of a file. */
export function toEntries({ format, names, arrays, metadata }: Decoded): DecodedEntries {
  return { format, names, arrays, metadata }
}

/** Where nothing else is said, small files may become this large, as zeros pack well. */
const FREE_BYTES = 2 ** 28
const FREE_FACTOR = 32

/** Checks all of the file first, and makes arrays then. */
export function decodeFrom(input: Uint8Array | ArrayBuffer, source: Source, { ctx, maxBytes }: LoadOptions): Decoded {
  if (ctx !== undefined) checkContext(ctx, source.op)
  if (maxBytes !== undefined && !(typeof maxBytes === 'number' && maxBytes >= 0)) throw new ValueError(`maxBytes is a number from 0, got ${describe(maxBytes)}`, { op: source.op })
  const bytes = input instanceof ArrayBuffer ? new Uint8Array(input) : input
  if (!(bytes instanceof Uint8Array)) throw typeError(`expected the bytes of a file as Uint8Array or ArrayBuffer, got ${describe(input)}`, { op: source.op })
  const limit = maxBytes ?? Math.max(FREE_BYTES, FREE_FACTOR * bytes.length)
  const [format, { names, arrays, single = false, metadata = null }] = readPlan(bytes, source, limit)
  const total = arrays.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * itemSize(dtype), 0)
  if (total > limit) throw tooLarge(total, limit, source, 0)
  return { format, names, arrays: arrays.map(array => make(array, ctx, source.op)), metadata, single }
}

function readPlan(bytes: Uint8Array, source: Source, limit: number): [ReadFormat, Plan] {
  const kind = kindOf(bytes, source)
  if (kind === 'params') return ['params', readParams(bytes, source)]
  if (kind === 'npy') return ['npy', readNpy(bytes, source)]
  if (kind === 'safetensors') return ['safetensors', readSafetensors(bytes, source)]
  const members = readMembers(bytes, source)
  const pickle = findPickle(members)
  return pickle === undefined ? ['npz', readNpz(members, bytes, source, limit)] : ['torch', readTorch(pickle, members, bytes, source, limit)]
}

function make({ shape, dtype, elements, device }: PlannedArray, ctx: Context | undefined, op: string): NDArray {
  return fromTypedArray(elements(), shape, dtype, ctx ?? recordedContext(device, dtype, op), op)
}

/** The device that the file names, where this machine has it and it holds the dtype; else host memory. */
function recordedContext(device: PlannedArray['device'], dtype: PlannedArray['dtype'], op: string): Context {
  const type = device === undefined ? undefined : DEVICE_TYPES[device.type]
  if (device !== undefined && type !== undefined && device.id >= 0 && device.id < deviceCount(type)) {
    const context = new Context(type, device.id)
    if (deviceOf(context, op).capabilities.dtypes.includes(dtype)) return context
  }
  return new Context('cpu')
}
