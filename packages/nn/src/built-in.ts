type Forward = (...inputs: never[]) => unknown

const forwards = new WeakSet<Forward>()

/** Notes that a class of this package brings this `forward`: a subclass that overrides it is user code again. */
export function markBuiltIn(prototype: { readonly forward: Forward }): void {
  forwards.add(prototype.forward)
}

/** Whether a `forward` is ours, so that what it makes and does not return can be dropped. */
export function isBuiltIn(forward: Forward): boolean {
  return forwards.has(forward)
}
