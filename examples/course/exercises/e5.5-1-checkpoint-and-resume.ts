// Exercise 5.5-1: training that stops half-way and goes on from files is the training that never stopped.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { autograd, gluon, nn, np, npx } from 'ashlar'
import { heading } from '../src/heading.ts'

const folder = mkdtempSync(join(tmpdir(), 'ashlar-course-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const parameters = join(folder, 'net.params')
const states = join(folder, 'trainer.states')

npx.random.seed(1)
const x = np.random.normal(0, 1, [32, 4])
const y = x.sum({ axis: 1, keepdims: true })
const loss = new gluon.loss.L2Loss()

function build(): { net: nn.Block; trainer: gluon.Trainer } {
  const net = new nn.Sequential(new nn.Dense(8, { activation: 'relu', inUnits: 4 }), new nn.Dense(1, { inUnits: 8 }))
  net.initialize('xavier')
  return { net, trainer: new gluon.Trainer(net.collectParams(), 'adam', { learningRate: 0.05 }) }
}

function train({ net, trainer }: { net: nn.Block; trainer: gluon.Trainer }, steps: number): number {
  let last = 0
  for (let step = 0; step < steps; step++) {
    const error = autograd.record(() => loss(net(x), y))
    error.backward()
    trainer.step(32)
    last = error.mean().item()
  }
  return last
}

const whole = build()
train(whole, 20)
whole.net.saveParameters(parameters)
whole.trainer.saveStates(states)

heading('On, without a stop')
const expected = train(whole, 20)
console.log(expected.toFixed(6))

heading('From the files, in a new network')
const resumed = build()
resumed.net.loadParameters(parameters)
resumed.trainer.loadStates(states)
const actual = train(resumed, 20)
console.log(actual.toFixed(6))
console.log(actual === expected)

heading('Without the trainer\'s file, Adam starts anew')
const careless = build()
careless.net.loadParameters(parameters)
console.log(train(careless, 20) === expected)
