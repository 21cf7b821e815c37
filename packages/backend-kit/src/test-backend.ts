import type { Backend, Device } from '@ashlar/core'
import { describe, it } from 'vitest'
import type { KernelCase, Tolerances } from './case.ts'
import { collectCases } from './collect.ts'
import { formatSupport, summarizeSupport, supportTable } from './support/table.ts'

/** Tests that a backend is known to fail. */
export interface Skip {
  /** Why, for whoever reads the report: it is part of the tests' titles. */
  readonly reason: string
  /** Whole names of tests, or expressions that match some. */
  readonly tests: readonly (string | RegExp)[]
  /** Set where a test would take the process down; else it is run, and the run fails if it passes. */
  readonly crashes?: boolean
}

/** What {@link testBackend} takes. */
export interface BackendTestOptions {
  /** The backend, a promise of it, or a function that makes either. */
  readonly backend: Backend | Promise<Backend> | (() => Backend | Promise<Backend>)
  /** How far floating-point results may be off, where the defaults are too strict for the hardware. */
  readonly tolerance?: Tolerances
  readonly skip?: readonly Skip[]
}

/**
 * Declares vitest suites that check a backend, kernel by kernel against an index-by-index reference (storage, tables of values
 * for every kernel, kind and declared dtype, special values, random shapes), and operation by operation through core's public
 * functions: outputs and gradients as PyTorch computes them, overrides against compositions, autograd, contexts, random
 * streams, and that nothing stays in memory. Random cases differ from run to run; a failure names its seed, which the
 * environment variable `ASHLAR_KIT_SEED` fixes. At the end it prints how many functions of core run in which way;
 * `ASHLAR_KIT_TABLE=1` prints the table.
 *
 * A test on the skip list runs all the same, and fails the run if it passes, so that the list stays true.
 *
 * @example
 * ```ts no-run declares tests, so it needs vitest around it
 * import { referenceBackend, testBackend } from '@ashlar/backend-kit'
 * testBackend({ backend: referenceBackend })
 * ```
 */
export function testBackend(options: BackendTestOptions): void {
  const { backend, tolerance = {}, skip = [] } = options
  const seed = seedOfRun()
  describe(`backend kit (seed ${seed})`, async () => {
    const opened = await (typeof backend === 'function' ? backend() : backend)
    if (opened.count === 0) {
      it(`${opened.name} passes the kit`, ({ skip: leaveOut }) => leaveOut(`${opened.name} has no device on this machine`))
      return
    }
    const device = opened.open(0)
    const cases = collectCases({ tolerance, seed, overrides: Object.keys(device.overrides ?? {}) })
    // What a backend does not declare it need not do: such cases are none of its own, rather than skipped.
    const declared = cases.filter(kase => kase.appliesTo(device.capabilities))
    for (const kase of declared) declare(kase, device, skip)
    it('the support table covers the device', async () => {
      const rows = await supportTable(device)
      const refused = rows.filter(({ how }) => how === 'none').map(({ op }) => op)
      const all = variable('ASHLAR_KIT_TABLE') === undefined ? '' : `\n${formatSupport(rows, device.capabilities.dtypes)}`
      print(`${opened.name}: ${summarizeSupport(rows)}${refused.length === 0 ? '' : ` (${refused.join(', ')})`}${all}`)
    })
    it('every entry of the skip list names a test', () => {
      const idle = skip.flatMap(entry => entry.tests).filter(test => !cases.some(({ name }) => matches(name, test)))
      if (idle.length > 0) throw new Error(`no test is called ${idle.join(', ')}`)
    })
  })
}

function declare({ name, run }: KernelCase, device: Device, skip: readonly Skip[]): void {
  const entry = skip.find(({ tests }) => tests.some(test => matches(name, test)))
  if (entry === undefined) {
    it(name, () => run(device))
  } else if (entry.crashes === true) {
    it(`${name} [crashes: ${entry.reason}]`, ({ skip: leaveOut }) => leaveOut(`crashes: ${entry.reason}`))
  } else {
    it(`${name} [fails: ${entry.reason}]`, () => expectFailure(run(device), entry.reason))
  }
}

/** Resolves if the run rejects: what a skipped test has to do. */
export async function expectFailure(run: Promise<void>, reason: string): Promise<void> {
  const passed = await run.then(() => true, () => false)
  if (passed) throw new Error(`passes now: take it off the skip list (${reason})`)
}

function matches(name: string, test: string | RegExp): boolean {
  return typeof test === 'string' ? test === name : name.search(test) >= 0
}

/** A variable of the environment, where there is one. `process` is read through globalThis because browsers have none. */
function variable(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  const given = process?.env?.[name]
  return given === '' ? undefined : given
}

/** What a test run shows is what it prints. */
function print(text: string): void {
  // oxlint-disable-next-line no-console -- a report, not a trace
  console.log(text)
}

function seedOfRun(): number {
  const given = variable('ASHLAR_KIT_SEED')
  if (given === undefined) return Math.floor(Math.random() * 2 ** 32)
  const seed = Number(given)
  if (!Number.isInteger(seed)) throw new RangeError(`ASHLAR_KIT_SEED is ${given}, not a whole number`)
  return seed
}
