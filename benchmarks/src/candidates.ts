import type { Lane } from './lane/lane.ts'
import { LaneProcess } from './lane/lane.ts'

/** Who takes part. */
export interface Candidate {
  /** The name of its column. */
  readonly name: string
  readonly lane: Lane
}

/** A candidate that is there. */
export interface Present extends Candidate {
  readonly version: string
}

/** Who could take part; we come first. */
export const NAMES = ['ashlar', 'tfjs cpu', 'tfjs wasm', 'tfjs-node', 'jax-js wasm', 'gpu.js', 'torch'] as const

const LANES: Readonly<Record<(typeof NAMES)[number], readonly [module: string, variant: string]>> = {
  ashlar: ['ashlar', ''],
  'tfjs cpu': ['tfjs', 'cpu'],
  'tfjs wasm': ['tfjs', 'wasm'],
  'tfjs-node': ['tfjs', 'node'],
  'jax-js wasm': ['jax', 'wasm'],
  'gpu.js': ['gpujs', ''],
  torch: ['torch', ''],
}

/**
 * Loads every candidate once, to see which are there.
 *
 * @returns those that are, and why the others are not
 */
export async function findCandidates(names: readonly (typeof NAMES)[number][], threads: number | null): Promise<{ present: Present[]; absent: Record<string, string> }> {
  const present: Present[] = []
  const absent: Record<string, string> = {}
  for (const name of names) {
    const [module, variant] = LANES[name]
    const lane: Lane = { module, variant, threads, source: true }
    const process = new LaneProcess(lane)
    try {
      const { version } = await process.ask('load', lane)
      present.push({ name, lane, version })
    } catch (error) {
      absent[name] = (error as Error).message.split('\n')[0]!
    } finally {
      process.close()
    }
  }
  return { present, absent }
}
