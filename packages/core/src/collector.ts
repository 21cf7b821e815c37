/** What the engine lets a library ask of its garbage collector, at once and without a turn of the event loop. */
export interface Collector {
  /** Collects all that can be collected. */
  collect(): void
  /**
   * Whether a WeakRef tells after `collect` what was collected. Engines keep the target of every WeakRef until the job ends;
   * where this is true, `forget` ends that earlier.
   */
  readonly tells: boolean
  /** Lets go of the targets of WeakRefs that were made or read in this job. */
  forget(): void
}

/** The parts of Node that are needed here: core is compiled without Node's types, since it runs in browsers. */
interface Builtins {
  (name: 'node:v8'): { setFlagsFromString(flags: string): void }
  (name: 'node:vm'): {
    createContext(globals: object, options: object): object
    Script: new (code: string) => { runInContext(context: object): unknown }
  }
}

interface Host {
  readonly gc?: () => void
  readonly process?: { readonly getBuiltinModule?: Builtins }
}

const nothing = (): void => undefined

/**
 * The garbage collector as far as it can be called: all of it in Node, whose `vm` and `v8` are asked for without an import, so
 * that bundlers and browsers see none; only a call where the engine was started with `--expose-gc`; null in browsers.
 *
 * Node's `vm` ends a job of its own when a context that was made with `afterEvaluate` has run something. The targets of all WeakRefs are let
 * go then, those of the caller's job too: a program that reads its own WeakRef twice in a job should keep what it got.
 */
export function findCollector(): Collector | null {
  const { gc, process } = globalThis as Host
  const builtin = process?.getBuiltinModule
  try {
    if (typeof builtin === 'function') return withVm(builtin)
  } catch {
    // Another engine behind Node's names, or one that may not change flags.
  }
  return typeof gc === 'function' ? { collect: () => gc(), tells: false, forget: nothing } : null
}

let found: { readonly by: Builtins; readonly collector: Collector } | null = null

function withVm(builtin: Builtins): Collector {
  if (found?.by === builtin) return found.collector
  const [v8, { Script, createContext }] = [builtin('node:v8'), builtin('node:vm')]
  v8.setFlagsFromString('--expose-gc')
  const context = createContext({}, { microtaskMode: 'afterEvaluate' })
  const gc = new Script('gc').runInContext(context) as () => void
  const empty = new Script('0')
  const forget = (): void => void empty.runInContext(context)
  const collect = (): void => {
    forget()
    gc()
  }
  const collector = { collect, forget, tells: tells(collect) }
  found = { by: builtin, collector }
  return collector
}

/** Tried, not assumed: whether targets that nobody holds are gone after a collection. */
function tells(collect: () => void): boolean {
  const references = Array.from({ length: 8 }, () => new WeakRef({}))
  collect()
  return references.every(reference => reference.deref() === undefined)
}
