// Exercise 5.2-5: what sharing saves.
import { nn, np } from 'ashlar'
import { heading } from '../src/heading.ts'

function build(tie: boolean): nn.Sequential {
  const shared = new nn.Dense(256, { inUnits: 256 })
  const again = new nn.Dense(256, { inUnits: 256, ...(tie ? { params: shared.params } : {}) })
  const net = new nn.Sequential(shared, again)
  net.initialize()
  return net
}

const count = (net: nn.Block): number => [...net.collectParams().values()].reduce((sum, { shape }) => sum + shape!.reduce((a, b) => a * b, 1), 0)

heading('Parameters of two layers of 256')
console.log('apart', count(build(false)))
console.log('tied ', count(build(true)))

heading('As the summary tells')
build(true).summary(np.ones([1, 256]))
