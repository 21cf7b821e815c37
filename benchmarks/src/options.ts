import { parseArgs } from 'node:util'
import { NAMES } from './candidates.ts'
import type { Effort } from './measure.ts'
import type { Workload } from './workloads.ts'
import { allWorkloads } from './workloads.ts'

export const HELP = `Times Ashlar beside its peers, in one run, and prints a table of medians.

  npm run bench [-- options]

  --quick            few rounds of the small workloads: shows that everything runs, not how fast
  --only <pattern>   only workloads whose names match this regular expression (may be repeated)
  --peers <names>    only these columns beside ours, divided by commas: ${NAMES.slice(1).join(', ')}
  --threads <n>      how many threads each library may use, where it can be told (default: its own choice)
  --rounds <n>       how many rounds (default 9; with --quick 1)
  --json <file>      where the numbers go (default: benchmarks/results/latest.json, if nothing was left out)
  --markdown <file>  writes the page about benchmarks, as docs/benchmarks.md is
  --from <file>      prints, and writes with --markdown, what an earlier run left with --json; measures nothing
  --list             the names of the workloads
  --help             this text

Names that a library cannot take part under are reported with the reason. Each cell has the time of one run and, in
parentheses, how many times ours it is. The exit code is 1 if a library computes something else than we do.`

/** What was asked for on the command line. */
export interface Options {
  readonly show: 'help' | 'list' | null
  readonly workloads: readonly Workload[]
  readonly names: readonly (typeof NAMES)[number][]
  readonly threads: number | null
  readonly effort: Effort
  readonly json: string | null
  readonly markdown: string | null
  readonly from: string | null
}

/** The command line cannot be obeyed; the message says why. */
export class OptionsError extends Error {}

function count(text: string | undefined, option: string): number | null {
  if (text === undefined) return null
  const n = Number(text)
  if (!Number.isInteger(n) || n < 1) throw new OptionsError(`--${option} takes a whole number from 1, got ${text}`)
  return n
}

function chooseNames(peers: string | undefined): (typeof NAMES)[number][] {
  if (peers === undefined) return [...NAMES]
  const wanted = peers.split(',').map(name => name.trim()).filter(name => name !== '')
  const unknown = wanted.find(name => !NAMES.slice(1).includes(name as (typeof NAMES)[number]))
  if (unknown !== undefined) throw new OptionsError(`nobody is called ${unknown}; there are ${NAMES.slice(1).join(', ')}`)
  return NAMES.filter((name, i) => i === 0 || wanted.includes(name))
}

function chooseWorkloads(quick: boolean, patterns: readonly string[]): Workload[] {
  const expressions = patterns.map(pattern => {
    try {
      return new RegExp(pattern, 'i')
    } catch (error) {
      throw new OptionsError(`--only: ${(error as Error).message}`)
    }
  })
  const chosen = allWorkloads().filter(({ quick: small, name }) => (!quick || small) && (patterns.length === 0 || expressions.some(expression => expression.test(name))))
  if (chosen.length === 0) throw new OptionsError(`no ${quick ? 'quick ' : ''}workload is called like ${patterns.join(' or ')}; --list names them`)
  return chosen
}

/**
 * Reads the command line.
 *
 * @throws OptionsError for what does not exist or cannot be
 */
export function readOptions(args: readonly string[], latest: string): Options {
  const { quick, only, peers, threads, rounds, json, markdown, from, list, help } = parse(args)
  const effort: Effort = quick === true
    ? { rounds: count(rounds, 'rounds') ?? 1, secondsPerRound: 0.01, warmUpSeconds: 0.01 }
    : { rounds: count(rounds, 'rounds') ?? 9, secondsPerRound: 0.2, warmUpSeconds: 1 }
  const complete = quick !== true && only === undefined && peers === undefined && from === undefined
  return {
    show: help === true ? 'help' : list === true ? 'list' : null,
    workloads: chooseWorkloads(quick === true, only ?? []),
    names: chooseNames(peers),
    threads: count(threads, 'threads'),
    effort,
    json: json ?? (complete ? latest : null),
    markdown: markdown ?? null,
    from: from ?? null,
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: { quick: flag, only: { type: 'string', multiple: true }, peers: text, threads: text, rounds: text, json: text, markdown: text, from: text, list: flag, help: flag },
    }).values
  } catch (error) {
    throw new OptionsError((error as Error).message)
  }
}
