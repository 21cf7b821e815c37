// Exercise 5.3-1: what happens where only the first layer's input size is given?
import { init, nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

class Telling extends init.Initializer {
  override initWeight(name: string, data: NDArray): void {
    console.log('Init', name, `(${data.shape.join(', ')})`)
  }
}

const net = new nn.Sequential(new nn.Dense(256, { inUnits: 20, activation: 'relu' }), new nn.Dense(10))

heading('The first layer is initialized at once')
net.initialize(new Telling())

heading('The second with the first input')
net(np.ones([2, 20]))
