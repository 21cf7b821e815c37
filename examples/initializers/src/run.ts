import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Screen } from '@ashlar-examples/shared/screen'
import { candidates } from './candidates.ts'
import { drawTerminal } from './draw.ts'
import type { Options } from './options.ts'
import { renderPage } from './page.ts'
import type { Journey } from './travel.ts'
import { travel } from './travel.ts'

/** One run from fresh layers to the page. */
export async function run(options: Options, screen: Screen, signal: AbortSignal): Promise<void> {
  const journeys: Journey[] = []
  for (const candidate of candidates()) {
    journeys.push(travel(candidate, options))
    // Ctrl-C gets its turn here.
    await setImmediate()
    signal.throwIfAborted()
  }
  for (const line of drawTerminal(journeys, options, screen)) screen.print(line)
  mkdirSync(options.out, { recursive: true })
  const page = join(options.out, 'initializers.html')
  writeFileSync(page, renderPage(journeys, options))
  screen.print(`\nPage: ${page}`)
}
