// Exercise 5.4-1: a layer that removes the mean and learns what to add instead.
import { autograd, gluon, nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

class Recentered extends nn.Block {
  offset = this.params.get('offset', { shape: [1], init: 'zeros' })

  override forward(x: NDArray): NDArray {
    return x.sub(x.mean()).add(this.offset.data())
  }
}

const layer = new Recentered()
layer.initialize()
const x = np.array([1, 2, 3, 4, 5])

heading('At first, the mean is removed')
console.log(layer(x))

heading('Asked for values around 10, it learns the 10')
const loss = new gluon.loss.L2Loss()
const trainer = new gluon.Trainer(layer.collectParams(), 'sgd', { learningRate: 0.5 })
for (let step = 0; step < 20; step++) {
  autograd.record(() => loss(layer(x), np.array([8, 9, 10, 11, 12]))).backward()
  trainer.step(5)
}
console.log(layer.offset.data().item().toFixed(3))
console.log(layer(x))
