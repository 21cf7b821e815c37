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

const containers = new WeakSet<object>()

/** Notes that a class of this package only runs its children. */
export function markContainer(prototype: object): void {
  containers.add(prototype)
}

/** Whether a block only runs its children, so that it is no layer of its own. */
export function isContainer(block: object): boolean {
  for (let prototype: unknown = Object.getPrototypeOf(block); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    if (containers.has(prototype as object)) return true
  }
  return false
}
