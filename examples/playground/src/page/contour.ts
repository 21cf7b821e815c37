/** Ends of a piece of a line, in places of the grid; (0, 0) is the first one. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number]

/**
 * Where a surface crosses a level, by marching squares: short pieces, in no order.
 *
 * @param surface values on a grid of `side` by `side` places, row by row
 */
export function contour(surface: ArrayLike<number>, side: number, level: number): Segment[] {
  const segments: Segment[] = []
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column
      // The corners of a cell, clockwise from the top left, and the level between them.
      const corners = [surface[at]!, surface[at + 1]!, surface[at + side + 1]!, surface[at + side]!] as const
      const crossing = (i: number): readonly [number, number] => {
        const [from, to] = [corners[i]!, corners[(i + 1) % 4]!]
        const share = (level - from) / (to - from)
        if (i === 0) return [column + share, row]
        if (i === 1) return [column + 1, row + share]
        return i === 2 ? [column + 1 - share, row + 1] : [column, row + 1 - share]
      }
      const edges = [0, 1, 2, 3].filter(i => corners[i]! < level !== corners[(i + 1) % 4]! < level)
      // Two crossings are one piece; four, at a saddle, are two.
      for (let i = 0; i + 1 < edges.length; i += 2) segments.push([...crossing(edges[i]!), ...crossing(edges[i + 1]!)])
    }
  }
  return segments
}
