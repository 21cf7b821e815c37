import type { Device } from './backend.ts'
import type { Slot } from './device-memory.ts'
import { ledgerOf, live } from './device-memory.ts'
import type { TypedArray } from './dtype.ts'
import type { Spec } from './shape.ts'

export { live } from './device-memory.ts'

/**
 * The bytes of one or more arrays on a device. Never written after they were made, so sharing them is free.
 * References are names (arrays) and tape nodes; when the last goes, the device gets the bytes back.
 */
export class Buffer {
  readonly device: Device
  /** @internal where the bytes are, on devices that lose what is not freed */
  readonly slot: Slot | null
  private readonly own: unknown
  private references = 1

  /** @throws MemoryError past the device's budget, where nothing can be moved; the handle is freed then */
  constructor(handle: unknown, device: Device, out: Spec) {
    this.device = device
    if (device.capabilities.needsFree === true || device.holds?.(handle) === true) {
      this.own = null
      this.slot = ledgerOf(device).admit(this, handle, out)
    } else {
      this.own = handle
      this.slot = null
      live.buffers++
    }
  }

  /** What kernels take; bytes that were moved to the host come back. */
  get handle(): unknown {
    return this.slot === null ? this.own : this.slot.use(this)
  }

  /** A copy of the elements where they were moved to the host, else null. */
  hostCopy(): TypedArray | null {
    return this.slot?.host?.slice() ?? null
  }

  retain(): this {
    this.references++
    return this
  }

  release(): void {
    if (--this.references !== 0) return
    if (this.slot !== null) return this.slot.ledger.end(this.slot)
    live.buffers--
    this.device.free(this.own)
  }
}
