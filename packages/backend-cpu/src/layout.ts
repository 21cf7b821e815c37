import type { Shape } from '@ashlar/core'

/** A walk over a shape by several operands at once: planes of `rows` by `cols`, one for each position of `outer`. */
export interface Grid {
  readonly outer: readonly number[]
  readonly rows: number
  readonly cols: number
  /** For each operand its strides along `outer`, the rows and the columns. */
  readonly strides: readonly (readonly number[])[]
}

/** Strides with which an array of that shape is read along the axes of `out`: 0 where it stretches. */
export function broadcastStrides(shape: Shape, out: Shape): number[] {
  const strides = new Array<number>(out.length).fill(0)
  let stride = 1
  for (let i = 1; i <= shape.length; i++) {
    const extent = shape[shape.length - i]!
    if (extent !== 1) strides[out.length - i] = stride
    stride *= extent
  }
  return strides
}

/**
 * Drops axes of extent 1 and joins neighbours that every operand walks as if they were one, so that most broadcasts
 * and permutations end as a single plane whatever their rank.
 */
export function gridOf(shape: Shape, operands: readonly (readonly number[])[]): Grid {
  const extents: number[] = []
  const strides = operands.map((): number[] => [])
  for (let axis = 0; axis < shape.length; axis++) {
    const extent = shape[axis]!
    if (extent === 1) continue
    const last = extents.length - 1
    if (last >= 0 && operands.every((operand, i) => strides[i]![last] === operand[axis]! * extent)) {
      extents[last]! *= extent
      operands.forEach((operand, i) => (strides[i]![last] = operand[axis]!))
    } else {
      extents.push(extent)
      operands.forEach((operand, i) => strides[i]!.push(operand[axis]!))
    }
  }
  while (extents.length < 2) {
    extents.unshift(1)
    for (const list of strides) list.unshift(0)
  }
  return { outer: extents.slice(0, -2), rows: extents.at(-2)!, cols: extents.at(-1)!, strides }
}

/** Calls `visit` for each plane with where each operand's starts. The array of offsets is reused. */
export function eachPlane(grid: Grid, starts: readonly number[], visit: (offsets: readonly number[]) => void): void {
  const { outer, strides } = grid
  const offsets = starts.slice()
  const index = outer.map(() => 0)
  let planes = 1
  for (const extent of outer) planes *= extent
  for (let plane = 0; plane < planes; plane++) {
    visit(offsets)
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      for (let i = 0; i < offsets.length; i++) offsets[i]! += strides[i]![axis]!
      if (++index[axis]! < outer[axis]!) break
      for (let i = 0; i < offsets.length; i++) offsets[i]! -= strides[i]![axis]! * outer[axis]!
      index[axis] = 0
    }
  }
}

/** A plane of a function of two arrays: where each operand starts, and its strides along rows and columns. The output is dense from `o`. */
export interface PairPlane {
  readonly rows: number
  readonly cols: number
  readonly a: number
  readonly aRow: number
  readonly aCol: number
  readonly b: number
  readonly bRow: number
  readonly bCol: number
  readonly o: number
}

interface Sized {
  readonly shape: Shape
  readonly size: number
}

/** Splits a function of two broadcast arrays into planes; equal shapes and scalars are a single row. */
export function eachPairPlane(a: Sized, b: Sized, out: Sized, visit: (plane: PairPlane) => void): void {
  if (out.size === 0) return
  const aWhole = a.size === out.size
  const bWhole = b.size === out.size
  if ((aWhole || a.size === 1) && (bWhole || b.size === 1)) {
    visit({ rows: 1, cols: out.size, a: 0, aRow: 0, aCol: aWhole ? 1 : 0, b: 0, bRow: 0, bCol: bWhole ? 1 : 0, o: 0 })
    return
  }
  const grid = gridOf(out.shape, [broadcastStrides(a.shape, out.shape), broadcastStrides(b.shape, out.shape)])
  const { rows, cols } = grid
  const [x, y] = grid.strides as [readonly number[], readonly number[]]
  const [aRow, aCol] = x.slice(-2) as [number, number]
  const [bRow, bCol] = y.slice(-2) as [number, number]
  let o = 0
  eachPlane(grid, [0, 0], offsets => {
    visit({ rows, cols, a: offsets[0]!, aRow, aCol, b: offsets[1]!, bRow, bCol, o })
    o += rows * cols
  })
}
