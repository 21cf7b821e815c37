import type { Device, DeviceMemory, Tensor } from './backend.ts'
import type { Buffer } from './buffer.ts'
import type { Collector } from './collector.ts'
import { findCollector } from './collector.ts'
import type { DType, TypedArray } from './dtype.ts'
import { itemSize } from './dtype.ts'
import { MemoryError } from './errors.ts'
import { budgetOf, nameOf } from './registry.ts'
import type { Shape, Spec } from './shape.ts'
import { warn } from './warn.ts'

/** Counts for `memory()`. Buffers that only the garbage collector ends are still counted. */
export const live: { buffers: number } = { buffers: 0 }

/** What each buffer is charged beside its elements. */
const CHARGE = 256
/** So many WeakRefs may pin what they point to before they are made to let go. */
const MOST_REFERENCES = 10_000

const MEND = 'free what is no longer needed: put each step into scope(), or call dispose()'

/**
 * Where the elements of one buffer are: on the device, or moved to the host. While on the device the ledger holds the slot, and the
 * slot does not hold the buffer. Moved to the host, only the buffer holds it, so the engine collects it like any other object.
 */
export class Slot implements Tensor {
  handle: unknown
  /** The elements, while they are on the host. */
  host: TypedArray | null = null
  readonly shape: Shape
  readonly dtype: DType
  readonly size: number
  /** What it takes on the device, and on the host. */
  readonly bytes: number
  readonly hostBytes: number
  readonly ledger: Ledger
  /** Only where the engine lets go of WeakRefs on demand. */
  readonly owner: WeakRef<Buffer> | null
  /** Names of parameters, gradients and optimizer state. */
  pins = 0
  /** Asynchronous reads that have not ended. */
  reads = 0

  // `out` may be an array: holding it would hold the buffer.
  constructor(handle: unknown, out: Spec, ledger: Ledger, owner: WeakRef<Buffer> | null) {
    this.handle = handle
    this.shape = out.shape
    this.dtype = out.dtype
    this.size = out.size
    this.hostBytes = out.size * itemSize(out.dtype) + CHARGE
    const bytes = ledger.bytesOf(handle)
    this.bytes = bytes === undefined ? this.hostBytes : bytes + CHARGE
    this.ledger = ledger
    this.owner = owner
  }

  /** The handle, for a kernel: from now on the last to be moved. */
  use(owner: Buffer): unknown {
    if (this.host === null) this.ledger.touch(this)
    else this.ledger.bringBack(this, owner)
    return this.handle
  }

  pin(by: 1 | -1): void {
    this.ledger.change(this, () => (this.pins += by))
  }

  /** Keeps it where it is while a read is under way. */
  read(by: 1 | -1): void {
    this.ledger.change(this, () => (this.reads += by))
  }
}

/** Gives memory back whose arrays and graph nodes the collector found. */
const finalizers: FinalizationRegistry<Slot> = /* #__PURE__ */ new FinalizationRegistry(slot => slot.ledger.end(slot))

/**
 * The memory of one device that loses what is not freed, with a budget. The collector never hears of such memory, and runs finalizers
 * between turns of the event loop only. So whenever a quarter of the budget was taken, it is made to run, where the engine allows that.
 * Past the budget, what was not used for longest moves to the host, and comes back when a kernel wants it.
 */
export class Ledger {
  readonly #device: Device
  #budget: number
  /** In host memory, what is moved lies where it would have lain without a pool, so nothing is said or collected, and the oldest move first. */
  readonly #isHost: boolean
  readonly #collector: Collector | null
  /** On the device, the longest unused first. */
  readonly #slots = new Set<Slot>()
  /** The same for parameters, gradients and optimizer state, which move last. */
  readonly #pinned = new Set<Slot>()
  readonly #busy = new Set<Slot>()
  #bytes = 0
  #peak = 0
  #hostBuffers = 0
  #hostBytes = 0
  #moved = 0
  /** Taken since the last collection, less what was freed. */
  #taken = 0
  #references = 0
  #latest: Slot | null = null
  #warned = false

  constructor(device: Device) {
    this.#device = device
    this.#budget = budgetOf(device)
    this.#isHost = device.capabilities.needsFree !== true
    this.#collector = this.#isHost ? null : findCollector()
  }

  get counts(): DeviceMemory {
    return {
      live: { buffers: this.#slots.size + this.#pinned.size + this.#busy.size, bytes: this.#bytes },
      idle: this.#device.memory?.().idle ?? { buffers: 0, bytes: 0 },
      host: { buffers: this.#hostBuffers, bytes: this.#hostBytes },
      moved: this.#moved,
      peak: this.#peak,
    }
  }

  /**
   * Takes charge of a handle that was just made. Kernels have run by now, so any other buffer may be moved.
   *
   * @throws MemoryError past the budget, where nothing can be moved; the handle is freed, all else stays as it was
   */
  admit(buffer: Buffer, handle: unknown, out: Spec): Slot {
    const slot = new Slot(handle, out, this, this.#refer(buffer))
    this.#enter(slot, buffer)
    try {
      if (this.#taken > this.#budget / 4) this.#collect()
      this.#makeRoom(slot)
    } catch (error) {
      this.#drop(slot)
      throw error
    }
    live.buffers++
    return slot
  }

  /** What a handle takes, where the device says so. */
  bytesOf(handle: unknown): number | undefined {
    return this.#device.bytes?.(handle)
  }

  /** The last name is gone, or the collector found that it is. */
  end(slot: Slot): void {
    this.#drop(slot)
    live.buffers--
  }

  touch(slot: Slot): void {
    if (slot === this.#latest || this.#isHost) return
    const list = this.#listOf(slot)
    list.delete(slot)
    list.add(slot)
    this.#latest = slot
  }

  /** Makes room for it later: a kernel is about to run, and its other inputs have to stay. */
  bringBack(slot: Slot, owner: Buffer): void {
    slot.handle = this.#device.upload(slot.host!, slot)
    this.#leaveHost(slot)
    this.#enter(slot, owner)
  }

  /** Changes what decides on the list that a slot is in. */
  change(slot: Slot, apply: () => void): void {
    const listed = this.#listOf(slot).delete(slot)
    apply()
    if (listed) this.#listOf(slot).add(slot)
    this.#latest = null
  }

  #listOf(slot: Slot): Set<Slot> {
    if (slot.reads > 0) return this.#busy
    return slot.pins > 0 ? this.#pinned : this.#slots
  }

  #refer(buffer: Buffer): WeakRef<Buffer> | null {
    if (this.#collector?.tells !== true) return null
    if (++this.#references > MOST_REFERENCES) {
      this.#collector.forget()
      this.#references = 0
    }
    return new WeakRef(buffer)
  }

  #enter(slot: Slot, owner: Buffer): void {
    if (!this.#isHost) finalizers.register(owner, slot, slot)
    this.#listOf(slot).add(slot)
    this.#latest = slot
    this.#taken += slot.bytes
    this.#bytes += slot.bytes
    if (this.#bytes > this.#peak) this.#peak = this.#bytes
  }

  #leaveDevice(slot: Slot): void {
    if (!this.#isHost) finalizers.unregister(slot)
    this.#listOf(slot).delete(slot)
    if (this.#latest === slot) this.#latest = null
    this.#bytes -= slot.bytes
    this.#device.free(slot.handle)
    slot.handle = undefined
  }

  #leaveHost(slot: Slot): void {
    slot.host = null
    this.#hostBuffers--
    this.#hostBytes -= slot.hostBytes
  }

  #drop(slot: Slot): void {
    if (slot.host !== null) return this.#leaveHost(slot)
    this.#taken -= slot.bytes
    this.#leaveDevice(slot)
  }

  #collect(): void {
    this.#taken = 0
    const collector = this.#collector
    if (collector === null) return
    collector.collect()
    if (!collector.tells) return
    for (const list of [this.#slots, this.#pinned, this.#busy]) for (const slot of list) if (slot.owner!.deref() === undefined) this.end(slot)
    collector.forget()
    this.#taken = 0
    this.#references = 0
  }

  #makeRoom(newest: Slot): void {
    // A pool may be told another size at any time.
    if (this.#isHost) this.#budget = budgetOf(this.#device)
    if (this.#bytes <= this.#budget) return
    if (!this.#device.capabilities.syncRead) return this.#refuse()
    this.#warn()
    for (const list of [this.#slots, this.#pinned]) {
      for (const slot of list) {
        if (this.#bytes <= this.#budget) return
        if (slot !== newest) this.#move(slot)
      }
    }
  }

  #move(slot: Slot): void {
    slot.host = this.#device.download(slot)
    this.#leaveDevice(slot)
    this.#hostBuffers++
    this.#hostBytes += slot.hostBytes
    this.#moved++
  }

  #refuse(): void {
    if (this.#taken > 0) this.#collect()
    if (this.#bytes <= this.#budget) return
    throw new MemoryError(`${this.#spent()}, and it cannot be read synchronously, so nothing can be moved to the host`, {
      op: 'memory',
      hint: `${MEND}; dropped arrays are found when the program yields to the event loop`,
    })
  }

  #warn(): void {
    if (this.#warned || this.#isHost) return
    this.#warned = true
    warn(`${this.#spent()}: arrays that were not used for longest move to the host, and back when they are used, which is slow; ${MEND}`, { category: 'ResourceWarning' })
  }

  #spent(): string {
    return `the memory budget of ${nameOf(this.#device)}, ${this.#budget} bytes, is spent`
  }
}

const ledgers: WeakMap<Device, Ledger> = /* #__PURE__ */ new WeakMap()

/** The ledger of a device that loses memory. */
export function ledgerOf(device: Device): Ledger {
  const known = ledgers.get(device)
  if (known !== undefined) return known
  const ledger = new Ledger(device)
  ledgers.set(device, ledger)
  return ledger
}
