import { AshlarError } from '@ashlar/core'
import type { BindingReport, BindingState } from './detect-binding.ts'

const ABSENT: readonly BindingState[] = ['not-installed', 'not-built']

/** The binding that was asked for cannot be had. Its message is the report's. */
export class BindingError extends AshlarError {
  declare readonly report: BindingReport

  /** @param cause what loading threw; of a package that is not there it tells nothing more */
  constructor(report: BindingReport, cause?: unknown) {
    super(report.message, { op: 'tfjsCuda', hint: report.hint, cause: ABSENT.includes(report.state) ? undefined : cause }, 'BindingError', 'ERR_BINDING')
    // Out of sight, as the message holds both: an error that ends a program is printed with its properties.
    for (const [key, value] of [['report', report], ['hint', report.hint]] as const) Object.defineProperty(this, key, { value, enumerable: false })
  }
}
