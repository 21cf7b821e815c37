// Exercise 5.4-2: a layer that computes y_k = Σ_ij W_ijk x_i x_j.
import { autograd, nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

class TensorReduction extends nn.Block {
  readonly weight: nn.Parameter

  constructor(units: number, inUnits: number) {
    super()
    this.weight = this.params.get('weight', { shape: [inUnits, inUnits, units] })
  }

  override forward(x: NDArray): NDArray {
    return np.einsum('ijk,bi,bj->bk', this.weight.data(), x, x)
  }
}

const layer = new TensorReduction(2, 3)
layer.initialize('ones')
const x = np.array([[1, 2, 3]])

heading('With weights of 1 it is the square of the sum')
console.log(layer(x))

heading('The gradient of each weight is x_i x_j')
autograd.record(() => layer(x)).backward()
console.log(layer.weight.grad().get(':', ':', 0))
