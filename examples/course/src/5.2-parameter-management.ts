// Section 5.2: looking at parameters, giving them their first values, and sharing them.
import { init, nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from './heading.ts'

const net = new nn.Sequential()
net.add(new nn.Dense(256, { activation: 'relu' }))
net.add(new nn.Dense(10))
net.initialize()
const x = np.random.uniform({ size: [2, 20] })

heading('The network')
console.log(net(x))

heading('The parameters of each layer')
console.log(net[0].params)
console.log(net[1].params)

heading('One parameter, and its values')
console.log(net[1].bias)
console.log(String(net[1].bias.data()))

heading('By its full name')
console.log(net[0].params.at('dense0_weight'))
console.log(String(net[0].params.at('dense0_weight').data()))

heading('Its gradient, before there was one')
console.log(net[0].weight.grad())

heading('All parameters at once')
console.log(net[0].collectParams())
console.log(net.collectParams())
console.log(net.collectParams().at('dense1_bias').data())

heading('Those whose name fits a pattern')
console.log(net.collectParams('.*weight'))
console.log(net.collectParams('dense0.*'))

heading('Names and structure of nested blocks')

function block1(): nn.Sequential {
  const block = new nn.Sequential()
  block.add(new nn.Dense(32, { activation: 'relu' }))
  block.add(new nn.Dense(16, { activation: 'relu' }))
  return block
}

function block2(): nn.Sequential {
  const block = new nn.Sequential()
  for (let i = 0; i < 4; i++) block.add(block1())
  return block
}

const rgnet = new nn.Sequential()
rgnet.add(block2())
rgnet.add(new nn.Dense(10))
rgnet.initialize()
console.log(rgnet(x))
console.log(rgnet)
console.log(rgnet.collectParams())
console.log(rgnet[0][1][0].bias.data())

heading('Normal values')
net.initialize(new init.Normal({ sigma: 0.01 }), { forceReinit: true })
console.log(net[0].weight.data().get(0))

heading('A constant')
net.initialize(new init.Constant(1), { forceReinit: true })
console.log(net[0].weight.data().get(0))

heading('Another initializer for each layer')
net[1].initialize(new init.Constant(42), { forceReinit: true })
net[0].weight.initialize(new init.Xavier(), { forceReinit: true })
console.log(String(net[1].weight.data().get(0, 0)))
console.log(String(net[0].weight.data().get(0)))

heading('An initializer of our own')

class MyInit extends init.Initializer {
  override initWeight(name: string, data: NDArray): void {
    console.log('Init', name, `(${data.shape.join(', ')})`)
    data.set(np.random.uniform(-10, 10, data.shape))
    data.imul(np.abs(data).ge(5))
  }
}

net.initialize(new MyInit(), { forceReinit: true })
console.log(net[0].weight.data().get(0))

heading('Setting values by hand')
net[0].weight.data().iadd(1)
net[0].weight.data().set([0, 0], 42)
console.log(net[0].weight.data().get(0))

heading('Two layers with the same parameters')
const shared = new nn.Dense(8, { activation: 'relu' })
const tied = new nn.Sequential()
tied.add(
  new nn.Dense(8, { activation: 'relu' }),
  shared,
  new nn.Dense(8, { activation: 'relu', params: shared.params }),
  new nn.Dense(10),
)
tied.initialize()
tied(np.random.uniform({ size: [2, 20] }))
console.log(String(tied[1].weight.data().get(0).eq(tied[2].weight.data().get(0))))
tied[1].weight.data().set([0, 0], 100)
console.log(String(tied[1].weight.data().get(0).eq(tied[2].weight.data().get(0))))
