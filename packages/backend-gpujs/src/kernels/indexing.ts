import type { Kernels, Spec } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'
import { passAround } from '../layout.ts'
import { divide } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'

function takeProgram(): Program {
  return {
    parameters: ['x', 'indices', 'extent', 'inner', 'count'],
    body: `${divide('above', 'column', 'this.thread.x', 'inner')}
      ${divide('block', 'place', 'above', 'count')}
      let entry = indices[place];
      return x[(block * extent + entry) * inner + column];`,
  }
}

/** A GPU cannot scatter: every element of the output looks for its updates. */
function scatterProgram(): Program {
  return {
    parameters: ['updates', 'indices', 'extent', 'inner', 'count'],
    body: `${divide('above', 'column', 'this.thread.x', 'inner')}
      ${divide('block', 'entry', 'above', 'extent')}
      let base = block * count * inner + column;
      let total = 0.0;
      for (let i = 0; i < count; i++) {
        if (indices[i] === entry) { total = total + updates[base + i * inner]; }
      }
      return total;`,
  }
}

/** `take` and its gradient. */
export function indexingKernels(launcher: Launcher, fill: (value: number, out: Spec) => Handle): Pick<Kernels<Handle>, 'take' | 'scatterAdd'> {
  return {
    take(x, indices, axis, out) {
      const { extent, inner } = passAround(x.shape, axis)
      return launcher.run('take', takeProgram, [x.handle, indices.handle, extent, inner, indices.size], out.size)
    },
    scatterAdd(updates, indices, axis, out) {
      if (updates.size === 0) return fill(0, out)
      const { extent, inner } = passAround(out.shape, axis)
      return launcher.run('scatterAdd', scatterProgram, [updates.handle, indices.handle, extent, inner, indices.size], out.size)
    },
  }
}
