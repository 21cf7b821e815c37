import type { Local, Value } from './code.ts'
import { float, instruction } from './code.ts'
import type { Lanes } from './lanes.ts'
import type { FunctionBody, Module } from './module.ts'

/** Vectors in one turn of a loop: enough to hide what an instruction takes. */
const TURN = 4

/** How results are computed from vectors: all those of a turn at once, so that constants are loaded once a turn. */
export type UnaryMath = (f: FunctionBody, lanes: Lanes, xs: readonly Local[]) => Value[]
export type BinaryMath = (lanes: Lanes, a: Value, b: Value) => Value

/**
 * One result for each number of a flat array. Parameters: how many, input, output.
 * The last few numbers are computed as a vector of the same number, so that a number's result does not depend on where it stands.
 */
export function unaryLoop(m: Module, name: string, lanes: Lanes, math: UnaryMath): void {
  m.func(name, ['i32', 'i32', 'i32'], (f, n, x, out) => {
    for (const vectors of [TURN, 1]) {
      f.while(n.ge(vectors * lanes.count), () => {
        const xs = Array.from({ length: vectors }, (_, i) => f.local(lanes.load(x, i * 16)))
        math(f, lanes, xs).forEach((value, i) => f.store(out, value, i * 16))
        f.step(x, vectors * 16)
        f.step(out, vectors * 16)
        f.step(n, -vectors * lanes.count)
      })
    }
    f.while(n.gt(0), () => {
      const [value] = math(f, lanes, [f.local(lanes.loadSplat(x))])
      f.store(out, lanes.extract(value!, 0))
      f.step(x, lanes.bytes)
      f.step(out, lanes.bytes)
      f.step(n, -1)
    })
  })
}

/** Which operands run along a row, `v`, and which stand still, `s`. */
export const FORMS = ['vv', 'vs', 'sv'] as const
export type Form = (typeof FORMS)[number]

/**
 * One result for each pair of numbers of a plane. Parameters: rows, columns, left, bytes between its rows, right, bytes between
 * its rows, output (dense).
 */
export function binaryLoop(m: Module, name: string, lanes: Lanes, form: Form, math: BinaryMath): void {
  m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, left, leftRow, right, rightRow, out) => {
    f.while(rows.gt(0), () => {
      const sides = [left, right].map((start, i) => {
        const at = f.local(start)
        if (form[i] === 'v') return { load: (offset: number): Value => lanes.load(at, offset), one: (): Value => lanes.loadSplat(at), step: (bytes: number): void => f.step(at, bytes) }
        const value = f.local(lanes.loadSplat(at))
        return { load: (): Value => value, one: (): Value => value, step: (): void => {} }
      })
      const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]]
      const n = f.local(columns)
      const advance = (bytes: number, count: number): void => {
        a.step(bytes)
        b.step(bytes)
        f.step(out, bytes)
        f.step(n, -count)
      }
      for (const vectors of [TURN, 1]) {
        f.while(n.ge(vectors * lanes.count), () => {
          for (let i = 0; i < vectors; i++) f.store(out, math(lanes, a.load(i * 16), b.load(i * 16)), i * 16)
          advance(vectors * 16, vectors * lanes.count)
        })
      }
      f.while(n.gt(0), () => {
        f.store(out, lanes.extract(math(lanes, a.one(), b.one()), 0))
        advance(lanes.bytes, 1)
      })
      f.step(left, leftRow)
      f.step(right, rightRow)
      f.step(rows, -1)
    })
  })
}

/** A polynomial by Horner's rule for each of `xs`, the highest coefficient first. */
export function polynomial(f: FunctionBody, lanes: Lanes, xs: readonly Local[], coefficients: readonly number[]): Local[] {
  const [first, ...rest] = coefficients
  const sums = xs.map(() => f.local(lanes.splat(first!)))
  for (const coefficient of rest) {
    const constant = f.local(lanes.splat(coefficient))
    xs.forEach((x, i) => f.set(sums[i]!, lanes.multiplyAdd(sums[i]!, x, constant)))
  }
  return sums
}

/** A float constant's bits in every lane of 32 bits. */
export function bitsOf(value: number): Value {
  return instruction('v128', [0xfd, 0x11], instruction('i32', [0xbc], float('f32', value)))
}
