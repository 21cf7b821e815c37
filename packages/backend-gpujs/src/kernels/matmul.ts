import type { Kernels, Shape, Spec, Tensor } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'
import { broadcastStrides, gridArguments, gridOf } from '../layout.ts'
import { divide, walk } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'
import { returning } from './pointwise.ts'

/** Longer products are summed in blocks, so that a float sum loses few digits. */
const LONG = 1024
const BLOCK = 64

const STEP = 'a[left + p * aStep] * b[right + p * bStep]'

const SHORT_SUM = `for (let p = 0; p < depth; p++) { total = total + ${STEP}; }`

const LONG_SUM = `let blocks = Math.ceil(depth / ${BLOCK});
      for (let block = 0; block < blocks; block++) {
        let first = block * ${BLOCK};
        let count = Math.min(${BLOCK}, depth - first);
        let part = 0.0;
        for (let i = 0; i < count; i++) {
          let p = first + i;
          part = part + ${STEP};
        }
        total = total + part;
      }`

/** A transposed operand is one with other strides, so there is a kernel for each rank of the batch, and no more. */
function matmulProgram(rank: number, long: boolean, bias: boolean, result: string): Program {
  const { parameters, code } = walk(rank, ['a', 'b'], 'batch')
  return {
    parameters: ['a', 'b', ...(bias ? ['bias'] : []), 'rows', 'depth', 'columns', 'aRow', 'aStep', 'bColumn', 'bStep', ...parameters],
    body: `${divide('above', 'column', 'this.thread.x', 'columns')}
      ${divide('batch', 'row', 'above', 'rows')}
      ${code}
      let left = aAt + row * aRow;
      let right = bAt + column * bColumn;
      let total = 0.0;
      ${long ? LONG_SUM : SHORT_SUM}
      ${result}`,
  }
}

/** Strides of an operand's batch axes along the output's: in matrices, of `area` elements each. */
function batchStrides(shape: Shape, batch: Shape): number[] {
  const area = shape.at(-1)! * shape.at(-2)!
  return broadcastStrides(shape.slice(0, -2), batch).map(stride => stride * area)
}

/** A product, and what is made of each of its elements, the `total`; `bias` has one number for each column. */
export function product(
  launcher: Launcher, a: Tensor<Handle>, b: Tensor<Handle>, transposeA: boolean, transposeB: boolean, out: Spec, bias: Handle | null = null,
): Handle {
  const batch = out.shape.slice(0, -2)
  const grid = gridOf(batch, [batchStrides(a.shape, batch), batchStrides(b.shape, batch)])
  const [aLines, aLine] = a.shape.slice(-2) as [number, number]
  const bLine = b.shape.at(-1)!
  const depth = transposeA ? aLines : aLine
  const numbers = [
    out.shape.at(-2)!, depth, out.shape.at(-1)!,
    ...(transposeA ? [1, aLine] : [aLine, 1]), ...(transposeB ? [bLine, 1] : [1, bLine]),
  ]
  const [rank, long, truth] = [grid.extents.length, depth > LONG, bias !== null && out.dtype === 'bool']
  const name = `matmul rank ${rank}${long ? ' long' : ''}${bias === null ? '' : ' bias'}${truth ? ' bool' : ''}`
  const make = (): Program => matmulProgram(rank, long, bias !== null, returning(bias === null ? 'total' : 'total + bias[column]', truth ? 'bool' : 'float32'))
  return launcher.run(name, make, [a.handle, b.handle, ...(bias === null ? [] : [bias]), ...numbers, ...gridArguments(grid)], out.size)
}

/** See `Kernels.matmul`. */
export function matmulKernel(launcher: Launcher, fill: (value: number, out: Spec) => Handle): Kernels<Handle>['matmul'] {
  return (a, b, transposeA, transposeB, out) => (a.size === 0 || b.size === 0 ? fill(0, out) : product(launcher, a, b, transposeA, transposeB, out))
}
