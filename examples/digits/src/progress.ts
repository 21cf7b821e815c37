import { barOf } from '@ashlar-examples/shared/progress'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { lossText, percent } from './format.ts'
import type { Epoch, Listener } from './train.ts'

/** Shows how training goes, until `stop`. */
export interface Progress extends Listener {
  stop(): void
}

/** A bar on a terminal, some lines elsewhere. */
export function showProgress(screen: LiveScreen, epochs: number, batches: number): Progress {
  return screen.live ? bar(screen, epochs, batches) : lines(screen, epochs)
}

function bar(screen: LiveScreen, epochs: number, batches: number): Progress {
  const single = barOf(screen, { words: 'epoch {epoch}/{epochs}  loss {loss}  held back {accuracy}', rest: '  {bar}  {duration_formatted}', from: 60, taken: 50 + 2 * String(epochs).length })
  single.start(epochs * batches, 0, { epoch: 1, epochs, loss: '  …   ', accuracy: '   …  ' })
  return {
    batch: () => single.increment(),
    epoch: ({ number, train, test }) => single.update({ epoch: Math.min(number + 1, epochs), loss: lossText(train.loss), accuracy: percent(test.accuracy).padStart(6) }),
    stop: () => single.stop(),
  }
}

/** About ten lines, the first and the last epoch among them. No times: the same seed prints the same. */
function lines(screen: LiveScreen, epochs: number): Progress {
  const step = Math.ceil(epochs / 10)
  return {
    batch: () => {},
    epoch: epoch => {
      if (epoch.number === 1 || epoch.number % step === 0 || epoch.number === epochs) screen.print(lineOf(epoch, epochs))
    },
    stop: () => {},
  }
}

function lineOf({ number, train, test }: Epoch, epochs: number): string {
  const score = ({ loss, accuracy }: Epoch['train']): string => `loss ${lossText(loss)} accuracy ${percent(accuracy).padStart(7)}`
  return `epoch ${String(number).padStart(String(epochs).length)}/${epochs}  ${score(train)}  held back: ${score(test)}`
}
