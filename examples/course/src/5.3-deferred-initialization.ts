// Section 5.3: shapes that nobody has said yet come from the first input.
import { init, nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from './heading.ts'

function getnet(): nn.Sequential {
  const net = new nn.Sequential()
  net.add(new nn.Dense(256, { activation: 'relu' }))
  net.add(new nn.Dense(10))
  return net
}

heading('Before anything is known')
let net = getnet()
console.log(net)
console.log(net.collectParams())

heading('After initialize, nothing has changed')
net.initialize()
console.log(net.collectParams())

heading('After the first input, everything is known')
net(np.random.uniform({ size: [2, 20] }))
console.log(net.collectParams())

class MyInit extends init.Initializer {
  override initWeight(name: string, data: NDArray): void {
    console.log('Init', name, `(${data.shape.join(', ')})`)
  }
}

heading('When an initializer runs: not here')
net = getnet()
net.initialize(new MyInit())

heading('But with the first input')
const x = np.random.uniform({ size: [2, 20] })
net(x)

heading('And with no other')
net(x)

heading('At once, where the shapes are known from before')
net.initialize(new MyInit(), { forceReinit: true })

heading('At once, where the shapes are given')
net = new nn.Sequential()
net.add(new nn.Dense(256, { inUnits: 20, activation: 'relu' }))
net.add(new nn.Dense(10, { inUnits: 256 }))
net.initialize(new MyInit())
