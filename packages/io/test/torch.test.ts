import { decode, decodeEntries } from '@ashlar/io'
import { NotImplementedError, isNDArray } from '@ashlar/core'
import { describe, expect, test } from 'vitest'
import { zipSync } from 'fflate'
import { golden, hex, thrownBy } from './support.ts'

const saved = (name: string): Uint8Array => golden(`torch/${name}.pt`)
const shown = (bytes: Uint8Array): Record<string, unknown> => {
  const { format, names, arrays } = decodeEntries(bytes)
  expect(format).toBe('torch')
  return Object.fromEntries(arrays.map((x, i) => [names === null ? i : names[i], [x.dtype, x.shape, x.tolist()]]))
}

/** An archive with that pickle and one storage of four float32, 0 to 3. */
function archive(pickle: string | Uint8Array, extra: Record<string, Uint8Array> = {}): Uint8Array {
  const storage = new Uint8Array(Float32Array.of(0, 1, 2, 3).buffer)
  return zipSync({ 'a/data.pkl': typeof pickle === 'string' ? hex(pickle) : pickle, 'a/data/0': storage, ...extra }, { level: 0 }) as Uint8Array
}

// The instructions of protocol 2, as Python's pickletools names them.
const text = (value: string): string => `58 ${Buffer.from(Uint32Array.of(Buffer.byteLength(value)).buffer).toString('hex')} ${Buffer.from(value).toString('hex')}`
const global = (module: string, name: string): string => `63 ${Buffer.from(`${module}\n${name}\n`).toString('hex')}`
const int = (value: number): string => `4a ${Buffer.from(Int32Array.of(value).buffer).toString('hex')}`
const tuple = (...items: string[]): string => `28 ${items.join(' ')} 74`
const storage = (type = 'FloatStorage', key = '0', count = 4): string => `${tuple(text('storage'), global('torch', type), text(key), text('cpu'), int(count))} 51`
const REBUILD = global('torch._utils', '_rebuild_tensor_v2')
const tensor = (size: number[], stride: number[], offset = 0, of = storage()): string => `${REBUILD} ${tuple(of, int(offset), tuple(...size.map(int)), tuple(...stride.map(int)), '89', `${global('collections', 'OrderedDict')} 29 52`)} 52`
const pickled = (body: string): string => `8002 ${body} 2e`

describe('what torch.save writes', () => {
  test('C-4.1: a state dict, with names, dtypes and metadata', () => {
    expect(shown(saved('mlp'))).toEqual({
      'hidden.weight': ['float32', [2, 3], [[0, 1, 2], [3, 4, 5]]], 'hidden.bias': ['float32', [2], [0.5, -0.5]], 'output.weight': ['float64', [1, 2], [[1, 2]]], 'steps': ['int64', [], 7n],
    })
    expect(Object.keys(decode(saved('mlp')))).toEqual(['hidden.weight', 'hidden.bias', 'output.weight', 'steps'])
  })

  test('C-4.2a: transposed, shifted, repeated and empty views of one storage, and a parameter', () => {
    expect(shown(saved('views'))).toEqual({
      a: ['float32', [2, 3], [[0, 1, 2], [3, 4, 5]]], transposed: ['float32', [3, 2], [[0, 3], [1, 4], [2, 5]]], row: ['float32', [3], [3, 4, 5]], wide: ['float32', [2, 2], [[1, 2], [1, 2]]],
      none: ['float32', [0, 3], []], parameter: ['float32', [6], [0, 1, 2, 3, 4, 5]],
    })
  })

  test('C-4.3: a list of tensors is a list', () => {
    const list = decode(saved('list'))
    expect(Array.isArray(list)).toBe(true)
    expect(list.map(x => [x.dtype, x.tolist()])).toEqual([['int64', [0n, 1n, 2n, 3n]], ['float32', [0, 0, 0, 0]]])
  })

  test('one tensor is an array', () => {
    const x = decode(saved('one'))
    expect([isNDArray(x), x.dtype, x.tolist()]).toEqual([true, 'bfloat16', [[1, 2]]])
  })

  test('every storage, in an archive with 64-bit end records', () => {
    const values = Object.values(shown(saved('dtypes')))
    expect(values).toEqual([
      ...['float32', 'float64', 'float16'].map(dtype => [dtype, [3], [1, 0, 100]]), ['int64', [3], [1n, 0n, 100n]], ...['int32', 'int16', 'int8', 'uint8'].map(dtype => [dtype, [3], [1, 0, 100]]),
      ['bool', [3], [true, false, true]], ['bfloat16', [3], [1, 0, 100]],
    ])
  })

  test('a checkpoint: inner names are joined, what is no tensor is left out', () => {
    expect(decodeEntries(saved('checkpoint')).names).toEqual(['model.hidden.weight', 'model.hidden.bias', 'model.output.weight', 'model.steps', 'optimizer.state.0.momentum'])
  })

  test('a file of a big-endian machine', () => {
    expect(shown(saved('big-endian'))).toEqual({ x: ['float32', [2], [1.5, -2.25]], n: ['int32', [2], [1, 2]] })
  })
})

describe('what it refuses', () => {
  test('C-4.2b: names that are not on the list, the first of all those that would run something', () => {
    const error = thrownBy(() => decode(saved('code'), { file: 'f.pt' }))
    expect(error.message).toMatch(/Invalid NDArray file format: 'f\.pt' has a pickle 'code\/data\.pkl', which asks for (posix|nt)\.system, which is not among the few names that a state dict needs \(at byte \d+\); save model\.state_dict\(\)/)
    expect(error).toMatchObject({ name: 'FormatError', file: 'f.pt' })
    for (const [module, name] of [['builtins', 'eval'], ['__main__', 'Net'], ['torch', 'load'], ['collections', 'OrderedDict.fromkeys'], ['torch.nn.modules.linear', 'Linear'], ['__proto__', 'constructor']] as const) {
      expect(() => decode(archive(pickled(`${global(module, name)} ${tuple(text('1'))} 52`)))).toThrow(`asks for ${module}.${name}, which is not among`)
    }
  })

  test('tensors that arrays cannot hold', () => {
    for (const body of [`${global('torch._utils', '_rebuild_sparse_tensor')} 29 52`, tensor([4], [1], 0, storage('ComplexFloatStorage'))]) {
      const error = thrownBy(() => decode(archive(pickled(body))))
      expect(error).toBeInstanceOf(NotImplementedError)
      expect(error.message).toContain('holds a tensor of a kind that arrays cannot hold')
    }
  })

  test('C-4.3: files from before version 1.6', () => {
    const error = thrownBy(() => decode(hex('8002 8a0a 6cfc9c46f9206aa85019 2e'), { file: 'old.pt' }))
    expect(error).toBeInstanceOf(NotImplementedError)
    expect(error.message).toContain(`'old.pt' is a PyTorch file from before version 1.6; load it in PyTorch and save it again`)
  })

  test('files without tensors', () => {
    expect(() => decode(archive(pickled(`7d ${text('epoch')} ${int(3)} 73`)))).toThrow('holds no tensors')
    expect(decode(archive(pickled('7d')))).toEqual({})
    expect(decode(archive(pickled('5d')))).toEqual([])
  })

  // Whoever breaks these bounds reads, or allocates, what the file does not hold.
  test.each([
    ['a tensor past its storage', tensor([5], [1]), 'makes a tensor of shape (5,) that reaches element 4 of a storage of 4'],
    ['strides past it', tensor([2, 2], [3, 1]), 'reaches element 4'],
    ['an offset past it', tensor([1], [1], 4), 'reaches element 4'],
    ['a negative offset', tensor([1], [1], -1), 'makes a tensor of what is no storage, offset, size and stride'],
    ['a negative extent', tensor([-1], [1]), 'makes a tensor of what'],
    ['a negative stride', tensor([2], [-1], 3), 'makes a tensor of what'],
    ['strides of another rank', tensor([2], [1, 1]), 'makes a tensor of what'],
    ['33 dimensions', tensor(new Array<number>(33).fill(1), new Array<number>(33).fill(1)), 'makes a tensor of what'],
    ['a storage that is not there', tensor([1], [1], 0, storage('FloatStorage', '1')), `refers to storage '1' of 4 elements of float32, which is not there`],
    ['a storage that is shorter', tensor([1], [1], 0, storage('FloatStorage', '0', 5)), `refers to storage '0' of 5 elements of float32, which is not there`],
    ['a storage of a path', tensor([1], [1], 0, storage('FloatStorage', '../x')), `refers to storage '../x'`],
    ['a storage of two types', tuple(storage(), storage('IntStorage')), `refers to storage '0' of 4 elements of int32, which is not there`],
    ['no storage', `${tuple(text('module'))} 51`, 'refers to what is no storage'],
    ['a parameter of nothing', `${global('torch._utils', '_rebuild_parameter')} ${tuple(int(1))} 52`, 'makes a parameter of what is no tensor'],
    ['a size of nothing', `${global('torch', 'Size')} ${tuple(int(1))} 52`, 'makes a size of what is no list'],
    ['an ordered dictionary with arguments', `${global('collections', 'OrderedDict')} ${tuple(int(1))} 52`, 'fills an ordered dictionary in an unknown way'],
    ['an empty stack', '30', 'has an instruction 0x30, which a state dict does not need'],
    ['a value that is not there', '52', 'takes a value where there is none'],
    ['a mark that is not there', '74', 'takes values up to a mark where there is none'],
    ['a call of no name', `${int(1)} 29 52`, 'calls what is no name'],
    ['a memo that was never kept', '6800', 'recalls value 0, which was never kept'],
    ['attributes of a list', '5d 7d 62', 'sets attributes of what is no dictionary'],
    ['entries of a list', `5d ${int(1)} ${int(1)} 73`, 'sets entries of what is no dictionary'],
    ['items of a dictionary', `7d ${int(1)} 61`, 'appends to what is no list'],
    ['values left behind', '4e 4e', 'leaves values behind'],
    ['another protocol', '8004', 'is a pickle of protocol 4, PyTorch writes 2'],
    ['a text past the end', '58 ffffffff', 'ends where 4294967295 bytes of a text should be'],
    ['a name without an end', `63 ${'61'.repeat(300)}`, 'has a name without an end'],
    ['a key of no text', `7d 4e ${int(1)} 73`, 'has a key that is neither text nor number'],
    ['the end of the file', '5d 2e 4e', 'goes on after its end'],
  ])('C-4.2c: %s', (_, body, message) => {
    const error = thrownBy(() => decode(archive(pickled(body)), { file: 'f' }))
    expect(error).toMatchObject({ name: 'FormatError', code: 'ERR_FILE_FORMAT', file: 'f' })
    expect(error.message).toContain(message)
  })

  test('lists in themselves, and lists that repeat lists', () => {
    expect(() => decode(archive(pickled(`5d 7100 6800 61 6800 61`)))).toThrow('repeats its values without end')
    // Each tuple holds the one before it twice: 2^31 values in 200 bytes.
    const byte = (value: number): string => value.toString(16).padStart(2, '0')
    const doubled = Array.from({ length: 31 }, (_, i) => `68${byte(i)} 86 71${byte(i + 1)}`).join(' ')
    expect(() => decode(archive(pickled(`5d 7100 ${doubled}`)))).toThrow('repeats its values without end')
    const deep = pickled(`${'5d'.repeat(40)} ${'61'.repeat(39)}`)
    expect(() => decode(archive(deep))).toThrow('nests its values more than 32 deep')
    const bottomless = new Uint8Array([0x80, 2, ...new Uint8Array(200_000).fill(0x5d), ...new Uint8Array(199_999).fill(0x61), 0x2e])
    expect(() => decode(archive(bottomless))).toThrow('nests its values more than 32 deep')
  })

  test('a tensor that repeats one element becomes no larger than is allowed', () => {
    const wide = archive(pickled(tensor([100_000, 100_000], [0, 0])))
    const error = thrownBy(() => decode(wide, { file: 'f' }))
    expect(error.message).toContain(`'f' unpacks to 40000000000 bytes or more, and 268435456 are allowed for its size (at byte 0); where you trust it, allow more by { maxBytes }`)
    expect(() => decode(archive(pickled(tensor([100], [0]))), { maxBytes: 399 })).toThrow('unpacks to 400 bytes')
    expect(decode(archive(pickled(tensor([100], [0]))), { maxBytes: 400 }).shape).toEqual([100])
  })
})
