import { lossText } from '@ashlar-examples/digits/format'
import { barOf } from '@ashlar-examples/shared/progress'
import type { LiveScreen } from '@ashlar-examples/shared/screen'

/** Shows how training goes, until `stop`. */
export interface Progress {
  step(number: number, loss: number): void
  stop(): void
}

/** A bar on a terminal, some lines elsewhere. */
export function showProgress(screen: LiveScreen, steps: number): Progress {
  return screen.live ? bar(screen, steps) : lines(screen, steps)
}

function bar(screen: LiveScreen, steps: number): Progress {
  const width = String(steps).length
  const single = barOf(screen, { words: 'step {step}/{total}  loss {loss}', rest: '  {bar}  {duration_formatted}', from: 50, taken: 40 + 2 * width })
  single.start(steps, 0, { step: '0'.padStart(width), loss: '  …   ' })
  return {
    step: (number, loss) => single.update(number, { step: String(number).padStart(width), loss: lossText(loss) }),
    stop: () => single.stop(),
  }
}

/** About ten lines, the first and the last step among them. */
function lines(screen: LiveScreen, steps: number): Progress {
  const every = Math.ceil(steps / 10)
  const width = String(steps).length
  return {
    step: (number, loss) => {
      if (number === 1 || number % every === 0 || number === steps) screen.print(`step ${String(number).padStart(width)}/${steps}  loss ${lossText(loss)}`)
    },
    stop: () => {},
  }
}
