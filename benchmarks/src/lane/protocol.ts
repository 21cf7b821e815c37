import type { Job } from '../peer.ts'

/** What the harness asks a candidate's process, a line of JSON each. */
export type Request =
  | { readonly ask: 'load'; readonly module: string; readonly variant: string; readonly threads: number | null }
  | { readonly ask: 'prepare'; readonly job: Job }
  | { readonly ask: 'warmUp'; readonly seconds: number }
  | { readonly ask: 'time'; readonly times: number }
  | { readonly ask: 'memory' }

/** What each request is answered with. Times are seconds a run; a null answer means that the library has no such thing. */
export interface Replies {
  readonly load: { readonly version: string; readonly seconds: number }
  readonly prepare: { readonly answer: readonly number[] | null }
  readonly warmUp: { readonly seconds: number }
  readonly time: { readonly seconds: number }
  readonly memory: { readonly idleBytes: number; readonly peakBytes: number }
}

export type Reply = Replies[keyof Replies] | { readonly error: string }
