import { collectCases, formatDTypes, formatSupport, referenceBackend, supportTable } from '@ashlar/backend-kit'
import { Context, array, autograd, np, npx, registerBackend } from '@ashlar/core'
import type { Device, NDArray, Override } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { goldenCases } from '../src/operations/golden.ts'
import { onDevice } from '../src/operations/session.ts'
import { PROBES } from '../src/support/probes.ts'

const reference = (): Device => referenceBackend().open(0)

describe('a session', () => {
  it('gives what it took: the device is gone afterwards', async () => {
    const context = await onDevice(reference(), async session => {
      await session.run(() => [array([1], { ctx: session.context })])
      return session.context
    })
    expect(() => array([1], { ctx: context })).toThrow('there is no device kit(0)')
  })

  it('fails where a case leaves an array behind', async () => {
    await expect(onDevice(reference(), async ({ context }) => void array([1], { ctx: context }))).rejects.toThrow('1 handles were never freed, made by upload')
  })

  it('fails where a graph is left behind', async () => {
    await expect(onDevice(reference(), async ({ context }) => {
      const x = array([1], { ctx: context })
      x.attachGrad('null')
      const y = autograd.record(() => x.mul(x))
      x.dispose()
      y.dispose()
    })).rejects.toThrow('handles were never freed')
  })

  it('frees what a failing case had', async () => {
    let freed = 0
    const device: Device = { ...reference(), free: () => void freed++ }
    await expect(onDevice(device, async ({ context }) => {
      array([1], { ctx: context })
      throw new Error('boom')
    })).rejects.toThrow('boom')
    expect(freed).toBe(1)
  })
})

it('fails a case after which the device says that it holds more', async () => {
  let buffers = 0
  const { upload } = reference()
  const device: Device = {
    ...reference(),
    upload: (data, out) => (buffers++, upload(data, out)),
    memory: () => ({ live: { buffers, bytes: 0 }, idle: { buffers: 0, bytes: 0 }, moved: 0, peak: 0 }),
  }
  const kase = collectCases().find(({ name }) => name === 'unary tan float32')!
  await expect(kase.run(device)).rejects.toThrow('the device holds 4 buffers more than before')
})

it('has golden cases of operations and says which device they failed on', async () => {
  expect(goldenCases.length).toBe(190)
  const { kernels } = reference()
  const wrong: Device = { ...reference(), kernels: { ...kernels, unary: (kind, x, out) => kernels.unary(kind === 'tanh' ? 'sin' : kind, x, out) } }
  const kase = collectCases().find(({ name }) => name.startsWith('op tanh') && name.endsWith('float32'))!
  await expect(kase.run(wrong)).rejects.toThrow(/tanh-\d+, outputs\[0\] -> float32 \(3, 5\), element \(0, 0\): got .*, expected/)
})

describe('the support table', () => {
  it('has every function of np and npx that computes', () => {
    const creation = ['arange', 'array', 'eye', 'full', 'linspace', 'ones', 'onesLike', 'zeros', 'zerosLike', 'slice']
    const functions = (place: string, names: object): string[] => Object.entries(names).filter(([, value]) => typeof value === 'function').map(([name]) => `${place}.${name}`)
    const all = [...functions('np', np), ...functions('npx', npx), ...functions('np.fft', np.fft)].filter(name => !creation.includes(name.slice(3)))
    expect(all.filter(name => !PROBES.has(name))).toEqual([])
  })

  it('tells an override, a dtype that is missing, and what cannot be read', async () => {
    const { kernels } = reference()
    const device: Device = {
      ...reference(),
      capabilities: { dtypes: ['float32', 'int32', 'bool'], syncRead: false, maxSize: 1000 },
      downloadAsync: x => Promise.resolve(reference().download(x)),
      overrides: { sigmoid: (inputs, _, out) => kernels.unary('tanh', inputs[0]!, out) },
    }
    const rows = await supportTable(device)
    const row = (op: string): object => rows.find(entry => entry.op === op)!
    expect(row('npx.sigmoid')).toEqual({ op: 'npx.sigmoid', how: 'override', dtypes: ['float32', 'int32'] })
    expect(row('np.argsort')).toEqual({ op: 'np.argsort', how: 'none', dtypes: [] })
    expect(formatSupport(rows, device.capabilities.dtypes)).toMatch(/^np\.add +kernel +all$/m)
  })

  it('puts dtypes in a word where it can', () => {
    const held = ['float32', 'float64', 'int32', 'int16', 'bool'] as const
    expect(formatDTypes(['float32', 'float64', 'int32', 'int16'], held)).toBe('all')
    expect(formatDTypes(['float32', 'float64', 'int32'], held)).toBe('arithmetic')
    expect(formatDTypes(['float32', 'float64'], held)).toBe('floats')
    expect(formatDTypes(['int32'], held)).toBe('int32')
  })
})

describe('overrides', () => {
  const run = (overrides: Device['overrides'] & {}): Promise<void> => {
    const name = Object.keys(overrides)[0]!
    const kase = collectCases({ overrides: [name] }).find(each => each.name === `override ${name} gives what the composition gives`)!
    return kase.run({ ...reference(), overrides })
  }
  /** Core's own composition, run on lists. */
  const composed = (fn: (...inputs: NDArray[]) => NDArray): Override => (inputs, _, out) =>
    reference().upload(autograd.pause(() => fn(...inputs.map(x => array([...reference().download(x)].map(Number), { dtype: x.dtype, ctx: new Context('reference') }).reshape([...x.shape])))).toTypedArray(), out)

  it.each<[string, (...inputs: NDArray[]) => NDArray]>([['outer', np.outer], ['hypot', np.hypot], ['softsign', npx.softsign]])('%s is compared with its composition, gradients too', async (name, fn) => {
    registerBackend(referenceBackend())
    await expect(run({ [name]: composed(fn) })).resolves.toBeUndefined()
    await expect(run({ [name]: composed((...inputs) => fn(...inputs).mul(1.01)) })).rejects.toThrow(`override ${name} against the composition`)
  })

  it('the name of no operation fails', async () => {
    await expect(run({ softmix: () => null })).rejects.toThrow('no operation of core asked for the override softmix')
  })
})
