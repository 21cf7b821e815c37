import type { Backend, Capabilities, Device, Kernels, Override, Tensor } from '@ashlar/core'
import { ValueError } from '@ashlar/core'

/** How simulated devices compute, and what memory they have. */
export interface SimulatedOptions {
  /** The backend whose kernels run. */
  readonly backend: Backend
  /** Gives each device memory that is lost unless it is freed, as a GPU's is, and so many bytes of it. Left out, its memory is as the backend's. */
  readonly budgetBytes?: number
  /** Whether elements can be read at once; `false` for devices that read asynchronously only. Default as the backend. */
  readonly syncRead?: boolean
}

/**
 * A backend of `count` devices that say they are GPUs and compute with another backend's kernels, each with memory of its
 * own: for trying and testing programs for several devices, or in little memory, on any machine.
 *
 * @returns a backend for `registerBackend`, named `simulated-gpus`; it stands behind any real GPU in the numbering
 * @throws ValueError for a count that is no whole number from 0, or a budget that is no number above 0
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { gpu, simulatedGpus, tryAllGpus } from '@ashlar/device'
 *
 * registerBackend(simulatedGpus(2, { backend: cpuBackend() }))
 * console.log(tryAllGpus())
 * // [ gpu(0), gpu(1) ]
 * console.log(np.ones([2], { ctx: gpu(1) }))
 * // array([1., 1.], ctx=gpu(1))
 * ```
 */
export function simulatedGpus(count: number, options: SimulatedOptions): Backend {
  if (!Number.isInteger(count) || count < 0) throw new ValueError(`the number of devices is a whole number from 0, got ${count}`, { op: 'simulatedGpus' })
  const { backend, budgetBytes, syncRead } = options
  if (budgetBytes !== undefined && !(budgetBytes > 0)) throw new ValueError(`a budget is a number of bytes above 0, got ${budgetBytes}`, { op: 'simulatedGpus' })
  const open = (): Device => {
    const device = separate(backend.open(0))
    const own = budgetBytes === undefined ? device : losing(device, budgetBytes)
    return syncRead === undefined ? own : { ...own, capabilities: { ...own.capabilities, syncRead, hostMemory: false } }
  }
  return { name: 'simulated-gpus', type: 'gpu', priority: -1, count, open }
}

/** A device of its own identity: core refuses to mix its arrays with another's, and copies go through the host. */
function separate(device: Device): Device {
  return {
    capabilities: device.capabilities,
    kernels: device.kernels,
    ...(device.overrides === undefined ? {} : { overrides: device.overrides }),
    upload: (data, out) => device.upload(data, out),
    download: x => device.download(x),
    ...(device.downloadAsync === undefined ? {} : { downloadAsync: x => device.downloadAsync!(x) }),
    fill: (value, out) => device.fill(value, out),
    free: handle => device.free(handle),
    ...(device.memory === undefined ? {} : { memory: () => device.memory!() }),
  }
}

/** A handle of its own for each array: what was freed cannot be used again, nor freed twice. */
interface Box {
  bytes: unknown
}

function open({ bytes }: Box): unknown {
  if (bytes === null) throw new Error('memory of the device was used after it was freed')
  return bytes
}

const isTensor = (value: unknown): value is Tensor<Box> => typeof value === 'object' && value !== null && 'handle' in value
const fetched = ({ handle, shape, dtype, size }: Tensor<Box>): Tensor<Box> => ({ handle, shape, dtype, size })
const inside = ({ handle, shape, dtype, size }: Tensor<Box>): Tensor => ({ handle: open(handle), shape, dtype, size })

/** The same arguments with each array converted, in lists too. */
function converted(args: readonly unknown[], convert: (x: Tensor<Box>) => Tensor): unknown[] {
  return args.map(value => (Array.isArray(value) ? converted(value, convert) : isTensor(value) ? convert(value) : value))
}

/** The arguments of a kernel as the inner device's kernels take them. The output's spec stays: it may be one of the inputs. */
function unboxed(args: readonly unknown[]): unknown[] {
  // All handles are fetched before one is opened: one that was freed while others came back shows.
  return [...converted(converted(args.slice(0, -1), fetched), inside), args.at(-1)]
}

type Run = (...args: unknown[]) => unknown
const boxing = (run: Run): Run => (...args) => ({ bytes: run(...unboxed(args)) })
const boxingAll = (runs: object): object => Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, boxing(run as Run)]))

/** The device with memory that is lost unless core frees it. */
function losing(device: Device, budgetBytes: number): Device {
  const { hostMemory: _, ...others } = device.capabilities
  const capabilities: Capabilities = { ...others, needsFree: true, budgetBytes }
  const result: Device<Box> = {
    capabilities,
    kernels: boxingAll(device.kernels) as Kernels<Box>,
    ...(device.overrides === undefined ? {} : { overrides: boxingAll(device.overrides) as Record<string, Override<Box>> }),
    upload: (data, out) => ({ bytes: device.upload(data, out) }),
    download: x => device.download(inside(x)),
    downloadAsync: async x => await (device.downloadAsync?.(inside(x)) ?? device.download(inside(x))),
    fill: (value, out) => ({ bytes: device.fill(value, out) }),
    free(handle) {
      device.free(open(handle))
      handle.bytes = null
    },
  }
  return result as Device
}
