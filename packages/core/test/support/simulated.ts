import { listBackends } from '@ashlar/core'
import type { Backend, Capabilities, Device } from '@ashlar/core'
import '../backend.ts'

/** A device of its own identity that computes with the CPU backend's kernels, as a second machine would. */
export function separateDevice(capabilities: Partial<Capabilities> = {}): Device {
  const device = listBackends().find(({ name }) => name === 'cpu')!.open(0)
  return { ...device, capabilities: { ...device.capabilities, ...capabilities } }
}

/** A backend of `count` such devices, of type `gpu` unless told otherwise. `opened` counts how often each was opened. */
export function simulatedBackend(
  name: string,
  count: number,
  options: { type?: string; priority?: number; capabilities?: Partial<Capabilities> } = {},
): Backend & { readonly opened: number[] } {
  const opened = new Array<number>(count).fill(0)
  return {
    name,
    type: options.type ?? 'gpu',
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    count,
    opened,
    open(index) {
      opened[index]!++
      return separateDevice(options.capabilities)
    },
  }
}
