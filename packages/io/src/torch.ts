import type { DType } from '@ashlar/core'
import { NotImplementedError, formatShape, itemSize } from '@ashlar/core'
import { elementsOf } from './elements.ts'
import type { Source } from './errors.ts'
import { nameOf } from './errors.ts'
import { MAX_DIMENSIONS } from './params-format.ts'
import type { Pickled } from './pickle.ts'
import { Dictionary, Global, Sequence, readPickle } from './pickle.ts'
import type { Plan } from './plan.ts'
import { Reader } from './reader.ts'
import { Tensor } from './tensor.ts'
import { flatten } from './torch-flatten.ts'
import { checkSizes, unpack } from './unpack.ts'
import type { Member } from './zip.ts'

const STORAGES: Readonly<Partial<Record<string, DType>>> = {
  'torch.FloatStorage': 'float32', 'torch.DoubleStorage': 'float64', 'torch.HalfStorage': 'float16', 'torch.BFloat16Storage': 'bfloat16', 'torch.LongStorage': 'int64',
  'torch.IntStorage': 'int32', 'torch.ShortStorage': 'int16', 'torch.CharStorage': 'int8', 'torch.ByteStorage': 'uint8', 'torch.BoolStorage': 'bool',
}

/** The memory that tensors are views of. */
class Storage {
  readonly bytes: Uint8Array
  readonly dtype: DType
  readonly size: number
  constructor(bytes: Uint8Array, dtype: DType, size: number) {
    this.bytes = bytes
    this.dtype = dtype
    this.size = size
  }
}

const PICKLE = '/data.pkl'

/** The member that makes an archive PyTorch's. */
export function findPickle(members: readonly Member[]): Member | undefined {
  return members.find(({ name }) => name.endsWith(PICKLE) && !name.slice(0, -PICKLE.length).includes('/'))
}

/**
 * Reads what `torch.save` wrote, from version 1.6 on (behaviour C-4): tensors, and lists and dictionaries of them.
 * Names in inner dictionaries are joined by dots. What is no tensor, such as an epoch's number, is left out.
 */
export function readTorch(pickle: Member, members: readonly Member[], bytes: Uint8Array, source: Source, limit: number): Plan {
  checkSizes(members, limit, source)
  const root = pickle.name.slice(0, -PICKLE.length)
  const byName = new Map(members.map(member => [member.name, member]))
  const order = byName.get(`${root}/byteorder`)
  const bigEndian = order !== undefined && new TextDecoder().decode(unpack(order, bytes, source).slice(0, 6)) === 'big'
  const content = unpack(pickle, bytes, source)
  const reader = new Reader(content, source, { name: `a pickle '${pickle.name}'`, base: pickle.start, unpacked: pickle.deflated })
  const storages = new Map<string, Storage>()
  const result = readPickle(reader, {
    persistent: (id, at) => {
      const [kind, type, key, , count] = id instanceof Sequence ? id.items : []
      if (kind !== 'storage' || !(type instanceof Global) || typeof key !== 'string' || !isCount(count)) return reader.fail('refers to what is no storage', at)
      const dtype = STORAGES[type.name]
      if (dtype === undefined) return refuseName(type.name, reader, at)
      const storage = storages.get(key) ?? openStorage(byName.get(`${root}/data/${key}`), dtype, count)
      if (storage === null || storage.dtype !== dtype || storage.size < count) return reader.fail(`refers to storage '${key}' of ${count} elements of ${dtype}, which is not there`, at)
      storages.set(key, storage)
      return storage
    },
    call: (name, args, at) => callName(name, args, reader, at, bigEndian),
  })
  return flatten(result, reader, content.length)

  function openStorage(member: Member | undefined, dtype: DType, count: number): Storage | null {
    if (member === undefined || member.size < count * itemSize(dtype)) return null
    return new Storage(unpack(member, bytes, source), dtype, count)
  }
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

function callName(name: string, args: readonly Pickled[], reader: Reader, at: number, bigEndian: boolean): Pickled {
  switch (name) {
    case 'collections.OrderedDict': return args.length === 0 ? new Dictionary() : reader.fail('fills an ordered dictionary in an unknown way', at)
    case 'torch._utils._rebuild_tensor_v2': return rebuildTensor(args, reader, at, bigEndian)
    case 'torch._utils._rebuild_parameter': return args[0] instanceof Tensor ? args[0] : reader.fail('makes a parameter of what is no tensor', at)
    case 'torch.Size': return args[0] instanceof Sequence ? args[0] : reader.fail('makes a size of what is no list', at)
    default: return refuseName(name, reader, at)
  }
}

/** Names are never looked up, so refusing one is not what keeps a file from running code; it is what says why it is not read. */
function refuseName(name: string, reader: Reader, at: number): never {
  if (/^torch\.(\w+Storage|_utils\._rebuild_\w+)$/.test(name)) {
    throw new NotImplementedError(`${nameOf(reader.source)} holds a tensor of a kind that arrays cannot hold, ${name}`, { op: reader.source.op, hint: 'save it as a dense tensor of floats, integers or bools' })
  }
  return reader.fail(`asks for ${name}, which is not among the few names that a state dict needs`, at, 'save model.state_dict() rather than the model')
}

function rebuildTensor(args: readonly Pickled[], reader: Reader, at: number, bigEndian: boolean): Tensor {
  const [storage, start, size, stride] = args
  const shape = size instanceof Sequence ? size.items : null
  const strides = stride instanceof Sequence ? stride.items : null
  if (!(storage instanceof Storage) || !isCount(start) || !shape?.every(isCount) || !strides?.every(isCount) || shape.length !== strides.length || shape.length > MAX_DIMENSIONS) {
    return reader.fail('makes a tensor of what is no storage, offset, size and stride', at)
  }
  const empty = shape.includes(0)
  const last = shape.reduce((place, extent, axis) => place + (extent - 1) * strides[axis]!, start)
  if (!empty && last >= storage.size) return reader.fail(`makes a tensor of shape ${formatShape(shape)} that reaches element ${last} of a storage of ${storage.size}`, at)
  return new Tensor(shape, storage.dtype, () => elementsOf(storage.bytes, shape, storage.dtype, { bigEndian, strides, start: empty ? 0 : start }))
}
