import { stridesOf } from '@ashlar/core'
import type { Kernels, Spec, Tensor } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'
import { broadcastStrides, gridArguments, gridOf } from '../layout.ts'
import { coordinates, perAxis, walk } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'

/** Reads `x` from `start` on along those strides, one for each axis of the output. */
function gather(launcher: Launcher, x: Tensor<Handle>, start: number, strides: readonly number[], out: Spec): Handle {
  const grid = gridOf(out.shape, [strides])
  const rank = grid.extents.length
  const make = (): Program => {
    const { parameters, code } = walk(rank, ['x'])
    // Programs walk along an array: one kernel for all of its places.
    return { parameters: ['x', 'start', ...parameters], body: `${code}\nreturn x[start + xAt];`, varying: ['start'] }
  }
  return launcher.run(`gather rank ${rank}`, make, [x.handle, start, ...gridArguments(grid)], out.size)
}

interface PaddedAxis {
  extent: number
  before: number
  inside: number
}

/** The axes of a padding, those without any joined to the one before them. */
function paddedAxes(x: Spec, before: readonly number[], out: Spec): PaddedAxis[] {
  const axes: PaddedAxis[] = []
  out.shape.forEach((extent, axis) => {
    const inside = x.shape[axis]!
    const last = axes.at(-1)
    if (last !== undefined && inside === extent) {
      last.extent *= extent
      last.before *= extent
      last.inside *= extent
    } else {
      axes.push({ extent, before: before[axis]!, inside })
    }
  })
  return axes.length > 0 ? axes : [{ extent: 1, before: 0, inside: 1 }]
}

function padProgram(rank: number): Program {
  const { parameters, code } = coordinates(rank)
  // An index out of range reads another element on a GPU, NaN or an error elsewhere: return before the read.
  const tests = perAxis('p', rank).map((p, axis) =>
    `let ${p} = c${axis} - b${axis};\nif (${p} < 0 || ${p} >= d${axis}) { return value; }`)
  const position = perAxis('p', rank).map((p, axis) => `${p} * s${axis}`).join(' + ')
  return {
    parameters: ['x', 'value', ...parameters, ...['b', 'd', 's'].flatMap(prefix => perAxis(prefix, rank))],
    body: [code, ...tests, `return x[${position}];`].join('\n'),
  }
}

/** Kernels that move elements and leave them as they are; `concat` has a file of its own. */
export function movementKernels(launcher: Launcher, fill: (value: number, out: Spec) => Handle): Pick<Kernels<Handle>, 'transpose' | 'broadcastTo' | 'slice' | 'pad'> {
  return {
    transpose(x, permutation, out) {
      const strides = stridesOf(x.shape)
      return gather(launcher, x, 0, permutation.map(axis => strides[axis]!), out)
    },
    broadcastTo: (x, out) => gather(launcher, x, 0, broadcastStrides(x.shape, out.shape), out),
    slice(x, starts, steps, out) {
      const strides = stridesOf(x.shape)
      const start = starts.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)
      return gather(launcher, x, start, strides.map((stride, axis) => stride * steps[axis]!), out)
    },
    pad(x, before, value, out) {
      if (x.size === 0) return fill(value, out)
      const axes = paddedAxes(x, before, out)
      const numbers = [
        ...axes.slice(1).map(({ extent }) => extent), ...axes.map(axis => axis.before), ...axes.map(({ inside }) => inside),
        ...stridesOf(axes.map(({ inside }) => inside)),
      ]
      return launcher.run(`pad rank ${axes.length}`, () => padProgram(axes.length), [x.handle, value, ...numbers], out.size)
    },
  }
}
