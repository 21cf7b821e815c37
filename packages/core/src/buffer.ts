import type { Device } from './backend.ts'

/**
 * The bytes of one or more arrays on a device. Never written after they were made, so sharing them is free.
 * References are names (arrays) and tape nodes; when the last goes, the device gets the bytes back.
 */
export class Buffer {
  readonly handle: unknown
  readonly device: Device
  private references = 1

  constructor(handle: unknown, device: Device) {
    this.handle = handle
    this.device = device
    live.buffers++
  }

  retain(): this {
    this.references++
    return this
  }

  release(): void {
    if (--this.references !== 0) return
    live.buffers--
    this.device.free(this.handle)
  }
}

/** Counts for `memory()`. Buffers that only the garbage collector ends are still counted. */
export const live: { buffers: number } = { buffers: 0 }
