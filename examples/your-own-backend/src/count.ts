import type { Backend, Device, Kernels } from '@ashlar/core'

/**
 * The same backend, with its kernel calls counted by kernel and kind: `binary mul`, `matmul`.
 * A device is plain data, so that anything can be put around it: a counter, a clock, a check.
 */
export function counted(backend: Backend, counts: Map<string, number>): Backend {
  return { ...backend, open: index => countedDevice(backend.open(index), counts) }
}

function countedDevice(device: Device, counts: Map<string, number>): Device {
  const kernels = Object.entries(device.kernels).map(([name, kernel]) => {
    const counting = (...args: unknown[]): unknown => {
      const key = typeof args[0] === 'string' ? `${name} ${args[0]}` : name
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return (kernel as (...args: unknown[]) => unknown)(...args)
    }
    return [name, counting]
  })
  return { ...device, kernels: Object.fromEntries(kernels) as unknown as Kernels }
}
