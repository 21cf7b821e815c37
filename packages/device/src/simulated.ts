import type { Backend, Device } from '@ashlar/core'
import { ValueError } from '@ashlar/core'

/**
 * A backend of `count` devices that say they are GPUs and compute with another backend's kernels, each with memory of its
 * own: for trying and testing programs for several devices on any machine.
 *
 * @param options `backend`: whose kernels run
 * @returns a backend for `registerBackend`, named `simulated-gpus`; it stands behind any real GPU in the numbering
 * @throws ValueError for a count that is no whole number from 0
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
export function simulatedGpus(count: number, options: { readonly backend: Backend }): Backend {
  if (!Number.isInteger(count) || count < 0) throw new ValueError(`the number of devices is a whole number from 0, got ${count}`, { op: 'simulatedGpus' })
  return { name: 'simulated-gpus', type: 'gpu', priority: -1, count, open: () => separate(options.backend.open(0)) }
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
