import type { DType, Spec, Tensor } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'
import { broadcastStrides, gridArguments, gridOf } from '../layout.ts'
import { walk } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'

/** A function of the elements at one place. */
export interface Pointwise {
  /** Names the function and its variant. */
  readonly name: string
  /** What its statements call the elements of each array. */
  readonly operands: readonly string[]
  /** Names of numbers that differ from call to call. `inf` and `nan` are at hand. */
  readonly scalars?: readonly string[]
  /** Statements that return the result. */
  statements(): string
}

/** Statements that choose between two expressions. */
export function choose(condition: string, yes: string, no: string): string {
  return `if (${condition}) { return ${yes}; }\nreturn ${no};`
}

/** Statements that return a value; bool keeps to 0 and 1. */
export function returning(expression: string, dtype: DType): string {
  return dtype === 'bool' ? `let result = ${expression};\n${choose('result === 0', '0', '1')}` : `return ${expression};`
}

function programOf({ operands, scalars = [], statements }: Pointwise, rank: number): Program {
  const arrays = operands.map(operand => `${operand}s`)
  const { parameters, code } = walk(rank, arrays)
  const reads = operands.map((operand, i) => `let ${operand} = ${arrays[i]}[${arrays[i]}At];`)
  return { parameters: [...arrays, 'inf', 'nan', ...scalars, ...parameters], body: [code, ...reads, statements()].join('\n'), varying: scalars }
}

/** Launches a function of arrays that broadcast to the output's shape. */
export function pointwise(launcher: Launcher, definition: Pointwise, inputs: readonly Tensor<Handle>[], out: Spec, scalars: readonly number[] = []): Handle {
  const grid = gridOf(out.shape, inputs.map(x => broadcastStrides(x.shape, out.shape)))
  const rank = grid.extents.length
  const handles = inputs.map(x => x.handle)
  return launcher.run(`${definition.name} rank ${rank}`, () => programOf(definition, rank), [...handles, Infinity, NaN, ...scalars, ...gridArguments(grid)], out.size)
}
