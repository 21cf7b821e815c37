import type { Backend, Device } from './backend.ts'
import type { Context } from './context.ts'
import type { DType } from './dtype.ts'
import { AshlarError, IndexError, NotImplementedError, ValueError, typeError } from './errors.ts'
import { describe } from './shape.ts'
import { state } from './state.ts'

interface GpuSlot {
  readonly backend: Backend
  readonly index: number
}

const backends: Map<string, Backend> = state.backends as Map<string, Backend>
const devices: Map<string, Device> = state.devices as Map<string, Device>
/** What users allow a backend's devices, by its name, and each of these once it is open. */
const budgets: Map<string, number> = /* #__PURE__ */ new Map()
const allowed: WeakMap<Device, number> = /* #__PURE__ */ new WeakMap()
const DEFAULT_BUDGET = 2 ** 30

/** How a backend is registered. */
export interface RegisterOptions {
  /** The bytes that may be in use on each of its devices, where memory has to be freed; default what the backend says, else 1 GiB. */
  readonly budgetBytes?: number
}

function isBackend(value: unknown): value is Backend {
  const candidate = value as Partial<Backend> | null
  return typeof candidate === 'object' && candidate !== null && typeof candidate.name === 'string'
    && typeof candidate.type === 'string' && typeof candidate.count === 'number' && typeof candidate.open === 'function'
}

const OWN = 'backend '
const ownKey = ({ name }: Backend, index: number | string): string => `${OWN}${name} ${index}`

function slotsOf(backend: Backend): GpuSlot[] {
  return Array.from({ length: backend.count }, (_, index) => ({ backend, index }))
}

/**
 * Makes a backend's devices available. Registering a name again changes nothing. Backends of type `gpu` share the
 * numbers `gpu(0)`, `gpu(1)`, … by priority; from the first use on the numbers stand, and a later backend is appended.
 *
 * @param backend what a backend package's factory returned, or a promise of it
 * @throws TypeError for anything else, ValueError for a budget that is no number above 0
 */
export function registerBackend(backend: Backend, options?: RegisterOptions): void
export function registerBackend(backend: Promise<Backend>, options?: RegisterOptions): Promise<void>
export function registerBackend(backend: Backend | Promise<Backend>, options: RegisterOptions = {}): void | Promise<void> {
  if (backend instanceof Promise) return backend.then(it => registerBackend(it, options))
  if (!isBackend(backend)) {
    throw typeError(`expected a backend, got ${describe(backend)}`, { op: 'registerBackend', hint: 'call the factory: registerBackend(cpuBackend())' })
  }
  const { budgetBytes } = options
  if (budgetBytes !== undefined) checkBudget(budgetBytes, 'registerBackend')
  if (backends.has(backend.name)) return
  backends.set(backend.name, backend)
  if (budgetBytes === undefined) budgets.delete(backend.name)
  else budgets.set(backend.name, budgetBytes)
  if (backend.type === 'gpu' && state.gpus !== null) state.gpus.push(...slotsOf(backend))
}

function checkBudget(bytes: unknown, op: string): number {
  if (typeof bytes === 'number' && bytes > 0) return bytes
  throw new ValueError(`a budget is a number of bytes above 0, got ${describe(bytes)}`, { op })
}

/** How many bytes may be in use on a device. */
export function budgetOf(device: Device): number {
  return allowed.get(device) ?? checkBudget(device.capabilities.budgetBytes ?? DEFAULT_BUDGET, 'budgetBytes')
}

/** The first context that names a device, for messages. */
export function nameOf(device: Device): string {
  return openDevices().find(([, open]) => open === device)?.[0] ?? 'a device'
}

/** Takes a backend out again; arrays on it stay usable, and GPU numbers behind its devices move up. Says whether it was there. */
export function unregisterBackend(name: string): boolean {
  const backend = backends.get(name)
  if (backend === undefined) return false
  backends.delete(name)
  if (backend.type === 'gpu') {
    state.gpus = (state.gpus as GpuSlot[] | null)?.filter(slot => slot.backend !== backend) ?? null
  }
  for (const key of devices.keys()) if (key.startsWith(`${backend.type}(`) || key.startsWith(ownKey(backend, ''))) devices.delete(key)
  return true
}

/** The registered backends, in order of registration. */
export function listBackends(): Backend[] {
  return [...backends.values()]
}

function gpuSlots(): GpuSlot[] {
  if (state.gpus === null) {
    const gpus = listBackends().filter(backend => backend.type === 'gpu')
    gpus.sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0))
    state.gpus = gpus.flatMap(slotsOf)
  }
  return state.gpus as GpuSlot[]
}

/** How many devices of a type can be used; 0 where no backend brings any. */
export function deviceCount(type: string): number {
  if (type === 'gpu') {
    // Counting must not freeze the order: a program may look before it registers.
    if (state.gpus !== null) return state.gpus.length
    return listBackends().reduce((n, backend) => n + (backend.type === 'gpu' ? backend.count : 0), 0)
  }
  return listBackends().find(backend => backend.type === type)?.count ?? 0
}

function locate(context: Context): GpuSlot | undefined {
  if (context.deviceType === 'gpu') return gpuSlots()[context.deviceId]
  const backend = listBackends().find(entry => entry.type === context.deviceType)
  if (backend === undefined || context.deviceId >= backend.count) return undefined
  // Where any index names the same memory, one device serves them all, so that their arrays mix.
  return { backend, index: backend.count === Infinity ? 0 : context.deviceId }
}

/**
 * Checks that a device can hold an array of that dtype and size.
 *
 * @throws NotImplementedError that lists the dtypes that it holds, ValueError for too many elements
 */
export function checkHolds({ capabilities }: Device, { dtype, size }: { readonly dtype: DType; readonly size: number }, context: Context, op: string): void {
  if (!capabilities.dtypes.includes(dtype)) {
    throw new NotImplementedError(`${context} does not hold ${dtype}`, { op, hint: `it holds ${capabilities.dtypes.join(', ')}` })
  }
  if (size > capabilities.maxSize) throw new ValueError(`${size} elements are more than the ${capabilities.maxSize} elements that an array on ${context} can have`, { op })
}

/**
 * The device behind a context; opened at first use.
 *
 * @throws AshlarError that lists the registered backends, where there is no such device
 */
export function deviceOf(context: Context, op: string): Device {
  const key = context.toString()
  const known = devices.get(key)
  if (known !== undefined) return known
  const slot = locate(context)
  if (slot === undefined) throw noSuchDevice(context, op)
  // Known by its backend too: a context's number may come to mean another device, and any cpu(i) is the same one.
  const own = ownKey(slot.backend, slot.index)
  const device = devices.get(own) ?? slot.backend.open(slot.index)
  const budget = budgets.get(slot.backend.name)
  if (budget !== undefined) allowed.set(device, budget)
  devices.set(own, device)
  devices.set(key, device)
  return device
}

function noSuchDevice(context: Context, op: string): AshlarError {
  const names = listBackends().map(backend => `${backend.name} (${backend.count === Infinity ? `${backend.type}(i)` : `${backend.count} × ${backend.type}`})`)
  const registered = names.length === 0 ? 'no backend is registered' : `registered backends: ${names.join(', ')}`
  const more = listBackends().find(backend => backend.type === context.deviceType && backend.more !== undefined)?.more
  const hint = more ?? (context.deviceType === 'gpu'
    ? 'register a backend that brings a GPU before the first use: registerBackend(...)'
    : 'register a backend that brings it: registerBackend(...)')
  const ErrorClass = names.length > 0 && deviceCount(context.deviceType) > 0 ? IndexError : AshlarError
  return new ErrorClass(`there is no device ${context}: ${registered}`, { op, hint })
}

/** The devices that were used so far, by context. */
export function openDevices(): [string, Device][] {
  return [...devices].filter(([key]) => !key.startsWith(OWN))
}
