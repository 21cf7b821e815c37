import { typeError } from './errors.ts'
import type { NDArray } from './ndarray.ts'
import { state } from './state.ts'
import type { GraphNode } from './tape.ts'

/** What the trackers collect; ArrayCore brings it. */
export interface Tracked {
  /** Owned by a parameter, a gradient or an optimizer: exempt here, and `dispose` refuses it. */
  pinned: boolean
  /** Exempt because the user said `keep`. */
  kept: boolean
  /** Handed to user code by framework code that had made it: `internal` lets it live. */
  seen: boolean
  end(how: string): void
}

/** Notes a new array with whoever collects at the moment. */
export function track(array: Tracked): void {
  if (state.tracker !== null) state.tracker.push(array)
}

/** Checks that a callback has ended when it returns. @throws TypeError for a promise or a generator */
export function refusePromise(value: unknown, op: string): void {
  const candidate = value as { then?: unknown; next?: unknown } | null
  if (typeof candidate !== 'object' || candidate === null) return
  if (typeof candidate.then === 'function' || typeof candidate.next === 'function') {
    throw typeError('the callback returned a promise or a generator, which would run after the end', { op, hint: 'make the callback synchronous' })
  }
}

/** The arrays that a value holds, through lists, plain objects, Maps, Sets and own fields. */
function reach(value: unknown, found: Set<unknown>): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || found.has(value)) return
  found.add(value)
  if (ArrayBuffer.isView(value)) return
  if (value instanceof Map) for (const [key, entry] of value) { reach(key, found); reach(entry, found) }
  else if (value instanceof Set) for (const entry of value) reach(entry, found)
  else if (!('buffer' in value && 'pinned' in value)) for (const key of Object.keys(value)) reach((value as Record<string, unknown>)[key], found)
}

/** The tape behind arrays that live on lives on with them. */
function reachGraph(made: readonly unknown[], found: Set<unknown>): void {
  const kept = (made as Tracked[]).filter(entry => entry.kept || entry.pinned)
  const waiting = [...found, ...kept].map(entry => (entry as { node?: GraphNode | null }).node)
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (node?.kind !== 'op' || found.has(node)) continue
    found.add(node)
    for (const input of node.inputs ?? []) waiting.push(input.node)
  }
}

/**
 * Ends what was made since `start` but what lives on: the result, what it holds, and what user code has seen. That moves up, and the
 * list ends behind it.
 */
function settle(made: unknown[], start: number, result: unknown, found: ReadonlySet<unknown> | null, how: string, seenLives: boolean): void {
  let end = start
  for (let i = start; i < made.length; i++) {
    const entry = made[i] as Tracked
    if (entry.pinned || entry.kept) continue
    if (entry === result || (seenLives && entry.seen) || found?.has(entry) === true) made[end++] = entry
    else entry.end(how)
  }
  made.length = end
}

/** Lists that nobody collects in at the moment. */
const spare: unknown[][] = []

/**
 * Runs framework code whose intermediate arrays nobody will see: they are dropped when it ends, also on a throw.
 * What it returns stays.
 */
export function internal<T>(fn: () => T): T {
  const outer = state.tracker
  // Inside framework code its list serves, from here on. A scope's does not: user code called from here adds to it.
  const shared = outer !== null && outer !== state.scope
  const made = shared ? outer : spare.pop() ?? []
  const start = made.length
  state.tracker = made
  let result: T | undefined
  try {
    return (result = fn())
  } finally {
    state.tracker = outer
    if (made.length > start) settle(made, start, result, heldBy(result, made, start), 'when the operation that made it ended', true)
    if (!shared) {
      if (outer !== null) for (const entry of made) outer.push(entry)
      made.length = 0
      spare.push(made)
    }
  }
}

/** What a result holds; null where it is one of the arrays that were made, which hold nothing. */
function heldBy(result: unknown, made: readonly unknown[], start: number): ReadonlySet<unknown> | null {
  if ((typeof result !== 'object' && typeof result !== 'function') || result === null) return null
  for (let i = made.length - 1; i >= start; i--) if (made[i] === result) return null
  const found = new Set<unknown>()
  reach(result, found)
  return found
}

/**
 * Runs user code from within framework code: what it makes, and the arrays that it is handed, have been seen, so `internal` lets
 * them live.
 *
 * @param handed what the user code gets, searched as a result of `scope` is
 */
export function callout<T>(fn: () => T, handed: unknown = null): T {
  const outer = state.tracker
  if (outer !== null && handed !== null) {
    const found = new Set<unknown>()
    reach(handed, found)
    for (const entry of outer as Tracked[]) if (found.has(entry)) entry.seen = true
  }
  state.tracker = state.scope
  try {
    return fn()
  } finally {
    state.tracker = outer
  }
}

/**
 * Frees every array that was made inside, but those that `fn` returns (found in lists, plain objects, Maps, Sets and
 * fields) and those given to {@link keep}, and the tape of what was recorded inside, but what these were computed from.
 * Parameters, gradients and optimizer state are never freed by it.
 *
 * @throws TypeError where `fn` returns a promise or a generator
 * @example
 * ```ts
 * import { scope } from '@ashlar/core'
 * console.log(scope(() => 1 + 1))
 * // 2
 * ```
 */
export function scope<T>(fn: () => T): T {
  const outer = { tracker: state.tracker, scope: state.scope }
  const made: unknown[] = (state.tracker = state.scope = [])
  let result: T | undefined
  try {
    result = fn()
    refusePromise(result, 'scope')
    return result
  } finally {
    state.tracker = outer.tracker
    state.scope = outer.scope
    const found = new Set<unknown>()
    reach(result, found)
    reachGraph(made, found)
    settle(made, 0, result, found, 'at the end of scope()', false)
    if (outer.tracker !== null) for (const entry of made) outer.tracker.push(entry)
  }
}

/** Lets an array outlive the `scope` that it was made in. Returns it. */
export function keep(array: NDArray): NDArray {
  array.kept = true
  return array
}
