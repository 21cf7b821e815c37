import type { Recipes } from './arrays.ts'
import type { Kind } from './workloads.ts'

/** What a candidate is asked to do. */
export interface Job {
  readonly kind: Kind
  readonly arrays: Recipes
  readonly settings: Readonly<Record<string, number | boolean>>
}

/** A job made ready. */
export interface Task {
  /** Numbers that tell whether this computes what the others compute; asked for once, before any run. */
  answer(): readonly number[] | Promise<readonly number[]>
  /** Does the job once, until the result is there, and frees the result. */
  run(): void | Promise<void>
}

/** A loaded library. */
export interface Peer {
  readonly version: string
  /** The job made ready, or null for what a user of the library could not write. */
  prepare(job: Job): Task | null | Promise<Task | null>
}

/** How a library is loaded. */
export interface LoadOptions {
  /** How many threads it may use; null leaves that to the library. */
  readonly threads: number | null
}

/** How many steps of training an answer follows, by their losses. */
export const ANSWER_STEPS = 3
