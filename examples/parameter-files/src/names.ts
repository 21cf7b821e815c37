/** A name, or with a `*` all names of that form. */
export interface Pattern {
  readonly text: string
  /** What the `*` stands for in a name of that form ('' without one); null for other names. */
  readonly match: (name: string) => string | null
}

/** What is called so is to be called otherwise. */
export interface Renaming {
  readonly from: Pattern
  readonly to: string
}

/** Null for more than one `*`. */
export function patternOf(text: string): Pattern | null {
  const [head, tail, more] = text.split('*')
  if (more !== undefined) return null
  if (tail === undefined) return { text, match: name => (name === text ? '' : null) }
  return {
    text,
    match: name => (name.length >= head!.length + tail.length && name.startsWith(head!) && name.endsWith(tail) ? name.slice(head!.length, name.length - tail.length) : null),
  }
}

/** Null unless there is one `=`, and a `*` behind it only where one stands before it. */
export function renamingOf(text: string): Renaming | null {
  const [before, after, more] = text.split('=')
  if (before === undefined || after === undefined || more !== undefined || before === '') return null
  const from = patternOf(before)
  const stars = after.split('*').length - 1
  return from === null || stars > (before.includes('*') ? 1 : 0) ? null : { from, to: after }
}

/** The new name, by the first renaming that fits. */
export function renamed(name: string, renamings: readonly Renaming[]): string {
  for (const { from, to } of renamings) {
    const middle = from.match(name)
    if (middle !== null) return to.replace('*', () => middle)
  }
  return name
}
