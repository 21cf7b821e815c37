import type { Texture } from './gpujs.ts'
import type { Pending } from './memory.ts'

/** Does one thing after the other, whatever becomes of each: launches, reads and deletions keep the order in which the program asked for them. */
export class Queue {
  #tail: Promise<unknown> = Promise.resolve()

  add<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#tail.then(work)
    this.#tail = result.catch(() => {})
    return result
  }
}

/**
 * A promised result, when its turn has come.
 *
 * @throws what its launch failed with, or one of those before it
 */
export function resolved({ texture, error }: Pending): Texture {
  if (texture !== null) return texture
  throw error
}
