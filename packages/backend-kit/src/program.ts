import { allocate, formatShape, sizeOf, specOf } from '@ashlar/core'
import type { DType, Device, Kernels, Shape, Spec, Tensor, TypedArray } from '@ashlar/core'
import type { Tolerance } from './case.ts'
import { elementsOf, stored } from './elements.ts'
import { referenceDevice } from './reference/backend.ts'
import { indicesOf } from './reference/values.ts'
import type { Value, Values } from './reference/values.ts'

/** A host array that a case uploads. */
export interface Input extends Spec {
  readonly data: TypedArray
}

/** An input from numbers; what does not fit the dtype is stored as its typed array stores it. */
export function input(dtype: DType, shape: Shape, values: Values): Input {
  if (values.length !== sizeOf(shape)) throw new RangeError(`${values.length} values for shape ${formatShape(shape)}`)
  return { ...specOf(shape, dtype), data: stored(dtype, values) }
}

/** A one-dimensional input. */
export function list(dtype: DType, values: Values): Input {
  return input(dtype, [values.length], values)
}

/** One call of a kernel: on which inputs, for what output. */
export interface Program {
  /** The call, in a few words: the head of a failure's message. */
  readonly label: string
  readonly inputs: readonly Input[]
  readonly out: Spec
  call(kernels: Kernels, ...inputs: Tensor[]): unknown
}

/** How an output is compared. */
export interface Comparison {
  /** Left out, results must be equal. */
  readonly tolerance?: Tolerance
  /** Whether -0 and 0 differ. */
  readonly signedZero?: boolean
}

/** What a device holds, on the host. */
export async function read(device: Device, x: Tensor): Promise<TypedArray> {
  if (device.capabilities.syncRead) return device.download(x)
  if (device.downloadAsync === undefined) throw new Error('a device that cannot read synchronously needs downloadAsync')
  return device.downloadAsync(x)
}

/** Runs a program. Fails if it changes an input, or gives one back as its output: freeing either would then free both. */
export async function execute(device: Device, program: Program): Promise<TypedArray> {
  const tensors = program.inputs.map(x => ({ shape: x.shape, dtype: x.dtype, size: x.size, handle: device.upload(x.data, x) }))
  const handle = program.call(device.kernels, ...tensors)
  if (typeof handle === 'object' && tensors.some(x => x.handle === handle)) {
    throw new Error(`${program.label}: the output is the handle of an input, not a new one`)
  }
  const result = await read(device, { ...program.out, handle })
  for (const [i, x] of tensors.entries()) {
    compareElements(await read(device, x), elementsOf(program.inputs[i]!.data, x.dtype), x, `${program.label}: input ${i} after the call`, {})
    device.free(x.handle)
  }
  device.free(handle)
  return result
}

/** Fails unless the program gives these elements. */
export async function expectElements(device: Device, program: Program, expected: Values, comparison: Comparison = {}): Promise<void> {
  compareElements(await execute(device, program), expected, program.out, program.label, comparison)
}

/** Fails unless the program gives what the reference gives. */
export async function expectReference(device: Device, program: Program, comparison: Comparison = {}): Promise<void> {
  const expected = await execute(referenceDevice, program)
  await expectElements(device, program, elementsOf(expected, program.out.dtype), comparison)
}

/** Fails at the first element that is not as expected, and says which. */
export function compareElements(actual: TypedArray, expected: Values, spec: Spec, label: string, comparison: Comparison): void {
  const kind = allocate(spec.dtype, 0).constructor
  if (actual.constructor !== kind || actual.length !== spec.size) {
    throw new Error(`${label}: read ${actual.constructor.name}(${actual.length}) for ${spec.dtype} ${formatShape(spec.shape)}`)
  }
  const found = elementsOf(actual, spec.dtype)
  const wrong = expected.findIndex((value, i) => !agrees(found[i]!, value, comparison))
  if (wrong < 0) return
  const place = formatShape(indicesOf(spec.shape)[wrong]!)
  const { tolerance } = comparison
  const within = tolerance === undefined ? '' : ` within rtol ${tolerance.rtol}, atol ${tolerance.atol}`
  const got = show(found[wrong]!)
  throw new Error(`${label} -> ${spec.dtype} ${formatShape(spec.shape)}, element ${place}: got ${got}, expected ${show(expected[wrong]!)}${within}`)
}

function show(value: Value): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function agrees(actual: Value, expected: Value, { tolerance, signedZero = false }: Comparison): boolean {
  if (Object.is(actual, expected)) return true
  if (actual === expected) return !signedZero
  if (tolerance === undefined || typeof actual === 'bigint' || typeof expected === 'bigint') return false
  return Number.isFinite(expected) && Math.abs(actual - expected) <= tolerance.atol + tolerance.rtol * Math.abs(expected)
}

/** An input in a failure's message: dtype, shape, and the elements where they are few. */
export function formatInput(x: Input): string {
  const elements = x.size <= 12 ? ` [${elementsOf(x.data, x.dtype).map(show).join(', ')}]` : ''
  return `${x.dtype} ${formatShape(x.shape)}${elements}`
}
