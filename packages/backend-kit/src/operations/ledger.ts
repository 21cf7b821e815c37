import type { Device, Kernels, Override } from '@ashlar/core'

/** A device that watches another one. */
export interface Watched {
  readonly device: Device
  /** The handles that were given out and not freed. */
  readonly live: ReadonlySet<unknown>
  /** What ran since the last call of this: names of kernels, overrides (`override softmax`) and `read`. */
  taken(): string[]
  /** The overrides that core asked for, whether the device has them or not. */
  readonly asked: ReadonlySet<string>
  /** Runs `fn` without noting it. */
  quietly<T>(fn: () => T): T
  /** Frees what is left, and ends the watch. */
  clear(): void
}

type Run = (...args: never[]) => unknown

/** All kernels, by name. */
export const KERNELS: readonly (keyof Kernels)[] = [
  'unary', 'binary', 'compare', 'where', 'cast', 'reduce', 'argReduce', 'transpose', 'broadcastTo', 'slice', 'pad', 'concat', 'matmul', 'take', 'scatterAdd',
]

/**
 * Watches a device: every handle has to be new, is freed once, and is counted.
 *
 * @param overrides which of the device's overrides are left on (default: all)
 */
export function watch(device: Device, overrides: (name: string) => boolean = () => true): Watched {
  const live = new Set<unknown>()
  let log: string[] = []
  let over = false
  const watched = (name: string, run: Run): Run => (...args) => {
    log.push(name)
    const handle = run(...args)
    if (live.has(handle)) throw new Error(`${name} gave a handle that an array holds already: each is freed once, so each must be a new one`)
    live.add(handle)
    return handle
  }
  const kernels = Object.fromEntries(KERNELS.map(name => [name, watched(name, (...args: unknown[]) => (device.kernels[name] as (...a: unknown[]) => unknown)(...args))]))
  const asked = new Set<string>()
  const left = Object.entries(device.overrides ?? {}).filter(([name]) => overrides(name))
  return {
    device: {
      capabilities: device.capabilities,
      kernels: kernels as unknown as Kernels,
      overrides: new Proxy(Object.fromEntries(left.map(([name, run]) => [name, watched(`override ${name}`, run) as Override])), {
        get(table, name) {
          if (typeof name === 'string') asked.add(name)
          return Reflect.get(table, name) as Override | undefined
        },
      }),
      upload: watched('upload', (...args: Parameters<Device['upload']>) => device.upload(...args)) as Device['upload'],
      fill: watched('fill', (...args: Parameters<Device['fill']>) => device.fill(...args)) as Device['fill'],
      download(x) {
        log.push('read')
        return device.download(x)
      },
      ...(device.downloadAsync === undefined ? {} : { downloadAsync: x => device.downloadAsync!(x) }),
      free(handle) {
        // The garbage collector may find what a failing case dropped when the case is over.
        if (over) return
        if (!live.delete(handle)) throw new Error('a handle was freed that no array holds')
        device.free(handle)
      },
    },
    live,
    asked,
    taken() {
      const names = log
      log = []
      return names
    },
    quietly(fn) {
      const noted = log
      log = []
      try {
        return fn()
      } finally {
        log = noted
      }
    },
    clear() {
      over = true
      for (const handle of live) device.free(handle)
      live.clear()
    },
  }
}
