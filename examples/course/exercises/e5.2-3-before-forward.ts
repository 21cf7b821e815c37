// Exercise 5.2-3: the parameters after initialize() and before the first input.
import { nn, np } from 'ashlar'
import { heading } from '../src/heading.ts'

const net = new nn.Sequential(new nn.Dense(256, { activation: 'relu' }), new nn.Dense(10))
net.initialize()

heading('The number of inputs is not known yet')
console.log(net.collectParams())

heading('So weights cannot be read, and biases can')
try {
  net[0].weight.data()
} catch (error) {
  console.log((error as Error).name)
}
console.log(net[1].bias!.data())

heading('After the first input')
net(np.ones([2, 20]))
console.log(net.collectParams())
