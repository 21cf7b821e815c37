// Exercise 5.3-2: what happens where sizes do not fit?
import { nn, np } from 'ashlar'
import { heading } from '../src/heading.ts'

function tell(fn: () => unknown): void {
  try {
    fn()
  } catch (error) {
    console.log(`${(error as Error).name}: ${(error as Error).message}`)
  }
}

const net = new nn.Sequential(new nn.Dense(256, { inUnits: 20, activation: 'relu' }), new nn.Dense(10, { inUnits: 128 }))
net.initialize()

heading('Layers that do not fit each other')
tell(() => net(np.ones([2, 20])))

heading('Input that does not fit the first layer')
tell(() => net(np.ones([2, 30])))

heading('Nothing is broken by it')
console.log(net[0](np.ones([2, 20])).shape)
