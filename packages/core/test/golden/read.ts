import { readFileSync } from 'node:fs'

/** A row of a golden file with the elements of an array; see the README beside the files. */
export interface GoldenArray {
  dtype: string
  shape: number[]
  data: (number | boolean | 'nan' | 'inf' | '-inf')[]
}

/** Reads a golden file of this folder. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}

/** An element of a golden array as a number. */
export function goldenNumber(value: GoldenArray['data'][number]): number {
  if (value === 'inf') return Infinity
  if (value === '-inf') return -Infinity
  return Number(value)
}
