import type { Settings } from '../settings.ts'
import { OPTIMIZERS } from '../settings.ts'

/** A line of a program; `device` marks the one that knows where it runs. */
export interface CodeLine {
  readonly text: string
  readonly device?: boolean
}

/** The training of these settings as one would write it: the worker's own, without the page around it. */
export function codeOf(settings: Settings): CodeLine[] {
  const { hidden, activation, backend, optimizer, learningRate, batchSize, seed } = settings
  const { name, options } = OPTIMIZERS[optimizer]
  const optimizerOptions = Object.entries({ ...options, learningRate }).map(([key, value]) => `${key}: ${value}`).join(', ')
  return [
    { text: 'const net = new nn.Sequential(' },
    ...hidden.map(units => ({ text: `  new nn.Dense(${units}, { activation: '${activation}' }),` })),
    { text: '  new nn.Dense(2),' },
    { text: ')' },
    { text: `npx.random.seed(${seed})` },
    { text: `net.initialize('xavier')` },
    { text: `net.collectParams().resetCtx(device.${backend}(0))`, device: true },
    { text: '' },
    { text: 'const trainer = new optim.Trainer(' },
    { text: `  net.collectParams(), '${name}',` },
    { text: `  { ${optimizerOptions} },` },
    { text: ')' },
    { text: `for (const [x, y] of batches(points, ${batchSize})) {` },
    { text: '  const l = autograd.record(() => {' },
    { text: '    return loss(net(x), y)' },
    { text: '  })' },
    { text: '  l.backward()' },
    { text: '  trainer.step(x.length)' },
    { text: '}' },
  ]
}
