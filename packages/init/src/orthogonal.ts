import type { NDArray } from '@ashlar/core'
import { Context, ValueError, describe, fromTypedArray, internal, randomStateOf } from '@ashlar/core'
import { Initializer } from './initializer.ts'
import { checkOptions } from './options.ts'
import { singularVectors } from './singular-vectors.ts'

/**
 * A matrix whose rows, or columns where it is tall, are orthogonal and `scale` long: the singular vectors of a random one
 * (Saxe, McClelland and Ganguli, 2014). A weight of more axes counts as the matrix (first axis, all others). It keeps the
 * length of signals exactly, which suits recurrent and very deep networks.
 *
 * Draws are of the parallel stream (behaviour N-05), and the decomposition takes place on the host in double precision; a
 * matrix of 512 × 512 takes a few seconds. Which sign each vector has is left open by the decomposition, and differs from MXNet's.
 */
export class Orthogonal extends Initializer {
  readonly scale: number
  readonly randType: 'uniform' | 'normal'

  /** @throws ValueError `Unknown random type` */
  constructor(options: { readonly scale?: number; readonly randType?: 'uniform' | 'normal' } = {}) {
    checkOptions(options, ['scale', 'randType'], 'Orthogonal')
    const { scale = 1.414, randType = 'uniform' } = options
    super({ scale, rand_type: randType })
    if (typeof scale !== 'number' || !Number.isFinite(scale)) throw new ValueError(`scale is a finite number, got ${describe(scale)}`, { op: 'Orthogonal' })
    if (!['uniform', 'normal'].includes(randType)) throw new ValueError('Unknown random type', { op: 'Orthogonal', hint: `use 'uniform' or 'normal'` })
    this.scale = scale
    this.randType = randType
  }

  override initWeight(name: string, data: NDArray): void {
    if (data.ndim < 2) throw new ValueError(`Orthogonal initializer cannot be applied to vector ${name}. It requires at least 2D.`, { op: 'Orthogonal', shapes: [data.shape] })
    if (data.size === 0) return
    const drawn = new Float32Array(data.size)
    const { parallel } = randomStateOf(new Context('cpu'))
    if (this.randType === 'uniform') parallel.fillUniform(drawn, -1, 1)
    else parallel.fillNormal(drawn, 0, 1)
    const rows = data.shape[0]!
    const columns = data.size / rows
    const tall = rows >= columns
    const vectors = singularVectors(tall ? transposed(drawn, rows, columns) : Float64Array.from(drawn), tall ? columns : rows)
    const values = Float32Array.from(tall ? transposed(vectors, columns, rows) : vectors, value => this.scale * value)
    internal(() => void data.set(fromTypedArray(values, data.shape, 'float32', data.context, 'Orthogonal')))
  }
}

function transposed(matrix: Float32Array | Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length)
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column]!
  return result
}
