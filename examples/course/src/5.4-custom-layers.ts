// Section 5.4: layers of our own, without parameters and with.
import { gluon, nn, np, npx } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from './heading.ts'

heading('A layer without parameters')

class CenteredLayer extends nn.Block {
  override forward(x: NDArray): NDArray {
    return x.sub(x.mean())
  }
}

const layer = new CenteredLayer()
console.log(layer(np.array([1, 2, 3, 4, 5])))

heading('In a network, the mean is 0 but for rounding')
const centered = new nn.Sequential()
centered.add(new nn.Dense(128), new CenteredLayer())
centered.initialize()
const y = centered(np.random.uniform({ size: [4, 8] }))
console.log(Math.abs(y.mean().item()) < 1e-8)

heading('A dictionary of parameters')
const params = new gluon.ParameterDict()
params.get('param2', { shape: [2, 3] })
console.log(params)

heading('A layer with parameters')

class MyDense extends nn.Block {
  readonly weight: nn.Parameter
  readonly bias: nn.Parameter

  constructor(units: number, inUnits: number, options: nn.BlockOptions = {}) {
    super(options)
    this.weight = this.params.get('weight', { shape: [inUnits, units] })
    this.bias = this.params.get('bias', { shape: [units] })
  }

  override forward(x: NDArray): NDArray {
    const linear = np.dot(x, this.weight.data()).add(this.bias.data())
    return npx.relu(linear)
  }
}

const dense = new MyDense(3, 5)
console.log(dense.params)

heading('Its output')
dense.initialize()
console.log(dense(np.random.uniform({ size: [2, 5] })))

heading('Two of them')
const net = new nn.Sequential()
net.add(new MyDense(8, 64), new MyDense(1, 8))
net.initialize()
console.log(net(np.random.uniform({ size: [2, 64] })))
