import type { Backend } from 'ashlar'

/** Bytes that were copied between the host and a device so far. */
export interface Traffic {
  /** From the host to the device. */
  up: number
  /** From the device to the host. */
  down: number
}

/** The same backend, with `traffic` counting what its devices are given and what is read back. A device is plain data, so that a counter can be put around it. */
export function counted(backend: Backend, traffic: Traffic): Backend {
  return {
    ...backend,
    open: index => {
      const device = backend.open(index)
      return {
        ...device,
        upload: (data, out) => {
          traffic.up += data.byteLength
          return device.upload(data, out)
        },
        download: x => {
          const data = device.download(x)
          traffic.down += data.byteLength
          return data
        },
        ...(device.downloadAsync === undefined ? {} : {
          downloadAsync: async (x: Parameters<typeof device.download>[0]) => {
            const data = await device.downloadAsync!(x)
            traffic.down += data.byteLength
            return data
          },
        }),
      }
    },
  }
}
