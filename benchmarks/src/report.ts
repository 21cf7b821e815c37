import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { Present } from './candidates.ts'
import type { Effort, Measured } from './measure.ts'

/** Everything that a run found out: what `--json` writes. */
export interface Report {
  readonly machine: Machine
  /** What was typed to get it. */
  readonly command: string
  readonly effort: Effort
  /** How many threads each candidate was told to use; null left that to them. */
  readonly threads: number | null
  /** The versions of those that took part, in the order of the columns. */
  readonly versions: Readonly<Record<string, string>>
  /** Why others did not. */
  readonly absent: Readonly<Record<string, string>>
  readonly results: readonly Measured[]
}

export interface Machine {
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly date: string
  /** The commit that was measured, with a plus sign where files had changed since; null outside a repository. */
  readonly commit: string | null
}

function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

export function describeMachine(): Machine {
  const commit = git('rev-parse', '--short', 'HEAD')
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    date: new Date().toISOString().slice(0, 10),
    commit: commit === null || git('status', '--porcelain') === '' ? commit : `${commit}+`,
  }
}

export function versionsOf(present: readonly Present[]): Record<string, string> {
  return Object.fromEntries(present.map(({ name, version }) => [name, version]))
}

/** What went wrong, a line each, with the rows of one candidate and one reason together. */
export function notes({ absent, results }: Pick<Report, 'absent' | 'results'>): string[] {
  const rows = new Map<string, string[]>()
  for (const { workload, failures } of results) {
    for (const [name, reason] of Object.entries(failures)) {
      const key = `${name}: ${reason}`
      rows.set(key, [...(rows.get(key) ?? []), workload])
    }
  }
  return [
    ...Object.entries(absent).map(([name, reason]) => `${name} is not here: ${reason}`),
    ...[...rows].map(([key, workloads]) => `${key} (${workloads.length > 2 ? `${workloads.length} rows, such as ${workloads[0]}` : workloads.join('; ')})`),
  ]
}

/** Whether every candidate that ran computed what we did, and we ran everywhere. */
export function succeeded({ results }: Pick<Report, 'results'>): boolean {
  return results.every(({ cells, failures }) => 'ashlar' in cells && !Object.values(failures).some(reason => reason.startsWith(DISAGREES)))
}

/** How the reason begins where a candidate's numbers are not ours. */
export const DISAGREES = 'computes something else'
