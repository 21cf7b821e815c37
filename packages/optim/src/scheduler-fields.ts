import type { LearningRateSchedule } from './schedulers/lr-scheduler.ts'
import type { SavedFields } from './states-header.ts'

const isPlain = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) || (Array.isArray(value) && value.every(isPlain))

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value)

/** What a scheduler remembers: its own fields that JSON can hold as they are. */
export function fieldsOf(scheduler: LearningRateSchedule): SavedFields {
  return Object.fromEntries(Object.entries(scheduler).filter(([, value]) => isPlain(value)))
}

/** Compares saved fields with those that a scheduler has. */
export function checkFields(scheduler: LearningRateSchedule, saved: SavedFields, wrong: (reason: string) => never): void {
  const now = fieldsOf(scheduler)
  const names = new Set([...Object.keys(now), ...Object.keys(saved)])
  for (const name of names) {
    if (!Object.hasOwn(now, name) || !Object.hasOwn(saved, name) || !isPlain(saved[name]) || kindOf(now[name]) !== kindOf(saved[name])) {
      wrong(`it was saved with another learning-rate scheduler: they differ in '${name}'`)
    }
  }
}

/** Sets a scheduler's fields as they were. */
export function setFields(scheduler: LearningRateSchedule, saved: SavedFields): void {
  Object.assign(scheduler, saved)
}
