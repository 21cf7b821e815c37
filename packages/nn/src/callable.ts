/**
 * A class whose instances are functions: `net(x)`. The constructor returns a function with the class's prototype, so
 * that methods, `instanceof` and subclass fields work as on any object (a trampoline: fields belong in subclasses).
 */
export abstract class Callable {
  constructor() {
    const self = ((...inputs: unknown[]) => (self as unknown as Callable).invoke(inputs)) as unknown as this
    Object.setPrototypeOf(self, new.target.prototype as object)
    // Functions bring these two as own properties, which would hide getters of the same names.
    Reflect.deleteProperty(self, 'name')
    Reflect.deleteProperty(self, 'length')
    return self
  }

  /** What a call does. */
  protected abstract invoke(inputs: unknown[]): unknown
}
