import { isFloat } from '@ashlar/core'
import type { Override, Spec, TypedArray } from '@ashlar/core'
import { fastBinary } from '../fast.ts'
import { binary } from '../kernels/binary.ts'
import { matmul } from '../kernels/matmul.ts'
import { pool } from '../pool.ts'
import type { Floats, HostTensor } from '../types.ts'

function addToRows(rows: Floats, bias: Floats, columns: number): void {
  for (let i = 0; i < rows.length; i += columns) {
    for (let j = 0; j < columns; j++) rows[i + j]! += bias[j]!
  }
}

/** See `linear` in core. The bias is added where the product lies. */
export const linear = (([x, weight, bias]: readonly HostTensor[], _: unknown, out: Spec) => {
  const product = matmul(x!, weight!, false, true, out)
  const [rows, cols] = out.shape as [number, number]
  if (out.size === 0) return product
  if (!isFloat(out.dtype)) {
    // A sum of bools is whether either holds.
    const sum = binary(out.dtype === 'bool' ? 'maximum' : 'add', { shape: out.shape, dtype: out.dtype, size: out.size, handle: product }, bias!, out)
    pool.release(product)
    return sum
  }
  const plane = { rows, cols, a: 0, aRow: cols, aCol: 1, b: 0, bRow: 0, bCol: 1, o: 0 }
  if (!fastBinary('add', out.dtype, product, bias!.handle, product, plane)) addToRows(product as Floats, bias!.handle as Floats, cols)
  return product
}) as Override<TypedArray>
