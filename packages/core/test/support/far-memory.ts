import { Context, listBackends, registerBackend, setWarningHandler } from '@ashlar/core'
import type { Capabilities, Device, NDArray, Tensor, TypedArray } from '@ashlar/core'
import { vi } from 'vitest'
import '../backend.ts'

/** A handle that says when it was freed. */
interface Box {
  bytes: TypedArray | null
}

/** A device like a GPU: what is not freed is lost, and what was freed cannot be used. It counts for itself what it holds. */
export interface Far {
  readonly context: Context
  readonly device: Device
  /** Handles that are held, and their bytes with core's charge, now and at most. */
  held: number
  bytes: number
  peak: number
  uploads: number
  downloads: number
  /** Ends the asynchronous reads that are under way. */
  readonly reads: (() => void)[]
}

const CHARGE = 256

/** A device of type `far` over the CPU backend's kernels, registered. */
export function farMemory(capabilities: Partial<Capabilities> = {}, options: { budgetBytes?: number } = {}): Far {
  const cpu = listBackends().find(({ name }) => name === 'cpu')!.open(0) as Device<TypedArray>
  const far = { context: new Context('far'), held: 0, bytes: 0, peak: 0, uploads: 0, downloads: 0, reads: [] as (() => void)[] }
  const charges = new WeakMap<Box, number>()
  const box = (bytes: TypedArray): Box => {
    const handle = { bytes: bytes.slice() }
    charges.set(handle, bytes.byteLength + CHARGE)
    far.held++
    far.bytes += bytes.byteLength + CHARGE
    far.peak = Math.max(far.peak, far.bytes)
    return handle
  }
  const open = (handle: Box): TypedArray => {
    if (handle.bytes === null) throw new Error('used after it was freed')
    return handle.bytes
  }
  const inner = (x: Tensor<Box>): Tensor<TypedArray> => ({ handle: open(x.handle), shape: x.shape, dtype: x.dtype, size: x.size })
  const convert = (value: unknown, each: (x: Tensor<Box>) => object): unknown =>
    Array.isArray(value) ? value.map(entry => convert(entry, each)) : typeof value === 'object' && value !== null && 'handle' in value ? each(value as Tensor<Box>) : value
  // First all handles, then what is in them: a handle that was freed while others were fetched shows.
  const fetched = ({ handle, shape, dtype, size }: Tensor<Box>): object => ({ handle, shape, dtype, size })
  const kernels = Object.fromEntries(Object.entries(cpu.kernels).map(([name, run]) => [name, (...args: unknown[]) => {
    const inputs = args.slice(0, -1).map(value => convert(value, fetched))
    return box((run as (...all: unknown[]) => TypedArray)(...inputs.map(value => convert(value, inner)), args.at(-1)))
  }]))
  const { hostMemory: _, ...others } = cpu.capabilities
  const device: Device<Box> = {
    capabilities: { ...others, needsFree: true, ...capabilities },
    kernels: kernels as never,
    upload: (data, out) => (far.uploads++, box(cpu.upload(data, out))),
    download: x => (far.downloads++, cpu.download(inner(x))),
    downloadAsync: async x => {
      await new Promise<void>(resolve => far.reads.push(resolve))
      return cpu.download(inner(x))
    },
    fill: (value, out) => box(cpu.fill(value, out)),
    free(handle) {
      open(handle)
      handle.bytes = null
      far.held--
      far.bytes -= charges.get(handle)!
    },
  }
  registerBackend({ name: 'far', type: 'far', count: 1, open: () => device as Device }, options)
  return Object.assign(far, { device: device as Device })
}

/** An engine that has no way to its collector, as in browsers. */
export function withoutCollector(): void {
  vi.stubGlobal('gc', undefined)
  vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }))
}

/** Notes warnings from now on. */
export function warnings(): { message: string; category: string }[] {
  const seen: { message: string; category: string }[] = []
  setWarningHandler((message, { category }) => void seen.push({ message, category }))
  return seen
}

export const numbers = (x: NDArray): number[] => Array.from(x.toTypedArray(), Number)
