import type { NDArray } from '@ashlar/core'
import { randomStateOf } from '@ashlar/core'
import { cpu } from '@ashlar/device'
import * as initializers from '@ashlar/init'

/** What a parameter is about to become. */
export interface Prepared {
  commit(): void
  /** New arrays, which are freed where another parameter fails. */
  readonly arrays: readonly NDArray[]
}

/**
 * Prepares one parameter after the other, and changes all of them or none: where one fails, the arrays made so far are
 * freed, and the CPU's random streams, which initializers draw from, go back to where they were.
 */
export function allOrNone(preparations: Iterable<() => Prepared>): void {
  const streams = randomStateOf(cpu())
  const before = streams.save()
  const done: Prepared[] = []
  try {
    for (const prepare of preparations) done.push(prepare())
  } catch (error) {
    for (const { arrays } of done) free(arrays)
    streams.restore(before)
    throw error
  }
  for (const each of done) each.commit()
}

function free(arrays: readonly NDArray[]): void {
  for (const array of arrays) {
    array.pinned = false
    array.dispose()
  }
}

/** The classes that the package of initializers brings. */
let ours: ReadonlySet<unknown> | null = null

/** Whether an initializer is of such a class, and not the user's own, nor one that may hold some of the user's. */
export function isOurs(initializer: initializers.Initializer): boolean {
  ours ??= new Set<unknown>(Object.values(initializers).filter(each => each !== initializers.Mixed && each !== initializers.Load))
  return ours.has(initializer.constructor)
}
