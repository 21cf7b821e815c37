// Exercise 5.2-1: the parameters of a block that has a constant among them.
import { nn, np, npx } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

class FancyMLP extends nn.Block {
  randWeight = this.params.getConstant('rand_weight', np.random.uniform({ size: [20, 20] }))
  dense = new nn.Dense(20, { activation: 'relu' })

  override forward(x: NDArray): NDArray {
    const h = npx.relu(np.dot(this.dense(x), this.randWeight.data()).add(1))
    return this.dense(h).sum()
  }
}

const net = new FancyMLP()
net.initialize()
net(np.ones([2, 20]))

heading('All of them')
console.log(net.collectParams())

heading('Layer by layer')
console.log(net.dense.weight.data().shape, net.dense.bias!.data().shape, net.randWeight.data().shape)

heading('A constant has no gradient')
try {
  net.randWeight.grad()
} catch (error) {
  console.log((error as Error).message)
}
