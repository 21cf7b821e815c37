import type { ArgReduceKind, Kernels } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import { emptyHandle, release } from '../engine/memory.ts'
import type { Handle } from '../engine/memory.ts'
import { passAround } from '../layout.ts'
import { divide } from '../source/indexing.ts'
import { RUN, RUN_PARAMETERS, chunksOf } from './reduce.ts'
import type { Program } from '../source/program.ts'

/** Statements that let `value`, found at `place`, win over `best`: the first of equals stays, NaN wins over all but NaN. */
function contest(kind: ArgReduceKind, place: string): string {
  return `if (value ${kind === 'argmax' ? '>' : '<'} best || (!(value === value) && best === best)) { best = value; at = ${place}; }`
}

/** The position along the axis of each run's extreme. */
function runProgram(kind: ArgReduceKind): Program {
  return {
    parameters: ['x', ...RUN_PARAMETERS],
    body: `${RUN}
      let best = x[base];
      let at = first;
      for (let i = 1; i < count; i++) {
        let value = x[base + i * inner];
        ${contest(kind, 'first + i')}
      }
      return at;`,
  }
}

/** The best of the runs' extremes, whose positions are in `found`. */
function finalProgram(kind: ArgReduceKind): Program {
  return {
    parameters: ['x', 'found', 'extent', 'inner', 'chunks'],
    body: `${divide('block', 'column', 'this.thread.x', 'inner')}
      let from = block * chunks * inner + column;
      let base = block * extent * inner + column;
      let at = found[from];
      let best = x[base + at * inner];
      for (let i = 1; i < chunks; i++) {
        let place = found[from + i * inner];
        let value = x[base + place * inner];
        ${contest(kind, 'place')}
      }
      return at;`,
  }
}

/** See `Kernels.argReduce`; in two stages as `reduce`. */
export function argReduceKernel(launcher: Launcher): Kernels<Handle>['argReduce'] {
  return (kind, x, axis, out) => {
    if (x.size === 0) return emptyHandle()
    const { outer, extent, inner } = passAround(x.shape, axis)
    const { chunks, width } = chunksOf(extent)
    const found = launcher.run(kind, () => runProgram(kind), [x.handle, extent, inner, chunks, width], outer * chunks * inner)
    if (chunks === 1) return found
    const result = launcher.run(`${kind} of runs`, () => finalProgram(kind), [x.handle, found, extent, inner, chunks], out.size)
    release(found)
    return result
  }
}
