// Exercise 5.2-4: a network with a layer that is used twice, watched while it learns.
import { autograd, gluon, nn, np, npx } from 'ashlar'
import { heading } from '../src/heading.ts'

npx.random.seed(1)
const shared = new nn.Dense(8, { activation: 'tanh' })
const net = new nn.Sequential()
net.add(new nn.Dense(8, { activation: 'tanh' }), shared, new nn.Dense(8, { activation: 'tanh', params: shared.params }), new nn.Dense(1))
net.initialize('xavier')

const x = np.random.normal(0, 1, [64, 4])
const y = np.sin(x.sum({ axis: 1, keepdims: true }))
const loss = new gluon.loss.L2Loss()
const trainer = new gluon.Trainer(net.collectParams(), 'sgd', { learningRate: 0.5 })

heading('Step by step')
for (let step = 0; step < 60; step++) {
  const error = autograd.record(() => loss(net(x), y))
  error.backward()
  if (step % 20 === 0) {
    const gradient = np.norm(net[1].weight.grad()).item()
    console.log(`step ${String(step).padStart(2)}: loss ${error.mean().item().toFixed(4)}, gradient of the shared weight ${gradient.toFixed(3)}`)
  }
  trainer.step(64)
}

heading('Still one weight')
console.log(net[1].weight === net[2].weight)
console.log(np.arrayEqual(net[1].weight.data(), net[2].weight.data()))

heading('Its gradient is the sum of what both uses give')
const [first, second] = [np.zeros([8, 8]), np.zeros([8, 8])]
const weight = shared.weight.data()
const bias = shared.bias!.data()
// The same network with two copies of the weight, so that each has a gradient of its own.
const copies = [weight.copy(), weight.copy()] as const
for (const copy of copies) copy.attachGrad()
autograd.record(() => {
  const h = net[0](x)
  const once = np.tanh(npx.linear(h, copies[0], bias))
  const twice = np.tanh(npx.linear(once, copies[1], bias))
  return loss(net[3](twice), y)
}).backward()
first.set(copies[0].grad!)
second.set(copies[1].grad!)
autograd.record(() => loss(net(x), y)).backward()
console.log(np.abs(first.add(second).sub(net[1].weight.grad())).max().item() < 1e-5)
