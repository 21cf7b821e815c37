import { specOf } from '@ashlar/core'
import type { Kernels, Tensor } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import { release } from '../engine/memory.ts'
import type { Handle } from '../engine/memory.ts'
import { passAround } from '../layout.ts'
import { divide, perAxis } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'

/** gpu.js drops array arguments from the 33rd on in silence, GPUs often have 16 places for textures, and WebGPU has eight for buffers, the output among them. */
export const MOST_ARRAYS = 7

/** Rows of `count` inputs end to end: `w` are the widths of their rows, `width` the width of all. */
function concatProgram(count: number): Program {
  const arrays = perAxis('x', count)
  const widths = perAxis('w', count)
  const parts = arrays.flatMap((x, i) => [`if (at < ${widths[i]}) { return ${x}[row * ${widths[i]} + at]; }`, `at = at - ${widths[i]};`])
  return {
    parameters: [...arrays, 'width', ...widths],
    body: [divide('row', 'at', 'this.thread.x', 'width'), ...parts, 'return 0;'].join('\n'),
  }
}

/** Joins along an axis, at most eight at a time. */
export function concatKernel(launcher: Launcher): Kernels<Handle>['concat'] {
  const concat: Kernels<Handle>['concat'] = (inputs, axis, out) => {
    const parts = inputs.filter(x => x.size > 0)
    if (parts.length > MOST_ARRAYS) {
      const joined: Tensor<Handle>[] = []
      for (let i = 0; i < parts.length; i += MOST_ARRAYS) {
        const group = parts.slice(i, i + MOST_ARRAYS)
        const spec = specOf(out.shape.with(axis, group.reduce((sum, x) => sum + x.shape[axis]!, 0)), out.dtype)
        joined.push({ ...spec, handle: concat(group, axis, spec) })
      }
      const result = concat(joined, axis, out)
      for (const { handle } of joined) release(handle)
      return result
    }
    const widths = parts.map(({ shape }) => shape[axis]! * passAround(shape, axis).inner)
    const width = widths.reduce((sum, n) => sum + n, 0)
    const handles = parts.map(({ handle }) => handle)
    return launcher.run(`concat of ${parts.length}`, () => concatProgram(parts.length), [...handles, width, ...widths], out.size)
  }
  return concat
}
