import { sumTo } from './broadcast.ts'
import type { BinaryFunction, UnaryFunction } from './elementwise.ts'
import { binary, unary } from './elementwise.ts'

/** `-x`. */
export const neg: UnaryFunction = /* #__PURE__ */ unary('neg', g => [neg(g)], false)

/** `a + b`. */
export const add: BinaryFunction = /* #__PURE__ */ binary('add', (g, [a, b]) => [() => sumTo(g, a.shape), () => sumTo(g, b.shape)])

/** `a - b`. */
export const sub: BinaryFunction = /* #__PURE__ */ binary('sub', (g, [a, b]) => [() => sumTo(g, a.shape), () => sumTo(neg(g), b.shape)])

/** `a * b`, element by element. */
export const mul: BinaryFunction = /* #__PURE__ */ binary('mul', (g, [a, b]) => [() => sumTo(mul(g, b), a.shape), () => sumTo(mul(g, a), b.shape)])

/** `a / b`; integers and bools give float32. */
export const div: BinaryFunction = /* #__PURE__ */ binary('div', (g, [a, b], y) => [
  () => sumTo(div(g, b), a.shape),
  () => sumTo(neg(div(mul(g, y), b)), b.shape),
], true)
