import type { Kernels, Shape, Spec } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'
import { broadcastStrides, gridArguments, gridOf } from '../layout.ts'
import { divide, walk } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'

/** Products are summed in blocks of this many, so that a long float sum loses few digits. */
const BLOCK = 64

/** A transposed operand is one with other strides, so there is a kernel for each rank of the batch, and no more. */
function matmulProgram(rank: number): Program {
  const { parameters, code } = walk(rank, ['a', 'b'], 'batch')
  return {
    parameters: ['a', 'b', 'rows', 'depth', 'columns', 'aRow', 'aStep', 'bColumn', 'bStep', ...parameters],
    body: `${divide('above', 'column', 'this.thread.x', 'columns')}
      ${divide('batch', 'row', 'above', 'rows')}
      ${code}
      let left = aAt + row * aRow;
      let right = bAt + column * bColumn;
      let total = 0.0;
      let blocks = Math.ceil(depth / ${BLOCK});
      for (let block = 0; block < blocks; block++) {
        let first = block * ${BLOCK};
        let count = Math.min(${BLOCK}, depth - first);
        let part = 0.0;
        for (let i = 0; i < count; i++) {
          let p = first + i;
          part = part + a[left + p * aStep] * b[right + p * bStep];
        }
        total = total + part;
      }
      return total;`,
  }
}

/** Strides of an operand's batch axes along the output's: in matrices, of `area` elements each. */
function batchStrides(shape: Shape, batch: Shape): number[] {
  const area = shape.at(-1)! * shape.at(-2)!
  return broadcastStrides(shape.slice(0, -2), batch).map(stride => stride * area)
}

/** See `Kernels.matmul`. */
export function matmulKernel(launcher: Launcher, fill: (value: number, out: Spec) => Handle): Kernels<Handle>['matmul'] {
  return (a, b, transposeA, transposeB, out) => {
    if (a.size === 0 || b.size === 0) return fill(0, out)
    const batch = out.shape.slice(0, -2)
    const grid = gridOf(batch, [batchStrides(a.shape, batch), batchStrides(b.shape, batch)])
    const [aLines, aLine] = a.shape.slice(-2) as [number, number]
    const bLine = b.shape.at(-1)!
    const numbers = [
      out.shape.at(-2)!, transposeA ? aLines : aLine, out.shape.at(-1)!,
      ...(transposeA ? [1, aLine] : [aLine, 1]), ...(transposeB ? [bLine, 1] : [1, bLine]),
    ]
    const rank = grid.extents.length
    return launcher.run(`matmul rank ${rank}`, () => matmulProgram(rank), [a.handle, b.handle, ...numbers, ...gridArguments(grid)], out.size)
  }
}
