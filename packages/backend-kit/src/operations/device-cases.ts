import * as core from '@ashlar/core'
import type { Context, DType, NDArray } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { compareElements } from '../program.ts'
import { BASE } from './golden-cases.ts'
import type { Session } from './session.ts'
import { onContext, onDevice, withHost } from './session.ts'

const CPU = new core.Context('cpu', 0)

function throws(fn: () => unknown, words: readonly string[], what: string): void {
  let message: string | null = null
  try {
    core.scope(fn)
  } catch (error) {
    message = String(error)
  }
  if (message === null) throw new Error(`${what}: nothing was thrown`)
  const missing = words.filter(word => !message!.includes(word))
  if (missing.length > 0) throw new Error(`${what}: the error does not say ${missing.join(', ')}: ${message}`)
}

async function same(session: Session, fn: () => readonly NDArray[], expected: readonly (readonly number[])[], what: string): Promise<void> {
  const results = await session.run(fn)
  results.forEach((result, i) => compareElements(result.data, expected[i]!, result, what, {}))
}

function copyCases({ add }: Kit): void {
  for (const dtype of ['float32', 'int32', 'bool'] as const) {
    add(`array copies between the device and the host ${dtype}`, BASE, device =>
      withHost(() => onDevice(device, async session => {
        const values = dtype === 'bool' ? [1, 0, 1, 1] : [1, 0, -3, 16777216]
        await same(session, () => {
          const here = onContext(CPU, values, [2, 2], dtype).copyto(session.context)
          if (!here.context.equals(session.context)) throw new Error(`copyto left the array on ${here.context}`)
          return [here]
        }, [values], 'copyto from the host')
        await same(session, () => [onContext(session.context, values, [2, 2], dtype).copyto(CPU)], [values], 'copyto to the host')
      })), { syncRead: true })
  }
  add('array copies that core hands out are the caller’s', BASE, device =>
    onDevice(device, async session => {
      const source = new Float32Array([1, 2, 3])
      const x = core.fromTypedArray(source, [3], 'float32', session.context)
      source.fill(9)
      const read = (await x.toTypedArrayAsync()) as Float32Array
      read.fill(7)
      await same(session, () => [x.copy()], [[1, 2, 3]], 'an array after writes to what it was made of and to what was read')
      x.dispose()
    }))
}

function contextCases({ add }: Kit): void {
  add('array contexts do not mix', BASE, device =>
    withHost(() => onDevice(device, async session => {
      const { context } = session
      throws(() => onContext(CPU, [1], [1], 'float32').add(onContext(context, [1], [1], 'float32')), [String(CPU), String(context), 'copyto'], 'adding arrays of two contexts')
    })))
  add('array results stay on the context', BASE, device =>
    onDevice(device, async ({ context, run }) => {
      await run(() => {
        const x = onContext(context, [1, 2, 3, 4], [2, 2], 'float32')
        x.attachGrad('null')
        const y = core.autograd.record(() => core.softmax(x.matmul(x)).add(1))
        const made = [y, ...core.autograd.grad(y, x), core.zerosLike(x), x.argmax(), x.gt(1), x.astype('int32'), x.get(0)]
        const astray = made.find(array => !array.context.equals(context))
        if (astray !== undefined) throw new Error(`an operation on ${context} gave an array on ${astray.context}`)
        return []
      })
    }))
  add('array printing shows the context', BASE, device =>
    onDevice(device, async ({ context, run }) => {
      await run(() => {
        const text = core.ones([2], { ctx: context }).repr()
        const expected = device.capabilities.syncRead ? `array([1., 1.], ctx=${context})` : `<NDArray (2,) float32 on device ${context}>`
        if (text !== expected) throw new Error(`an array prints as ${text}, expected ${expected}`)
        return []
      })
    }))
  add('array of a dtype that the device does not hold is refused', [], device =>
    onDevice(device, async ({ context }) => {
      const missing = (Object.keys(core.DTYPES) as DType[]).filter(dtype => !device.capabilities.dtypes.includes(dtype))
      for (const dtype of missing) throws(() => core.zeros([2], { dtype, ctx: context }), [dtype, String(context)], `zeros of ${dtype}`)
    }))
  add('array of more elements than the device holds is refused', [], device =>
    onDevice(device, async ({ context }) => {
      const { maxSize } = device.capabilities
      if (maxSize < core.MAX_SIZE) throws(() => core.zeros([maxSize + 1], { ctx: context }), [String(maxSize)], `zeros of ${maxSize + 1} elements`)
    }))
}

/** Four draws on a context. */
const draws = (ctx: Context): NDArray => core.np.random.uniform(0, 1, [4], { ctx })

/** Draws on a device come from a stream of its own (behaviour N-06). */
function randomCases({ add }: Kit): void {
  add('array random draws use the stream of their context', BASE, device =>
    withHost(() => onDevice(device, async session => {
      const { context, run } = session
      const before = [core.getState(context), core.getState(CPU)] as const
      try {
        core.seed(5, context)
        const [first] = await run(() => [draws(context)])
        core.seed(5, context)
        const onHost = core.getState(CPU)
        const [again] = await run(() => [(draws(CPU), draws(context))])
        compareElements(again!.data, Array.from(first!.data as Float32Array), again!, 'draws after a seed, with draws on the host between', {})
        core.setState(onHost, CPU)
        const [host] = await run(() => [draws(CPU)])
        await run(() => [draws(context)])
        core.setState(onHost, CPU)
        const [hostAgain] = await run(() => [(draws(context), draws(CPU))])
        compareElements(hostAgain!.data, Array.from(host!.data as Float32Array), hostAgain!, 'draws on the host, with draws on the device between', {})
      } finally {
        core.setState(before[0], context)
        core.setState(before[1], CPU)
      }
    })))
}

/** Copies, contexts and random streams: what arrays do on any device. */
export function deviceCases(kit: Kit): void {
  copyCases(kit)
  contextCases(kit)
  randomCases(kit)
}
