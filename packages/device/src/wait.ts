import type { Device } from '@ashlar/core'
import { openDevices, specOf } from '@ashlar/core'

/**
 * Waits until all devices have done what they were asked. Where reads are synchronous, that is when the call returns; elsewhere
 * when the promise resolves. An error that a device kept to itself comes out here.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { waitall } from '@ashlar/device'
 *
 * registerBackend(cpuBackend())
 * const start = performance.now()
 * const y = np.dot(np.ones([100, 100]), np.ones([100, 100]))
 * await waitall()
 * console.log(y.shape, performance.now() > start)
 * // [ 100, 100 ] true
 * ```
 */
export function waitall(): Promise<void> {
  const devices = new Set(openDevices().map(([, device]) => device).filter(({ capabilities }) => capabilities.hostMemory !== true))
  const late: Promise<void>[] = []
  try {
    for (const device of devices) {
      const waiting = passed(device)
      if (waiting !== null) late.push(waiting)
    }
  } catch (error) {
    return Promise.reject(error)
  }
  return Promise.all(late).then(() => {})
}

/** Devices work in order: one that can read what it was asked for last has done everything before. */
function passed(device: Device): Promise<void> | null {
  const spec = specOf([1], 'float32')
  const handle = device.fill(0, spec)
  const free = (): void => device.free(handle)
  if (!device.capabilities.syncRead && device.downloadAsync !== undefined) return device.downloadAsync({ ...spec, handle }).then(() => {}).finally(free)
  try {
    device.download({ ...spec, handle })
  } finally {
    free()
  }
  return null
}
