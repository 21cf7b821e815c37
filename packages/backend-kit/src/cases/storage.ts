import { DTYPES, MAX_SIZE, isBigInt, isFloat, specOf } from '@ashlar/core'
import type { DType, Device } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { elementsOf } from '../elements.ts'
import { compareElements, input, list, read } from '../program.ts'
import type { Input } from '../program.ts'
import type { Value, Values } from '../reference/values.ts'
import { allDTypes, extremes, limits } from './dtypes.ts'

const EXTREMES: Readonly<Partial<Record<DType, Values>>> = {
  float32: [0, -0, 1, -1.5, 3.4028234663852886e38, -3.4028234663852886e38, 1.1754943508222875e-38, Infinity, -Infinity, NaN],
  float64: [0, -0, 1, -1.5, 1.7976931348623157e308, -1.7976931348623157e308, 2.2250738585072014e-308, Infinity, -Infinity, NaN],
  float16: [0, -0, 1, -1.5, 65504, -65504, 2 ** -24, Infinity, -Infinity, NaN],
  bfloat16: [0, -0, 1, -1.5, 2 ** 127, -(2 ** 127), 2 ** -126, Infinity, -Infinity, NaN],
  bool: [0, 1],
}

function extremesOf(dtype: DType): Values {
  return EXTREMES[dtype] ?? (isBigInt(dtype) ? [0n, 1n, 123n, ...limits(dtype)] : [0, 1, 123, ...extremes(dtype)])
}

async function roundTrip(device: Device, x: Input): Promise<void> {
  const expected = elementsOf(x.data, x.dtype)
  const handle = device.upload(x.data, x)
  compareElements(await read(device, { ...x, handle }), expected, x, 'upload and read', { signedZero: true })
  device.free(handle)
}

async function checkCapabilities({ capabilities, downloadAsync }: Device): Promise<void> {
  const { dtypes, syncRead, maxSize } = capabilities
  const unknown = dtypes.filter(dtype => !Object.hasOwn(DTYPES, dtype))
  if (unknown.length > 0) throw new Error(`capabilities.dtypes lists ${unknown.join(', ')}`)
  if (new Set(dtypes).size !== dtypes.length) throw new Error('capabilities.dtypes lists a dtype twice')
  for (const needed of ['float32', 'int32', 'bool'] as const) {
    // Parameters, indices and comparisons: without them core has no way to do anything.
    if (!dtypes.includes(needed)) throw new Error(`capabilities.dtypes has no ${needed}`)
  }
  if (!Number.isInteger(maxSize) || maxSize < 1 || maxSize > MAX_SIZE) throw new Error(`capabilities.maxSize is ${maxSize}`)
  if (!syncRead && downloadAsync === undefined) throw new Error('a device that cannot read synchronously needs downloadAsync')
}

async function checkUploadCopies(device: Device, dtype: DType): Promise<void> {
  const x = list(dtype, [1, 0, 1])
  const handle = device.upload(x.data, x)
  x.data.fill((isBigInt(dtype) ? 0n : 0) as never)
  const expected = isBigInt(dtype) ? [1n, 0n, 1n] : [1, 0, 1]
  compareElements(await read(device, { ...x, handle }), expected, x, 'upload, then a change of the uploaded data', {})
  device.free(handle)
}

async function checkDownloadCopies(device: Device, dtype: DType): Promise<void> {
  const x = list(dtype, [1, 0, 1])
  const tensor = { ...x, handle: device.upload(x.data, x) }
  const first = await read(device, tensor)
  first.fill((isBigInt(dtype) ? 0n : 0) as never)
  compareElements(await read(device, tensor), elementsOf(x.data, dtype), x, 'read, a change of what was read, read', {})
  device.free(tensor.handle)
}

async function checkFill(device: Device, dtype: DType): Promise<void> {
  const values = [0, 1, ...(dtype === 'bool' ? [] : [7]), ...(isFloat(dtype) ? [-2.5, Infinity, -Infinity, NaN] : [])]
  if (DTYPES[dtype].signed) values.push(-3)
  for (const value of values) {
    for (const shape of [[3, 2], [], [0], [2, 0]]) {
      const out = specOf(shape, dtype)
      const handle = device.fill(value, out)
      const expected = new Array<Value>(out.size).fill(isBigInt(dtype) ? BigInt(value) : value)
      compareElements(await read(device, { ...out, handle }), expected, out, `fill(${value})`, {})
      device.free(handle)
    }
  }
}

/** Freeing one array must leave every other one alone, copies of it included, and what is made of the freed room too. */
async function checkFree(device: Device): Promise<void> {
  const x = list('float32', [1, 2, 3, 4])
  const tensor = { ...x, handle: device.upload(x.data, x) }
  const copies = [
    device.kernels.slice(tensor, [0], [1], x),
    device.kernels.broadcastTo(tensor, x),
    device.kernels.transpose(tensor, [0], x),
    device.kernels.concat([tensor], 0, x),
    device.kernels.cast(tensor, x),
    device.kernels.pad(tensor, [0], 0, x),
    device.kernels.reduce('sum', tensor, [], x),
  ]
  device.free(tensor.handle)
  const newer = device.fill(9, x)
  for (const handle of copies) {
    compareElements(await read(device, { ...x, handle }), [1, 2, 3, 4], x, 'a copy of a freed array', {})
    device.free(handle)
  }
  compareElements(await read(device, { ...x, handle: newer }), [9, 9, 9, 9], x, 'fill after free', {})
  device.free(newer)
}

async function checkAsyncRead(device: Device): Promise<void> {
  if (device.downloadAsync === undefined) return
  const x = list('float32', [1, 2, 3])
  const tensor = { ...x, handle: device.upload(x.data, x) }
  compareElements(await device.downloadAsync(tensor), [1, 2, 3], x, 'downloadAsync', {})
  device.free(tensor.handle)
}

/** What comes in comes out, and nothing is shared with the caller. */
export function storageCases({ add }: Kit): void {
  add('storage capabilities', [], checkCapabilities)
  add('storage asynchronous read', 'float32', checkAsyncRead)
  add('storage free', 'float32', checkFree)
  for (const dtype of allDTypes) {
    add(`storage round trip ${dtype}`, dtype, async device => {
      await roundTrip(device, list(dtype, extremesOf(dtype)))
      await roundTrip(device, input(dtype, [], [1]))
      await roundTrip(device, input(dtype, [2, 0, 3], []))
      await roundTrip(device, input(dtype, [1, 2, 1, 3], [1, 0, 1, 1, 0, 0]))
    })
    add(`storage upload copies ${dtype}`, dtype, device => checkUploadCopies(device, dtype))
    add(`storage read copies ${dtype}`, dtype, device => checkDownloadCopies(device, dtype))
    add(`storage fill ${dtype}`, dtype, device => checkFill(device, dtype))
  }
}
