import { checkArray } from './array-core.ts'
import { AssertionError, ValueError } from './errors.ts'
import { callout } from './memory.ts'
import type { NDArray } from './ndarray.ts'
import { recordCustom } from './op.ts'
import { concatenate } from './ops/joining.ts'
import { reshape } from './ops/reshape.ts'
import { strided } from './ops/slicing.ts'
import { withModes } from './tape.ts'
import { state } from './state.ts'

type Arrays = NDArray | readonly NDArray[]

const listOf = (value: Arrays): readonly NDArray[] => (Array.isArray(value) ? value : [value as NDArray])

/**
 * A function with a gradient of your own: say in `forward` what it computes and in `backward` how a gradient of the
 * outputs becomes one of the inputs. `forward` is not recorded. Each instance is called once.
 *
 * @example
 * ```ts
 * import { array, autograd, np, registerBackend, type NDArray } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * class Sigmoid extends autograd.CustomFunction {
 *   override forward(x: NDArray): NDArray {
 *     const y = np.divide(1, np.exp(x.neg()).add(1))
 *     this.saveForBackward(y)
 *     return y
 *   }
 *   override backward(g: NDArray): NDArray {
 *     const [y] = this.savedTensors
 *     return g.mul(y!).mul(np.subtract(1, y!))
 *   }
 * }
 * const x = array([0])
 * x.attachGrad()
 * autograd.record(() => new Sigmoid().apply(x)).backward()
 * console.log(x.grad)
 * // array([0.25])
 * ```
 */
export abstract class CustomFunction {
  // Hard private: subclasses are free to name their own fields so.
  #saved: readonly NDArray[] = []
  #called = false

  /** Computes the output, or a list of them. */
  abstract forward(...inputs: NDArray[]): Arrays

  /** From one gradient for each output, one for each input. */
  abstract backward(...gradients: NDArray[]): Arrays

  /** Keeps arrays for `backward`. */
  saveForBackward(...arrays: NDArray[]): void {
    // Names of their own: what the caller does to the arrays later does not reach them. The tape takes its own in turn.
    this.#saved = arrays.map(array => {
      const name = checkArray(array, 'saveForBackward').share()
      name.node = array.node
      return name
    })
  }

  /** What `saveForBackward` kept. */
  get savedTensors(): readonly NDArray[] {
    return this.#saved
  }

  /**
   * Runs `forward`, and inside `record` notes `backward` for later.
   *
   * @throws AssertionError the second time
   */
  apply(...inputs: NDArray[]): NDArray
  apply<T extends Arrays>(...inputs: NDArray[]): T
  apply(...inputs: NDArray[]): Arrays {
    if (this.#called) throw new AssertionError('Each Function instance can only be called once. Please create another instance.', { op: this.constructor.name })
    inputs.forEach(input => checkArray(input, this.constructor.name))
    this.#called = true
    const result = withModes(false, state.training, () => callout(() => this.forward(...inputs), inputs))
    return Array.isArray(result) ? this.#several(inputs, result as readonly NDArray[]) : this.#single(inputs, result as NDArray)
  }

  #single(inputs: readonly NDArray[], result: NDArray): NDArray {
    return recordCustom(this.constructor.name, inputs, this.#saved, checkArray(result, this.constructor.name).share(), (g, saved) => this.#gradients(inputs, [g], saved))
  }

  /** Several outputs stand on the tape as one: laid end to end, and cut apart by operations that have gradients already. */
  #several(inputs: readonly NDArray[], results: readonly NDArray[]): NDArray[] {
    if (results.length === 0) throw new ValueError('forward returned no array', { op: this.constructor.name })
    const whole = withModes(false, state.training, () => concatenate(results.map(result => reshape(result, [-1]))))
    const cut = (array: NDArray): NDArray[] => {
      let start = 0
      return results.map(({ size, shape }) => {
        const part = reshape(strided(array, { starts: [start], steps: [1], shape: [size] }), shape)
        start += size
        return part
      })
    }
    return cut(recordCustom(this.constructor.name, inputs, this.#saved, whole, (g, saved) => this.#gradients(inputs, cut(g), saved)))
  }

  #gradients(inputs: readonly NDArray[], gradients: NDArray[], saved: readonly NDArray[]): readonly NDArray[] {
    this.#saved = saved
    const found = listOf(callout(() => this.backward(...gradients), gradients))
    if (found.length !== inputs.length) {
      throw new AssertionError(`backward must return as many arrays as forward had inputs: ${inputs.length}, got ${found.length}`, { op: this.constructor.name })
    }
    return found
  }
}
