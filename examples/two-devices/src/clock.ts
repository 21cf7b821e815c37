import { itemSize } from '@ashlar/core'
import type { Backend, Device, Kernels, Spec, Tensor, TypedArray } from '@ashlar/core'

/** What a device was at: a copy from or to the host, a matrix product, a sum, or cutting an array. */
export type Work = 'copy in' | 'product' | 'sum' | 'cut' | 'copy out'

/** A device at work. Times are milliseconds of `performance.now`. */
export interface Span {
  /** Which of the backend's devices. */
  readonly device: number
  readonly work: Work
  readonly start: number
  readonly end: number
  /** The bytes of what was copied or made. */
  readonly bytes: number
}

/** Every other kernel of this program cuts or moves. */
const KERNELS: Readonly<Record<string, Work>> = { matmul: 'product', binary: 'sum' }

/** The same backend, with a note in `log` of when each of its devices was at what. A device is plain data, so that a clock can be put around it. */
export function timed(backend: Backend, log: Span[]): Backend {
  return { ...backend, open: index => timedDevice(backend.open(index), index, log) }
}

function timedDevice(device: Device, index: number, log: Span[]): Device {
  const note = (work: Work, start: number, bytes: number): void => void log.push({ device: index, work, start, end: performance.now(), bytes })
  const copied = (data: TypedArray, start: number): TypedArray => {
    note('copy out', start, data.byteLength)
    return data
  }
  const kernels = Object.entries(device.kernels).map(([name, kernel]) => {
    const timing = (...args: unknown[]): unknown => {
      const start = performance.now()
      const result = (kernel as (...args: unknown[]) => unknown)(...args)
      const { size, dtype } = args.at(-1) as Spec
      note(KERNELS[name] ?? 'cut', start, size * itemSize(dtype))
      return result
    }
    return [name, timing]
  })
  return {
    ...device,
    kernels: Object.fromEntries(kernels) as unknown as Kernels,
    upload: (data, out) => {
      const start = performance.now()
      const handle = device.upload(data, out)
      note('copy in', start, data.byteLength)
      return handle
    },
    download: x => {
      const start = performance.now()
      return copied(device.download(x), start)
    },
    ...(device.downloadAsync === undefined ? {} : {
      downloadAsync: async (x: Tensor) => {
        const start = performance.now()
        return copied(await device.downloadAsync!(x), start)
      },
    }),
  }
}
