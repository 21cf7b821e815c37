import type { Override, Spec, Tensor } from '@ashlar/core'
import type { Handle } from '../engine/memory.ts'
import { perAxis } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'
import type { Overrides, Tools } from './types.ts'
import { eachPlace, indices, positionOf, seen, windowNumbers, windowParameters } from './windows.ts'

/** The attributes of pooling in core. */
interface Pooling {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly countIncludePad?: boolean
}

function programOf(rank: number, start: string, each: string, end: string): Program {
  const plane = perAxis('extent', rank).join(' * ')
  return {
    parameters: ['x', 'inf', ...windowParameters(rank)],
    body: `${indices(rank, 'this.thread.x', 'w', 'output', 'plane')}
      ${start}
      ${eachPlace(rank, seen(rank, `let value = x[plane * ${plane} + ${positionOf(rank, 'p', 'extent')}];\n${each}`))}
      ${end}`,
  }
}

/** Statements that count what lies in a window, with the padding around the array or without. */
function counting(rank: number, includePad: boolean): string {
  return [
    'let count = 1.0;',
    ...Array.from({ length: rank }, (_, axis) => {
      const pad = includePad ? `before${axis}` : '0'
      return `let low${axis} = w${axis} * stride${axis} - before${axis};
        let high${axis} = Math.min(low${axis} + kernel${axis}, extent${axis} + ${pad});
        count = count * Math.max(high${axis} - Math.max(low${axis}, (-${pad})), 0);`
    }),
  ].join('\n')
}

/** See `maxPool` and `avgPool` in core; padding never wins. */
export function poolingOverrides({ launcher }: Tools): Overrides {
  const pool = (name: string, make: (rank: number) => Program): Override<Handle> => (([x]: readonly [Tensor<Handle>], { kernel, stride, padding }: Pooling, out: Spec) => {
    const rank = kernel.length
    const windows = { kernel, stride, dilation: kernel.map(() => 1), before: padding, output: out.shape.slice(2) }
    return launcher.run(`${name} ${rank}`, () => make(rank), [x.handle, Infinity, ...windowNumbers(x.shape.slice(2), windows)], out.size)
  }) as unknown as Override<Handle>
  const mean = (includePad: boolean): Override<Handle> => pool(`avgPool${includePad ? ' padded' : ''}`, rank =>
    programOf(rank, 'let total = 0.0;', 'total = total + value;', `${counting(rank, includePad)}\nreturn total / count;`))
  const [padded, bare] = [mean(true), mean(false)]
  return {
    maxPool: pool('maxPool', rank => programOf(rank, 'let best = (-inf);', 'best = maximumOf(best, value);', 'return best;')),
    avgPool: ((inputs: never, attributes: Pooling, out: Spec) => (attributes.countIncludePad === true ? padded : bare)(inputs, attributes as never, out)) as unknown as Override<Handle>,
  }
}
