// Exercise 5.1-4: a block that runs two others side by side and joins what they give.
import { autograd, gluon, nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

class Parallel extends nn.Block {
  net1: nn.Block
  net2: nn.Block

  constructor(net1: nn.Block, net2: nn.Block) {
    super()
    this.net1 = net1
    this.net2 = net2
  }

  override forward(x: NDArray): NDArray {
    return np.concatenate([this.net1(x) as NDArray, this.net2(x) as NDArray], { axis: -1 })
  }
}

const dense = (units: number): nn.Dense => new nn.Dense(units, { inUnits: 2, weightInitializer: 'ones' })
const parallel = new Parallel(dense(3), dense(2))
parallel.initialize()
const x = np.array([[1, 2]])

heading('Both outputs, joined')
console.log(parallel(x))
console.log(parallel.collectParams())

heading('Gradients reach both')
autograd.record(() => parallel(x)).backward()
for (const weight of parallel.collectParams('.*weight').values()) console.log(String(weight.grad()))

heading('The library has one for any number of blocks')
const concurrent = new gluon.contrib.nn.Concurrent({ axis: -1 })
concurrent.add(dense(3), dense(2), new gluon.contrib.nn.Identity())
concurrent.initialize()
console.log(concurrent(x))
