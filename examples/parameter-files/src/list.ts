import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { itemSize } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import type { DecodedEntries } from '@ashlar/io'
import type { ListRequest } from './options.ts'
import { showProgress } from './progress.ts'
import { readEntries } from './read.ts'

const FORMATS: Readonly<Record<DecodedEntries['format'], string>> = { params: 'MXNet .params', npy: 'NumPy .npy', npz: 'NumPy .npz', safetensors: 'safetensors', torch: 'PyTorch' }

/** Prints what files hold, one after the other. */
export async function list({ files, maxBytes }: ListRequest, screen: LiveScreen, signal: AbortSignal): Promise<void> {
  for (const [i, file] of files.entries()) {
    const progress = showProgress(screen, 2)
    try {
      const entries = await readEntries(file, maxBytes, progress, signal)
      progress.stop()
      if (i > 0) screen.print('')
      for (const line of describeEntries(file, entries)) screen.print(line)
    } finally {
      progress.stop()
    }
  }
}

const count = (n: number, one: string): string => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`
const bytesOf = (x: NDArray): number => x.size * itemSize(x.dtype)
/** Python's way of writing a shape: `(4,)`. */
const shapeText = (shape: readonly number[]): string => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`

/** A line for each array between a line for the file and one for all of them. */
export function describeEntries(file: string, { format, names, arrays, metadata }: DecodedEntries): string[] {
  const rows = arrays.map((x, i) => [names === null ? `[${i}]` : nameText(names[i]!), shapeText(x.shape), x.dtype, x.size.toLocaleString('en')])
  const widths = [0, 1, 2, 3].map(column => Math.max(0, ...rows.map(row => row[column]!.length)))
  const elements = arrays.reduce((total, x) => total + x.size, 0)
  return [
    `${file}: ${FORMATS[format]}`,
    ...Object.entries(metadata ?? {}).map(([key, value]) => `  ${nameText(key)} = ${JSON.stringify(value)}`),
    ...rows.map(([name, shape, dtype, size]) => `  ${name!.padEnd(widths[0]!)}  ${shape!.padEnd(widths[1]!)}  ${dtype!.padEnd(widths[2]!)}  ${size!.padStart(widths[3]!)}`),
    `${count(arrays.length, 'array')}, ${count(elements, 'element')}, ${count(arrays.reduce((total, x) => total + bytesOf(x), 0), 'byte')}`,
  ]
}

/** A name that could be mistaken, or that would move the cursor, is shown in quotes. */
function nameText(name: string): string {
  return /^[^\s"'\p{C}]+$/u.test(name) ? name : JSON.stringify(name).replaceAll(/\p{C}/gu, character => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`)
}
