// Section 5.1: networks are made of blocks, and a block is a class with a `forward`.
import { nn, np, npx } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from './heading.ts'

heading('Two layers, one after the other')

const x = np.random.uniform({ size: [2, 20] })

const net = new nn.Sequential()
net.add(new nn.Dense(256, { activation: 'relu' }))
net.add(new nn.Dense(10))
net.initialize()
console.log(net(x))

heading('The same as a class of its own')

class MLP extends nn.Block {
  hidden = new nn.Dense(256, { activation: 'relu' })
  output = new nn.Dense(10)

  override forward(input: NDArray): NDArray {
    return this.output(this.hidden(input))
  }
}

const mlp = new MLP()
mlp.initialize()
console.log(mlp(x))

heading('A container, rebuilt')

class MySequential extends nn.Block {
  // Every block has a name of its own, so it serves as the key.
  add(block: nn.Block): void {
    this.children.set(block.name, block)
  }

  override forward(input: NDArray): NDArray {
    let output = input
    for (const block of this.children.values()) output = block(output) as NDArray
    return output
  }
}

const mine = new MySequential()
mine.add(new nn.Dense(256, { activation: 'relu' }))
mine.add(new nn.Dense(10))
mine.initialize()
console.log(mine(x))

heading('Constants, a layer used twice, and control flow')

class FancyMLP extends nn.Block {
  // A constant goes into files with the network, and no training changes it.
  randWeight = this.params.getConstant('rand_weight', np.random.uniform({ size: [20, 20] }))
  dense = new nn.Dense(20, { activation: 'relu' })

  override forward(input: NDArray): NDArray {
    let h = this.dense(input)
    h = npx.relu(np.dot(h, this.randWeight.data()).add(1))
    // The second use of the layer has the same weights, and its gradients add to those of the first.
    h = this.dense(h)
    while (np.abs(h).sum().item() > 1) h = h.div(2)
    if (np.abs(h).sum().item() < 0.8) h = h.mul(10)
    return h.sum()
  }
}

const fancy = new FancyMLP()
fancy.initialize()
console.log(fancy(x))

heading('Blocks in blocks')

class NestMLP extends nn.Block {
  net = new nn.Sequential(new nn.Dense(64, { activation: 'relu' }), new nn.Dense(32, { activation: 'relu' }))
  dense = new nn.Dense(16, { activation: 'relu' })

  override forward(input: NDArray): NDArray {
    return this.dense(this.net(input))
  }
}

const chimera = new nn.Sequential()
chimera.add(new NestMLP(), new nn.Dense(20), new FancyMLP())
chimera.initialize()
console.log(chimera(x))
