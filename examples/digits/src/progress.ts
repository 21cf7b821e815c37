import cliProgress from 'cli-progress'
import { lossText, percent } from './format.ts'
import type { Screen } from './screen.ts'
import type { Epoch, Listener } from './train.ts'

/** Shows how training goes, until `stop`. */
export interface Progress extends Listener {
  stop(): void
}

/** A bar on a terminal, some lines elsewhere. */
export function showProgress(screen: Screen, epochs: number, batches: number): Progress {
  return screen.live ? bar(screen, epochs, batches) : lines(screen, epochs)
}

function bar(screen: Screen, epochs: number, batches: number): Progress {
  const text = 'epoch {epoch}/{epochs}  loss {loss}  held back {accuracy}'
  const single = new cliProgress.SingleBar({
    // Words come first: the bar takes what they leave, and a narrow terminal has none.
    format: screen.columns < 60 ? text : `${text}  {bar}  {duration_formatted}`,
    barsize: Math.max(5, Math.min(40, screen.columns - 50 - 2 * String(epochs).length)),
    stream: screen.stream,
    hideCursor: true,
    // The demo handles signals itself.
    gracefulExit: false,
  }, cliProgress.Presets.shades_classic)
  single.start(epochs * batches, 0, { epoch: 1, epochs, loss: '  …   ', accuracy: '   …  ' })
  return {
    batch: () => single.increment(),
    epoch: ({ number, train, test }) => single.update({ epoch: Math.min(number + 1, epochs), loss: lossText(train.loss), accuracy: percent(test.accuracy).padStart(6) }),
    stop: () => single.stop(),
  }
}

/** About ten lines, the first and the last epoch among them. No times: the same seed prints the same. */
function lines(screen: Screen, epochs: number): Progress {
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
