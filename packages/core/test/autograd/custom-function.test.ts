import { describe, expect, it } from 'vitest'
import { array, autograd, exp, mul, np } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

class Cube extends autograd.CustomFunction {
  recording: boolean | null = null
  override forward(x: NDArray): NDArray {
    this.recording = autograd.isRecording()
    this.saveForBackward(x)
    return x.mul(x).mul(x)
  }
  override backward(g: NDArray): NDArray {
    const [x] = this.savedTensors
    return g.mul(x!.mul(x!)).mul(3)
  }
}

/** Gives what it is told to as the gradients of two inputs. */
class Two extends autograd.CustomFunction {
  readonly gradients: (g: NDArray) => NDArray | NDArray[]
  constructor(gradients: (g: NDArray) => NDArray | NDArray[]) {
    super()
    this.gradients = gradients
  }
  override forward(a: NDArray, b: NDArray): NDArray { return a.mul(b) }
  override backward(g: NDArray): NDArray | NDArray[] { return this.gradients(g) }
}

function leaf(values: number[], request: 'write' | 'null' = 'write'): NDArray {
  const x = array(values)
  x.attachGrad(request)
  return x
}

describe('custom functions', () => {
  cleanState()

  it('B-12.7a: forward runs unrecorded, backward gives the gradient', () => {
    const x = leaf([1, 2])
    const cube = new Cube()
    const y = autograd.record(() => cube.apply(x))
    expect(cube.recording).toBe(false)
    expectList(y, [1, 8])
    y.backward()
    expectList(x.grad!, [3, 12])
  })

  it('B-12.7b: an instance is called once', () => {
    const cube = new Cube()
    cube.apply(array([1]))
    const error = thrownBy(() => cube.apply(array([1])))
    expect(error.name).toBe('AssertionError')
    expect(error.message).toContain('Each Function instance can only be called once. Please create another instance.')
  })

  it('B-12.7c: backward returns as many arrays as forward had inputs', () => {
    const [a, b] = [leaf([1]), leaf([2])]
    const y = autograd.record(() => new Two(g => [g]).apply(a, b))
    expect(thrownBy(() => y.backward()).name).toBe('AssertionError')
  })

  it('B-12.7d: several outputs, each with a gradient of its own', () => {
    class SumAndProduct extends autograd.CustomFunction {
      override forward(a: NDArray, b: NDArray): NDArray[] {
        this.saveForBackward(a, b)
        return [a.add(b), a.mul(b)]
      }
      override backward(g: NDArray, h: NDArray): NDArray[] {
        const [a, b] = this.savedTensors
        return [g.add(h.mul(b!)), g.add(h.mul(a!))]
      }
    }
    const [a, b] = [leaf([2, 3]), leaf([5, 7])]
    autograd.record(() => {
      const [sum, product] = new SumAndProduct().apply<NDArray[]>(a, b)
      return sum!.mul(10).add(product!)
    }).backward()
    expectList(a.grad!, [15, 17])
    expectList(b.grad!, [12, 13])
  })

  it('B-12.7e: it is part of a larger graph, and of second derivatives, which its backward is made of', () => {
    const x = leaf([0.5])
    const y = autograd.record(() => exp(new Cube().apply(x)))
    const [first] = autograd.grad(y, x, { createGraph: true })
    const e = Math.exp(0.125)
    expectClose(first!, [1], [e * 0.75], { rtol: 1e-6, atol: 0 })
    first!.backward()
    // (3x² e^{x³})' = 6x e^{x³} + 9x⁴ e^{x³}
    expectClose(x.grad!, [1], [e * (3 + 9 * 0.0625)], { rtol: 1e-5, atol: 0 })
  })

  it('Q-10: where the first input wants no gradient, the second gets its own', () => {
    const [a, b] = [leaf([3], 'null'), leaf([5])]
    autograd.record(() => new Two(g => [mul(g, 5), mul(g, 3)]).apply(a, b)).backward()
    expectList(b.grad!, [3])
  })

  it('what was saved is what it was, whatever happens to the array later', () => {
    const x = leaf([2])
    const scaled = np.array([2])
    class Scale extends autograd.CustomFunction {
      override forward(input: NDArray): NDArray {
        this.saveForBackward(scaled)
        return input.mul(scaled)
      }
      override backward(g: NDArray): NDArray { return g.mul(this.savedTensors[0]!) }
    }
    const y = autograd.record(() => new Scale().apply(x))
    scaled.set(100)
    y.backward()
    expectList(x.grad!, [2])
  })

  it('refuses what is no array, and a forward without output', () => {
    expect(thrownBy(() => new Cube().apply(3 as never))).toBeInstanceOf(TypeError)
    class Nothing extends autograd.CustomFunction {
      override forward(): NDArray[] { return [] }
      override backward(): NDArray[] { return [] }
    }
    expect(thrownBy(() => new Nothing().apply<NDArray[]>(array([1]))).name).toBe('ValueError')
  })
})
