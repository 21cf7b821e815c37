import { memory, nn, np, optim, autograd, gluon, scope } from 'ashlar'
import { expectBelow, peakResidentMegabytes } from '../long-check.ts'

// One scope a step keeps the pool flat: synchronous, and awaiting between steps.
const net = new nn.Sequential(new nn.Dense(256, { activation: 'relu' }), new nn.Dense(10))
net.initialize()
const loss = new gluon.loss.SoftmaxCrossEntropyLoss()
const x = np.random.uniform({ size: [64, 784] })
const y = np.random.randint(0, 10, [64])
net(x)
const trainer = new optim.Trainer(net.collectParams(), 'adam', { learningRate: 0.001 })

const step = (): number => scope(() => {
  const value = autograd.record(() => loss(net(x), y))
  value.backward()
  trainer.step(64)
  return value.mean().item()
})

const live = (): number => memory().devices['cpu(0)']!.live.buffers
for (let i = 0; i < 10; i++) step()
const after = live()
for (let i = 0; i < 1500; i++) step()
expectBelow('pool buffers more than after step 10, 1,500 synchronous steps later', live() - after, 0, 'buffers')
for (let i = 0; i < 1500; i++) {
  step()
  await (i % 2 === 0 ? Promise.resolve() : new Promise(resolve => setImmediate(resolve)))
}
expectBelow('pool buffers more than after step 10, 1,500 awaited steps later', live() - after, 0, 'buffers')
expectBelow('resident after 3,000 scoped steps', peakResidentMegabytes(), 400, 'MB')
