import type { Order, Sizes } from './lessons.ts'

/** How often each digit from 0 to 9 is among the labels. */
export function countsOf(labels: readonly number[]): number[] {
  return Array.from({ length: 10 }, (_, digit) => labels.filter(label => label === digit).length)
}

/** How many of each kind of digit the two parts have. */
export function splitLines(kinds: readonly number[], counts: { readonly train: readonly number[]; readonly test: readonly number[] }): string[] {
  const row = (name: string, cells: readonly (number | undefined)[]): string => `${name.padEnd(12)}${cells.map(cell => String(cell).padStart(4)).join(' ')}`
  const sorted = [...kinds].sort((a, b) => a - b)
  return [row('digit', sorted), row('to train', sorted.map(kind => counts.train[kind])), row('held back', sorted.map(kind => counts.test[kind]))]
}

const NAME = 28

/** The labels of first batches, as many as fit. */
export function orderLines(orders: readonly Order[], columns: number): string[] {
  return orders.map(({ name, labels, same }) => {
    const note = same === undefined ? '' : `  as ${same}`
    const room = Math.max(4, Math.floor((columns - NAME - 26) / 2))
    const shown = labels.slice(0, room).join(' ')
    return `${name.padEnd(NAME)}${shown}${labels.length > room ? ' …' : ''}${note}`
  })
}

/** `22 × 64, 30`: neighbours of one size are told once. */
export function sizesText(sizes: readonly number[]): string {
  const runs: [size: number, count: number][] = []
  for (const size of sizes) {
    const run = runs.at(-1)
    if (run?.[0] === size) run[1]++
    else runs.push([size, 1])
  }
  return runs.length === 0 ? 'none' : runs.map(([size, count]) => (count === 1 ? String(size) : `${count} × ${size}`)).join(', ')
}

/** What becomes of last batches in each mode, epoch by epoch. */
export function lastBatchLines(modes: Readonly<Record<string, readonly Sizes[]>>): string[] {
  return Object.entries(modes).map(([mode, epochs]) => {
    const texts = epochs.map(({ sizes, waiting }) => `${sizesText(sizes)}${waiting > 0 ? ` (${waiting} wait)` : ''}`)
    return `${mode.padEnd(12)}${texts.join(' | ')}`
  })
}
