import { createRequire } from 'node:module'
import { reasonOf } from '@ashlar-examples/shared/errors'
import { BindingError, detectBinding, tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import type { BindingReport, LoadBinding, NativeBinding } from '@ashlar/backend-tfjs-cuda'
import { device, np, registerBackend, unregisterBackend } from 'ashlar'
import { describeGpus } from './nvidia.ts'
import { MendableError } from './reason.ts'
import type { Traffic } from './traffic.ts'
import { counted } from './traffic.ts'

export type { NativeBinding } from '@ashlar/backend-tfjs-cuda'

/** The packages with TensorFlow inside. */
export const BINDINGS: readonly NativeBinding[] = ['tfjs-node-gpu', 'tfjs-node']

/** A type of device: what it is, which packages with TensorFlow inside can make it, and what makes it without one. */
interface DeviceType {
  readonly about: string
  readonly bindings: readonly NativeBinding[]
  readonly portable?: { readonly binding: 'wasm' | 'cpu'; readonly engine: string }
}

export type DeviceTypeName = 'gpu' | 'cpu' | 'tfjs-cpu' | 'tfjs-wasm'

/** Where this program computes. */
export const DEVICE_TYPES: Readonly<Record<DeviceTypeName, DeviceType>> = {
  'gpu': { about: 'CUDA through TensorFlow', bindings: ['tfjs-node-gpu'] },
  'cpu': { about: "Ashlar's own backend, always there", bindings: [] },
  'tfjs-cpu': { about: 'tfjs in plain JavaScript; with --binding, TensorFlow', bindings: BINDINGS, portable: { binding: 'cpu', engine: 'TensorFlow.js in plain JavaScript' } },
  'tfjs-wasm': { about: 'tfjs in WebAssembly', bindings: [], portable: { binding: 'wasm', engine: 'TensorFlow.js in WebAssembly' } },
}

export function isDeviceType(name: string): name is DeviceTypeName {
  return Object.hasOwn(DEVICE_TYPES, name)
}

/** A device as its name reads: `gpu(0)`. */
export interface DeviceName {
  readonly type: DeviceTypeName
  readonly index: number
}

/** A device that was tried. */
export interface Opened {
  readonly ctx: device.Context
  /** What computes, in words: what TensorFlow and the driver say, not what was asked for. */
  readonly engine: string
  /** What was moved so far; null where the device is the host. */
  readonly traffic: Traffic | null
  /** Takes the backend out again. */
  close(): void
}

/** The part of tfjs's module that tells of TensorFlow. */
interface NativeModule {
  backend(): { readonly isUsingGpuDevice?: boolean; readonly binding: { readonly TF_Version: string } }
}

/**
 * Opens a device, and copies an array of one element to it and back.
 *
 * @throws MendableError with what is missing, and what mends it
 */
export async function openDevice({ type, index }: DeviceName, binding: NativeBinding | undefined): Promise<Opened> {
  const ctx = new device.Context(type, index)
  if (type === 'cpu') {
    await tryOut(ctx)
    return { ctx, engine: "Ashlar's CPU backend", traffic: null, close: () => {} }
  }
  const traffic = { up: 0, down: 0 }
  const { backend, engine } = await make(type, binding)
  registerBackend(counted(backend, traffic))
  const close = (): void => void unregisterBackend(backend.name)
  try {
    await tryOut(ctx)
  } catch (error) {
    close()
    throw error
  }
  Object.assign(traffic, { up: 0, down: 0 })
  return { ctx, engine, traffic, close }
}

async function make(type: DeviceTypeName, binding: NativeBinding | undefined): Promise<{ backend: Awaited<ReturnType<typeof tfjsCuda>>; engine: string }> {
  const { portable } = DEVICE_TYPES[type]
  try {
    if (binding === undefined && portable !== undefined) return { backend: await tfjsCuda({ binding: portable.binding }), engine: portable.engine }
    const native = nativeOptions(binding ?? 'tfjs-node-gpu')
    // With leave to compute on the CPU, so that what it does can be told from what was asked for.
    const backend = await tfjsCuda({ ...native, allowCpu: true })
    if (backend.type !== type) throw type === 'gpu' ? missing(type, await detectBinding(native.load)) : otherwise(native.binding)
    const { isUsingGpuDevice, binding: { TF_Version: version } } = (await native.load() as NativeModule).backend()
    return { backend, engine: isUsingGpuDevice === true ? `${await describeGpus()}, TensorFlow ${version}` : `TensorFlow ${version} on the CPU` }
  } catch (error) {
    throw error instanceof BindingError ? missing(type, error.report) : error
  }
}

/** The backend's own report, and where else this program computes. */
function missing(type: DeviceTypeName, { message, hint }: BindingReport): MendableError {
  const elsewhere = Object.keys(DEVICE_TYPES).filter(name => name !== type && name !== 'gpu').map(name => `--ctx ${name}`)
  return new MendableError([`--ctx ${type}: ${message}`, ...hint.split('\n'), `elsewhere: ${elsewhere.join(', ')}`].join('\n  '))
}

function otherwise(binding: NativeBinding): MendableError {
  return new MendableError(`--ctx tfjs-cpu: @tensorflow/${binding} computes on a GPU here\n  take that: --ctx gpu; or hide it: CUDA_VISIBLE_DEVICES=-1`)
}

/** Required rather than imported, as ASHLAR_TFJS_NODE may name another place to find it from: any file in a folder that has it. */
function nativeOptions(binding: NativeBinding): { readonly binding: NativeBinding; readonly load: LoadBinding } {
  const require = createRequire(process.env['ASHLAR_TFJS_NODE'] ?? import.meta.url)
  return { binding, load: () => Promise.resolve().then(() => require(`@tensorflow/${binding}`) as unknown) }
}

async function tryOut(ctx: device.Context): Promise<void> {
  try {
    const array = np.zeros([1], { ctx })
    await array.toTypedArrayAsync()
    array.dispose()
  } catch (error) {
    throw new MendableError(`--ctx ${ctx}: ${reasonOf(error, 'op')}`)
  }
}
