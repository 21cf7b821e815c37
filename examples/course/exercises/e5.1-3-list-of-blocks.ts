// Exercise 5.1-3: what goes wrong where layers are kept in a list?
import { nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

class Listed extends nn.Block {
  net = [new nn.Dense(64, { activation: 'relu' }), new nn.Dense(32, { activation: 'relu' })]
  dense = new nn.Dense(16, { activation: 'relu' })

  override forward(x: NDArray): NDArray {
    for (const layer of this.net) x = layer(x)
    return this.dense(x)
  }
}

const listed = new Listed()

heading('The layers in the list are not seen, and it says so')
console.log(listed.collectParams())

heading('So nobody initializes them')
listed.initialize()
try {
  listed(np.ones([2, 20]))
} catch (error) {
  console.log(`${(error as Error).name}: ${(error as Error).message.split('.')[0]}`)
}

heading('Mended: a Sequential, or registered one by one')

class Registered extends Listed {
  constructor() {
    super()
    for (const layer of this.net) this.registerChild(layer)
  }
}

const registered = new Registered()
registered.initialize()
console.log(registered(np.ones([2, 20])).shape)
console.log([...registered.collectParams().keys()])
