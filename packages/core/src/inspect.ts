/**
 * Gives a class the form that Node shows in `console.log` and at its prompt: what its `repr()` returns.
 * (A class body cannot hold the method itself where declarations are made file by file.)
 */
export function inspectByRepr(prototype: { repr(): string }): void {
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: { repr(): string }) { return this.repr() },
    configurable: true,
    writable: true,
  })
}
