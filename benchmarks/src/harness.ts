/** One candidate of a row: what it runs once, and how it is named in the table. */
export interface Candidate {
  readonly name: string
  run(): void
}

/** A row of the table: the same work by each candidate, the first being ours. */
export interface Workload {
  readonly name: string
  readonly candidates: readonly Candidate[]
}

/** Medians over the rounds, in seconds a run. */
export interface Measured {
  readonly workload: string
  readonly seconds: Readonly<Record<string, number>>
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** About how long one candidate runs in one round. */
  readonly secondsPerRound: number
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}

function time(run: () => void, times: number): number {
  const start = process.hrtime.bigint()
  for (let i = 0; i < times; i++) run()
  return Number(process.hrtime.bigint() - start) / 1e9 / times
}

/** How many runs fill a round; the runs on the way there warm the engine up. */
function runsPerRound(run: () => void, seconds: number): number {
  let times = 1
  for (;;) {
    const each = time(run, times)
    if (each * times > seconds / 4) return Math.max(1, Math.round(seconds / each))
    times *= 2
  }
}

/** Measures all candidates of a row in turn, round by round, so that drift of the machine meets all alike. */
export function measure(workload: Workload, effort: Effort): Measured {
  const times = workload.candidates.map(candidate => runsPerRound(candidate.run, effort.secondsPerRound))
  const samples = workload.candidates.map(() => [] as number[])
  for (let round = 0; round < effort.rounds; round++) {
    workload.candidates.forEach((candidate, i) => samples[i]!.push(time(candidate.run, times[i]!)))
  }
  return { workload: workload.name, seconds: Object.fromEntries(workload.candidates.map((candidate, i) => [candidate.name, median(samples[i]!)])) }
}
