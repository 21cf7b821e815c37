import type { Local, Value } from './code.ts'
import { instruction, memory } from './code.ts'
import type { Func, Module } from './module.ts'

/** Which of a function's arguments are addresses that move from product to product, and which one is the scratch, if any. */
export interface Moving {
  readonly left: number
  readonly right: number
  readonly out: number
  readonly scratch?: number
}

/**
 * A function that calls another for many products. All arguments but the scratch come from a table in memory, since they are more than a
 * task can have. Parameters: how many products, the table, bytes from product to product of the left, of the right, and of the results, scratch.
 */
export function batch(m: Module, name: string, func: Func, count: number, moving: Moving): void {
  m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, products, table, leftStep, rightStep, outStep, scratch) => {
    const args: Local[] = []
    for (let i = 0; i < count; i++) args.push(f.local(i === moving.scratch ? scratch : word(table, i)))
    f.while(products.gt(0), () => {
      f.call(func, ...args)
      f.step(args[moving.left]!, leftStep)
      f.step(args[moving.right]!, rightStep)
      f.step(args[moving.out]!, outStep)
      f.step(products, -1)
    })
  })
}

function word(table: Value, i: number): Value {
  return instruction('i32', [0x28, ...memory(2, i * 4)], table)
}
