/**
 * A class whose instances are functions: the constructor returns a function with the class's prototype, so that methods,
 * `instanceof` and subclass fields work as on any object. Fields belong in subclasses, which see the function as `this`.
 */
export abstract class Callable {
  constructor() {
    const self = ((numUpdate: number) => (self as unknown as Callable).invoke(numUpdate)) as unknown as this
    Object.setPrototypeOf(self, new.target.prototype as object)
    // Functions bring these two as own properties, which would hide getters of the same names.
    Reflect.deleteProperty(self, 'name')
    Reflect.deleteProperty(self, 'length')
    return self
  }

  /** What a call does. */
  protected abstract invoke(numUpdate: number): number
}
