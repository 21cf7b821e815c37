// Exercise 5.4-3: a layer that returns the leading half of the Fourier coefficients.
import { autograd, nn, np } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from '../src/heading.ts'

/** (N, d) gives (N, d / 2, 2): the real and the imaginary part of each coefficient. */
class HalfFourier extends nn.Block {
  override forward(x: NDArray): NDArray {
    // The other half of a real signal's coefficients says the same again.
    return np.fft.rfft(x).get('...', `:${Math.floor(x.shape.at(-1)! / 2)}`, ':')
  }
}

/** Rounded, and -0 as 0. */
const tidy = (values: NDArray): NDArray => np.round(values, 3).add(0)

const layer = new HalfFourier()
const x = np.array([[1, 0, -1, 0, 1, 0, -1, 0]])

heading('A wave of two periods shows at the coefficient 2')
console.log(tidy(layer(x)))

heading('Gradients go through it')
x.attachGrad()
autograd.record(() => np.square(layer(x)).sum()).backward()
console.log(tidy(x.grad!))
