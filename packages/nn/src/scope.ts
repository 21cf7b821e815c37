import { nextCount } from '@ashlar/core'
import { ParameterDict } from './parameter-dict.ts'

/** What a scope needs of the block that opened it. */
export interface ScopeOwner {
  readonly prefix: string
  readonly params: ParameterDict
}

/** Names the blocks that are made inside a parent's `nameScope` after the parent (behaviour B-4.3). */
export class NameScope {
  private readonly owner: ScopeOwner
  private readonly counters = new Map<string, number>()

  constructor(owner: ScopeOwner) {
    this.owner = owner
  }

  /** Runs `fn` inside this scope; the counters persist over re-entry. */
  run<T>(fn: () => T): T {
    return within(this, fn)
  }

  private next(hint: string): number {
    const count = this.counters.get(hint) ?? 0
    this.counters.set(hint, count + 1)
    return count
  }

  /** The prefix and the parameters of a new block: under the innermost scope, or counted through the process. */
  static resolve(prefix: string | null, params: ParameterDict | null, hint: string): { prefix: string; params: ParameterDict } {
    const scope = current
    const local = prefix ?? `${hint}${scope === null ? nextCount(hint) : scope.next(hint)}_`
    if (scope === null) return { prefix: local, params: params === null ? new ParameterDict(local) : new ParameterDict(params.prefix, params) }
    const parent = scope.owner.params
    return {
      prefix: scope.owner.prefix + local,
      params: params === null ? new ParameterDict(parent.prefix + local, parent.shared) : new ParameterDict(params.prefix, params),
    }
  }
}

let current: NameScope | null = null

function within<T>(scope: NameScope, fn: () => T): T {
  const before = current
  current = scope
  try {
    return fn()
  } finally {
    current = before
  }
}
