// Exercise 5.3-3: one network for inputs of several sizes.
import { nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

const hidden = new nn.Dense(8, { activation: 'relu' })

/** An input layer of its own before a layer that all of them share. */
class Tower extends nn.Block {
  first = new nn.Dense(16, { activation: 'relu' })
  rest = new nn.Dense(8, { activation: 'relu', params: hidden.params })

  override forward(x: NDArray): NDArray {
    return this.rest(this.first(x))
  }
}

heading('Two sizes, two input layers, the rest shared')
const small = new Tower()
const large = new Tower()
small.initialize()
// What they share has its values already.
large.first.initialize()
console.log(small(np.ones([2, 10])).shape, large(np.ones([2, 30])).shape)
console.log(small.first.weight.shape, large.first.weight.shape, small.rest.weight === large.rest.weight)

heading('Sequences of any length: a layer that looks at the last axis alone')
const along = new nn.Dense(4, { flatten: false })
along.initialize()
console.log(along(np.ones([2, 5, 3])).shape, along(np.ones([2, 9, 3])).shape)
