import { disagreement } from './arrays.ts'
import type { Candidate } from './candidates.ts'
import { LaneProcess } from './lane/lane.ts'
import type { Job } from './peer.ts'
import { DISAGREES } from './report.ts'
import type { Workload } from './workloads.ts'

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** About how long one candidate runs in one round. */
  readonly secondsPerRound: number
  /** How long each candidate runs before it is measured, so that its engine has compiled what it will. */
  readonly warmUpSeconds: number
}

/** One candidate's part of a row. Units are seconds a run, or bytes where the row is of peak memory. */
export interface Cell {
  readonly median: number
  /** The median over the rounds of this candidate's number by ours in the same round: what is above 1 is worse than ours. */
  readonly ratio: number
  readonly rounds: readonly number[]
}

/** A row, with what could not be measured and why. A library that has no such thing is in neither. */
export interface Measured {
  readonly workload: string
  readonly unit: 'seconds' | 'bytes'
  readonly cells: Readonly<Record<string, Cell>>
  readonly failures: Readonly<Record<string, string>>
}

interface Running {
  readonly candidate: Candidate
  readonly lane: LaneProcess
  times: number
  rounds: number
  readonly samples: number[]
}

/** What a loop of rounds takes, at most, in multiples of the time that is meant for one candidate: slow ones get fewer rounds. */
const OVERDRAFT = 2
const FEWEST_ROUNDS = 3

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

/** Measures a row: each candidate in a process of its own, all in turn, round by round, so that drift of the machine meets all alike. */
export async function measure(workload: Workload, candidates: readonly Candidate[], effort: Effort): Promise<Measured> {
  const failures: Record<string, string> = {}
  const samples = workload.measures === 'import'
    ? await importTimes(candidates, effort, failures)
    : await withLanes(workload, candidates, failures, running => (
      typeof workload.measures === 'object' ? peaks(running, workload.measures.memoryAfter, failures) : times(running, effort, failures)))
  const ours = samples.get(candidates[0]!.name)
  const cells = [...samples].map(([name, values]): [string, Cell] => {
    const ratio = ours === undefined ? NaN : median(values.map((value, round) => value / ours[round]!).slice(0, ours.length))
    return [name, { median: median(values), ratio, rounds: values }]
  })
  return { workload: workload.name, unit: typeof workload.measures === 'object' ? 'bytes' : 'seconds', cells: Object.fromEntries(cells), failures }
}

type Samples = Map<string, readonly number[]>

/** Starts a process for each candidate, checks that all say the same, and hands on those that do. */
async function withLanes(workload: Workload, candidates: readonly Candidate[], failures: Record<string, string>, use: (running: Running[]) => Promise<void>): Promise<Samples> {
  const lanes = candidates.map(candidate => ({ candidate, lane: new LaneProcess(candidate.lane) }))
  try {
    const running: Running[] = []
    let ours: readonly number[] | null = null
    for (const { candidate, lane } of lanes) {
      await attempt(candidate, failures, async () => {
        await lane.ask('load', candidate.lane)
        const { answer } = await lane.ask('prepare', { job: jobOf(workload) })
        if (answer === null) return lane.close()
        ours ??= answer
        const difference = disagreement(ours, answer)
        if (difference !== null) throw new Error(`${DISAGREES}: ${difference}`)
        running.push({ candidate, lane, times: 1, rounds: 0, samples: [] })
      })
    }
    await use(running)
    return new Map(running.filter(({ samples }) => samples.length > 0).map(({ candidate, samples }) => [candidate.name, samples]))
  } finally {
    for (const { lane } of lanes) lane.close()
  }
}

const jobOf = ({ kind, arrays, settings }: Workload): Job => ({ kind, arrays, settings })

async function attempt(candidate: Candidate, failures: Record<string, string>, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    failures[candidate.name] = (error as Error).message.split('\n')[0]!
    return false
  }
}

async function times(running: Running[], { rounds, secondsPerRound, warmUpSeconds }: Effort, failures: Record<string, string>): Promise<void> {
  for (const one of running) {
    await attempt(one.candidate, failures, async () => {
      const { seconds } = await one.lane.ask('warmUp', { seconds: warmUpSeconds })
      one.times = Math.max(1, Math.round(secondsPerRound / seconds))
      const affordable = Math.floor((OVERDRAFT * rounds * secondsPerRound) / (seconds * one.times))
      one.rounds = Math.min(rounds, Math.max(FEWEST_ROUNDS, affordable))
    })
  }
  for (let round = 0; round < rounds; round++) {
    // Nobody always follows the same neighbour.
    const order = running.map((_, i) => running[(i + round) % running.length]!)
    for (const one of order) {
      if (round >= one.rounds) continue
      const done = await attempt(one.candidate, failures, async () => void one.samples.push((await one.lane.ask('time', { times: one.times })).seconds))
      if (!done) one.rounds = 0
    }
  }
}

async function peaks(running: Running[], runs: number, failures: Record<string, string>): Promise<void> {
  for (const { candidate, lane, samples } of running) {
    await attempt(candidate, failures, async () => {
      await lane.ask('time', { times: runs })
      samples.push((await lane.ask('memory', {})).peakBytes)
    })
  }
}

/** How long it takes until a library in a new process is ready for its first operation. */
async function importTimes(candidates: readonly Candidate[], { rounds }: Effort, failures: Record<string, string>): Promise<Samples> {
  const samples = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const candidate of candidates) {
      if (candidate.name in failures) continue
      const lane = new LaneProcess({ ...candidate.lane, source: false })
      await attempt(candidate, failures, async () => {
        const { seconds } = await lane.ask('load', candidate.lane)
        samples.set(candidate.name, [...(samples.get(candidate.name) ?? []), seconds])
      })
      lane.close()
    }
  }
  return samples
}
