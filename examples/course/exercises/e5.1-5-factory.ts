// Exercise 5.1-5: a function that makes as many copies of a block as one asks for, and a network of them.
import { nn, np } from 'ashlar'
import { heading } from '../src/heading.ts'

/** `count` fresh blocks, one after the other. */
function repeat(count: number, make: () => nn.Block): nn.Sequential {
  const net = new nn.Sequential()
  for (let i = 0; i < count; i++) net.add(make())
  return net
}

const block = (): nn.Block => new nn.Sequential(new nn.Dense(4, { activation: 'relu' }), new nn.Dense(3))
const net = repeat(3, () => block())
net.initialize()

heading('The network')
console.log(net(np.ones([2, 5])).shape)
console.log(net)

heading('No two of its layers share parameters')
const names = [...net.collectParams().keys()]
console.log(names.length, new Set(names).size)
console.log(net[0][0].weight === net[1][0].weight)
