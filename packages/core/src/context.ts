import { typeError } from './errors.ts'
import { inspectByRepr } from './inspect.ts'
import { refusePromise } from './memory.ts'
import { describe } from './shape.ts'
import { state } from './state.ts'

/** The numbers that parameter files write for a device type. */
const TYPE_IDS: Readonly<Record<string, number>> = { cpu: 1, gpu: 2, cpu_pinned: 3, cpu_shared: 5 }

/**
 * Names a device: a type and an index, printed as `gpu(1)`. Naming one touches no hardware; only making an array there does.
 *
 * @example
 * ```ts
 * import { Context } from '@ashlar/core'
 * const context = new Context('gpu', 1)
 * console.log(String(context), context.equals(new Context('gpu', 1)))
 * // gpu(1) true
 * ```
 */
export class Context {
  /** `cpu`, `gpu`, or the type of a backend that is no GPU, such as `gpujs-cpu`. */
  readonly deviceType: string
  readonly deviceId: number

  /** @throws TypeError unless the type is a word and the index a whole number from 0 */
  constructor(deviceType: string, deviceId = 0) {
    if (typeof deviceType !== 'string' || deviceType === '' || !Number.isInteger(deviceId) || deviceId < 0) {
      throw typeError(`a context is a device type and an index from 0, got ${describe(deviceType)}, ${describe(deviceId)}`, { op: 'Context' })
    }
    this.deviceType = deviceType
    this.deviceId = deviceId
  }

  /** The code of the type in parameter files: cpu 1, gpu 2; 0 where there is none. */
  get deviceTypeid(): number {
    return TYPE_IDS[this.deviceType] ?? 0
  }

  /** Whether both name the same device. */
  equals(other: unknown): boolean {
    return other instanceof Context && other.deviceType === this.deviceType && other.deviceId === this.deviceId
  }

  toString(): string {
    return `${this.deviceType}(${this.deviceId})`
  }

  repr(): string {
    return this.toString()
  }

  static {
    inspectByRepr(this.prototype)
  }
}

const CPU: Context = /* #__PURE__ */ new Context('cpu')

/** Where new arrays go: the innermost `using` context, else `cpu(0)`. */
export function currentContext(): Context {
  return (state.context as Context | null) ?? CPU
}

/**
 * Runs `fn` with another current context, which is restored afterwards, on a throw too.
 *
 * @throws TypeError where `fn` returns a promise or a generator, which would run on in the old context
 * @example
 * ```ts
 * import { Context, currentContext, withContext } from '@ashlar/core'
 * console.log(withContext(new Context('gpu', 1), () => String(currentContext())), String(currentContext()))
 * // gpu(1) cpu(0)
 * ```
 */
export function withContext<T>(context: Context, fn: () => T): T {
  const before = state.context
  state.context = checkContext(context, 'using')
  try {
    const result = fn()
    refusePromise(result, 'using')
    return result
  } finally {
    state.context = before
  }
}

/** Checks that a value is a Context. */
export function checkContext(value: unknown, op: string): Context {
  if (value instanceof Context) return value
  throw typeError(`expected a context such as cpu() or gpu(0), got ${describe(value)}`, { op })
}
