import type { DeviceMemory } from './backend.ts'
import { ledgerOf, live } from './device-memory.ts'
import { openDevices } from './registry.ts'

/** What is in memory: see {@link memory}. */
export interface MemoryReport {
  /** Buffers that arrays and graphs name, on all devices; those that only the garbage collector will end are among them. */
  readonly buffers: number
  /** What each device that was used says of its memory, by context. */
  readonly devices: Readonly<Record<string, DeviceMemory>>
}

/**
 * Counts what is in memory: buffers, and by device the bytes in use, kept for reuse and moved out, and the peak.
 *
 * @example
 * ```ts
 * import { memory, ones, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const x = ones([1000])
 * console.log(memory().devices['cpu(0)']!.live.buffers)
 * // 1
 * x.dispose()
 * console.log(memory().devices['cpu(0)']!.live.buffers)
 * // 0
 * ```
 */
export function memory(): MemoryReport {
  const devices: Record<string, DeviceMemory> = {}
  for (const [context, device] of openDevices()) {
    // Core counts where it has to bring memory back; elsewhere the device knows best.
    const counted = device.capabilities.needsFree === true || device.holds !== undefined
    const counts = counted ? ledgerOf(device).counts : device.memory?.()
    if (counts !== undefined) devices[context] = counts
  }
  return { buffers: live.buffers, devices }
}
