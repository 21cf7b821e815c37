import { AshlarError } from './errors.ts'

/** What must be one a process, even where two copies of core are loaded. Each field belongs to the file named beside it. */
export interface State {
  readonly version: number
  /** context.ts: the innermost `using` context. */
  context: unknown
  /** tape.ts */
  recording: boolean
  training: boolean
  /** tape.ts: numbers the nodes in the order of recording. */
  sequence: number
  /** memory.ts: collects what is made inside `internal` or `scope`. */
  tracker: unknown[] | null
  scope: unknown[] | null
  /** registry.ts */
  readonly backends: Map<string, unknown>
  readonly devices: Map<string, unknown>
  gpus: unknown[] | null
  /** np-random/streams.ts: one state of the generators a device, and the last seed, for devices that draw later. */
  readonly random: Map<string, unknown>
  seed: number | null
  /** counters.ts: how many blocks of each kind were named. */
  readonly counters: Map<string, number>
}

/** Raised with every change of `State` that an older copy could not live with. */
const VERSION = 1
const KEY: unique symbol = Symbol.for('@ashlar/core/state') as never

function connect(): State {
  const holder = globalThis as unknown as Record<symbol, State | undefined>
  const present = holder[KEY]
  if (present === undefined) {
    return (holder[KEY] = {
      version: VERSION,
      context: null,
      recording: false,
      training: false,
      sequence: 0,
      tracker: null,
      scope: null,
      backends: new Map(),
      devices: new Map(),
      gpus: null,
      random: new Map(),
      seed: null,
      counters: new Map(),
    })
  }
  if (present.version !== VERSION) {
    throw new AshlarError(`two versions of @ashlar/core are loaded whose state differs (${present.version} and ${VERSION})`, {
      hint: 'install one version: npm ls @ashlar/core tells who brings which',
    })
  }
  return present
}

/** The one state of this process. */
export const state: State = /* #__PURE__ */ connect()
