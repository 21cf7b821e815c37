import type { Screen } from '@ashlar-examples/shared/screen'

/** A picture of pixels from 0 (paper) to 1 (ink), row by row. */
export interface Picture {
  readonly pixels: readonly number[]
  readonly width: number
}

/** Half blocks: a character shows two pixels, one above the other, and is about twice as high as wide. */
export function drawPicture({ pixels, width }: Picture, colors: boolean): string[] {
  const height = pixels.length / width
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) => {
    const pair = (column: number): [number, number] => [pixels[2 * row * width + column]!, pixels[(2 * row + 1) * width + column] ?? 0]
    const cells = Array.from({ length: width }, (_unused, column) => pair(column))
    if (!colors) return cells.map(([upper, lower]) => ' ▀▄█'[(upper >= 0.5 ? 1 : 0) + (lower >= 0.5 ? 2 : 0)]!).join('')
    return `${cells.map(([upper, lower]) => `\x1b[38;5;${grey(upper)};48;5;${grey(lower)}m▀`).join('')}\x1b[0m`
  })
}

/** Colours 232 to 255 are the greys from black to white. */
function grey(level: number): number {
  return 232 + Math.round(Math.min(1, Math.max(0, level)) * 23)
}

const GAP = 2

/** How many pictures of that width stand side by side behind `margin` columns. */
export function fitting(screen: Pick<Screen, 'columns'>, margin: number, width: number): number {
  return Math.max(1, Math.floor((screen.columns - margin + GAP) / (width + GAP)))
}

/** Pictures side by side, behind lines of text. */
export function drawRow(text: readonly string[], margin: number, pictures: readonly Picture[], colors: boolean): string[] {
  const drawn = pictures.map(picture => drawPicture(picture, colors))
  return drawn[0]!.map((_, line) => `${(text[line] ?? '').padEnd(margin)}${drawn.map(lines => lines[line]).join(' '.repeat(GAP))}`.trimEnd())
}

/** The lowest and the highest pixel of pictures. */
export function rangeOf(pictures: readonly (readonly number[])[]): [low: number, high: number] {
  return pictures.flat().reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity])
}

/** Pictures brought to the range from 0 to 1 that drawing takes: their own lowest becomes paper, their own highest ink. */
export function scaled(pictures: readonly (readonly number[])[]): number[][] {
  const [low, high] = rangeOf(pictures)
  return pictures.map(picture => picture.map(value => (high > low ? (value - low) / (high - low) : 0)))
}
