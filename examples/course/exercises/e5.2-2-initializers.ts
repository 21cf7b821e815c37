// Exercise 5.2-2: which initializers there are, and what they draw.
import { init, nn, np } from 'ashlar'
import { heading } from '../src/heading.ts'

const INITIALIZERS: [string, init.Initializer | string][] = [
  ['zeros', 'zeros'],
  ['ones', 'ones'],
  ['constant', new init.Constant(0.5)],
  ['uniform', 'uniform'],
  ['normal', new init.Normal({ sigma: 0.01 })],
  ['xavier', 'xavier'],
  ['msraprelu', 'msraprelu'],
  ['orthogonal', 'orthogonal'],
]

heading('What a layer of 64 inputs and 64 outputs gets')
for (const [name, initializer] of INITIALIZERS) {
  const layer = new nn.Dense(64, { inUnits: 64 })
  layer.initialize(initializer)
  const weight = layer.weight.data()
  const [mean, deviation] = [weight.mean().item(), np.std(weight).item()]
  console.log(`${name.padEnd(11)} mean ${mean.toFixed(3).padStart(6)}  standard deviation ${deviation.toFixed(3)}`)
}
