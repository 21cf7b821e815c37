import { readFileSync } from 'node:fs'
import { TORCH_OPS } from '../../../backend-kit/src/operations/torch-ops.ts'

/** A row of a golden file with the elements of an array; see the README beside the files. */
export interface GoldenArray {
  dtype: string
  shape: number[]
  data: (number | boolean | 'nan' | 'inf' | '-inf')[]
}

/** Reads a golden file of this folder, or `torch-ops.json`, which the conformance kit carries for all backends. */
export function readGolden(name: string): unknown {
  if (name === 'torch-ops.json') return { cases: JSON.parse(TORCH_OPS) }
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}

/** An element of a golden array as a number. */
export function goldenNumber(value: GoldenArray['data'][number]): number {
  if (value === 'inf') return Infinity
  if (value === '-inf') return -Infinity
  return Number(value)
}
