import { printLimits } from './limits.ts'

/** How the parts of an array are joined: `, ` and an indent of 6 for repr, a blank and no indent for str. */
export interface Style {
  readonly separator: string
  /** Columns that the first line has already used, and that the other lines are indented by. */
  readonly indent: number
  /** Most characters on a line. */
  readonly width: number
}

/** Whether an array of this shape is shortened with `...`. */
export function isSummarized(shape: readonly number[]): boolean {
  return shape.reduce((size, length) => size * length, 1) > printLimits.threshold
}

/** Offsets, in row-major order, of the elements that are shown. */
export function shownOffsets(shape: readonly number[]): number[] {
  const summarized = isSummarized(shape)
  return shape.reduce<number[]>(
    (offsets, length) => {
      const indices = shownIndices(length, summarized).filter((index) => index !== ellipsis)
      return offsets.flatMap((offset) => indices.map((index) => offset * length + index))
    },
    [0],
  )
}

/**
 * Lays out a non-empty array of at least one dimension as NumPy does: brackets, separators, wrapped lines, `...`.
 *
 * @param text the text of the element at a row-major offset; it is called for `shownOffsets(shape)` only, in that order
 */
export function layOut(shape: readonly number[], style: Style, text: (offset: number) => string): string {
  const summarized = isSummarized(shape)

  /** @param columns what is left of the line's width: each bracket that will be closed takes one */
  function layOutAxis(axis: number, offset: number, indent: string, columns: number): string {
    const length = shape[axis] ?? 0
    const indices = shownIndices(length, summarized)
    const inner = indent + ' '
    if (axis === shape.length - 1) {
      const words = indices.map((index) => (index === ellipsis ? '...' : text(offset * length + index)))
      return `[${wrap(words, style.separator, inner, columns - 1)}]`
    }
    const items = indices.map((index) =>
      index === ellipsis ? '...' : layOutAxis(axis + 1, offset * length + index, inner, columns - 1),
    )
    const newlines = '\n'.repeat(shape.length - 1 - axis)
    return `[${items.join(style.separator.trimEnd() + newlines + inner)}]`
  }

  return layOutAxis(0, 0, ' '.repeat(style.indent), style.width)
}

/** Stands for the elements of an axis that are left out. */
const ellipsis = -1

function shownIndices(length: number, summarized: boolean): number[] {
  const edge = printLimits.edgeItems
  if (!summarized || length <= 2 * edge) return Array.from({ length }, (_, index) => index)
  const head = Array.from({ length: edge }, (_, index) => index)
  return [...head, ellipsis, ...head.map((index) => length - edge + index)]
}

/** Joins words into lines; the first line starts after the indent, which is already written. */
function wrap(words: readonly string[], separator: string, indent: string, columns: number): string {
  let finished = ''
  let line = indent
  words.forEach((word, index) => {
    // A word that does not fit on an empty line either stays where it is.
    if (line.length + word.length > columns && line.length > indent.length) {
      finished += line.trimEnd() + '\n'
      line = indent
    }
    line += index === words.length - 1 ? word : word + separator
  })
  return (finished + line).slice(indent.length)
}
