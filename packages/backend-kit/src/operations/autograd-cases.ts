import { autograd, exp, scope } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { compareElements } from '../program.ts'
import { BASE, ofOperation } from './golden-cases.ts'
import type { Result, Session } from './session.ts'
import { onContext, onDevice } from './session.ts'

class Double extends autograd.CustomFunction {
  override forward(x: NDArray): NDArray {
    this.saveForBackward(x)
    return x.mul(2)
  }

  /** Three times, so that it shows whose gradient was taken. */
  override backward(gradient: NDArray): NDArray {
    const [x] = this.savedTensors
    return gradient.mul(3).add(x!.mul(0))
  }
}

/** A gradient belongs to its leaf, which dispose() respects; here the leaf is done with. */
function taken(x: NDArray): NDArray {
  const gradient = x.grad!
  ;(gradient as { pinned: boolean }).pinned = false
  return gradient
}

/** What should come out of a few lines that use autograd: each list an array's elements. */
const LINES: readonly (readonly [title: string, expected: readonly (readonly number[])[], run: (x: NDArray) => readonly NDArray[]])[] = [
  ['backward writes the gradient', [[2, 4, -6]], x => {
    x.attachGrad()
    autograd.record(() => x.mul(x).sum()).backward()
    return [taken(x)]
  }],
  ["'add' adds gradients up", [[4, 8, -12]], x => {
    x.attachGrad('add')
    for (let i = 0; i < 2; i++) autograd.record(() => x.mul(x).sum()).backward()
    return [taken(x)]
  }],
  ['a head that is no scalar starts from ones, or from what is given', [[2, 4, -6], [2, 0, 6]], x => {
    x.attachGrad('null')
    const y = autograd.record(() => x.mul(x))
    const ones = autograd.grad(y, x, { retainGraph: true })
    return [...ones, ...autograd.grad(y, x, { headGrads: onContext(x.context, [1, 0, -1], [3], 'float32') })]
  }],
  ['createGraph gives gradients of gradients', [[3, 12, 27], [6, 12, -18]], x => {
    x.attachGrad('null')
    const [first] = autograd.record(() => autograd.grad(x.mul(x).mul(x), x, { createGraph: true }))
    return [first!, ...autograd.grad(first!, x)]
  }],
  ['detach and pause cut the graph', [[1, 2, -3]], x => {
    x.attachGrad('null')
    return autograd.grad(autograd.record(() => x.detach().mul(x).add(autograd.pause(() => x.mul(5)))), x)
  }],
  ['an in-place write after recording changes no gradient', [[2, 4, -6]], x => {
    x.attachGrad('null')
    const leaf = x
    const y = autograd.record(() => leaf.mul(leaf))
    autograd.pause(() => leaf.iadd(100))
    return autograd.grad(y, leaf)
  }],
  ['a custom function', [[2, 4, -6], [3, 3, 3]], x => {
    x.attachGrad('null')
    const y = autograd.record(() => new Double().apply(x))
    return [y, ...autograd.grad(y, x)]
  }],
]

function check(found: readonly Result[], expected: readonly (readonly number[])[], title: string, kit: Kit): void {
  if (found.length !== expected.length) throw new Error(`${title}: ${found.length} arrays, expected ${expected.length}`)
  found.forEach((result, i) => compareElements(result.data, expected[i]!, result, title, { tolerance: ofOperation(kit.tolerance('float32')) }))
}

function refuses(fn: () => unknown, words: RegExp, what: string): void {
  try {
    scope(fn)
  } catch (error) {
    if (words.test(String(error))) return
    throw new Error(`${what}: the error says ${String(error)}`, { cause: error })
  }
  throw new Error(`${what}: nothing was thrown`)
}

/** What recording and differentiation promise, on the device. */
export function autogradCases(kit: Kit): void {
  for (const [title, expected, run] of LINES) {
    kit.add(`autograd ${title}`, BASE, device =>
      onDevice(device, async (session: Session) => {
        check(await session.run(() => run(onContext(session.context, [1, 2, -3], [3], 'float32'))), expected, title, kit)
      }))
  }
  kit.add('autograd frees the graph once it ran', BASE, device =>
    onDevice(device, async ({ context }) => {
      refuses(() => {
        const x = onContext(context, [1, 2], [2], 'float32')
        x.attachGrad('null')
        const y = autograd.record(() => x.mul(x))
        autograd.grad(y, x)
        autograd.grad(y, x)
      }, /retain_graph/, 'a second run of a graph that was not retained')
    }))
  kit.add('autograd leaves nothing behind where nobody asks for gradients', BASE, device =>
    onDevice(device, async session => {
      // The tape of a scope ends with it, whether it ran or not.
      check(await session.run(() => {
        const x = onContext(session.context, [1, 2], [2], 'float32')
        x.attachGrad('null')
        return [autograd.record(() => exp(x.mul(x))).detach().mul(0)]
      }), [[0, 0]], 'a graph that never ran', kit)
    }))
}
