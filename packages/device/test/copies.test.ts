import { describe, expect, it } from 'vitest'
import { autograd, np, setWarningHandler } from '@ashlar/core'
import { cpu, gpu } from '@ashlar/device'
import { numbers, simulate, withoutGpusAfterwards } from './support.ts'

describe('arrays on simulated devices', () => {
  withoutGpusAfterwards()

  it('have memory of their own', () => {
    simulate(2)
    const first = np.ones([2], { ctx: gpu(0) })
    const second = first.copyto(gpu(1))
    first.set(5)
    expect([numbers(first), numbers(second)]).toEqual([[5, 5], [1, 1]])
    expect(first.device).not.toBe(second.device)
    expect(first.device).not.toBe(np.ones([1]).device)
  })

  it('S5.6-08: do not mix with others, and the error says how to copy', () => {
    simulate(2)
    const [host, first, second] = [np.ones([2]), np.ones([2], { ctx: gpu(0) }), np.ones([2], { ctx: gpu(1) })]
    const text = (a: string, b: string): string => `require all inputs live on the same context. But the first argument is on ${a} while the 2-th argument is on ${b}`
    expect(() => host.add(first)).toThrow(text('cpu(0)', 'gpu(0)'))
    expect(() => first.add(host)).toThrow(text('gpu(0)', 'cpu(0)'))
    expect(() => first.mul(second)).toThrow(text('gpu(0)', 'gpu(1)'))
    expect(() => first.add(second)).toThrow('copyto(')
    expect(() => np.concatenate([first, second])).toThrow('same context')
    expect(() => first.set(second)).toThrow(/gpu\(0\).*gpu\(1\).*copyto/)
    expect(numbers(first)).toEqual([1, 1])
    expect(numbers(first.add(2))).toEqual([3, 3])
  })

  it('S5.6-02, 08: every cpu(i) is the same memory and mixes', () => {
    const [a, b] = [np.ones([2], { ctx: cpu(0) }), np.ones([2], { ctx: cpu(1) })]
    expect(numbers(a.add(b))).toEqual([2, 2])
    expect(String(a.add(b).context)).toBe('cpu(0)')
  })

  it('S5.6-12: results stay where the inputs are', () => {
    simulate(2)
    const x = np.ones([2, 2], { ctx: gpu(1) })
    expect([x.add(x), x.matmul(x), x.sum(), x.get(0), x.reshape(4), x.astype('float64')].map(y => String(y.context))).toEqual(new Array(6).fill('gpu(1)'))
  })

  it('S5.6-09: copyto a context always copies', () => {
    simulate(2)
    const x = np.ones([2], { ctx: gpu(1) })
    const copy = x.copyto(gpu(1))
    copy.iadd(1)
    expect([numbers(x), numbers(copy), String(copy.context)]).toEqual([[1, 1], [2, 2], 'gpu(1)'])
  })

  it('S5.6-10: copyto an array fills it', () => {
    simulate(2)
    const target = np.zeros([2])
    expect(np.ones([2], { ctx: gpu(1) }).copyto(target) === target).toBe(true)
    expect([numbers(target), String(target.context)]).toEqual([[1, 1], 'cpu(0)'])
    expect(() => target.copyto(3 as never)).toThrow(TypeError)
    expect(() => np.ones([3]).copyto(target)).toThrow()
    expect(numbers(target)).toEqual([1, 1])
  })

  it('S5.6-10: an array into itself is warned about, other types are refused', () => {
    const seen: string[] = []
    const before = setWarningHandler((message, { category }) => void seen.push(`${category}: ${message}`))
    const x = np.ones([2])
    expect(x.copyto(x)).toBe(false)
    setWarningHandler(before)
    expect(seen).toEqual(['RuntimeWarning: You are attempting to copy an array to itself'])
    expect(numbers(x)).toEqual([1, 1])
    for (const other of [3, 'gpu(0)', null, [1, 2]]) {
      expect(() => x.copyto(other as never)).toThrow(expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('copyto does not support type') }))
    }
  })

  it('S5.6-11, Q-16: asInContext and asInCtx give the same array where it is there already', () => {
    simulate(2)
    const x = np.ones([2], { ctx: gpu(0) })
    expect([x.asInContext(gpu(0)) === x, x.asInCtx(gpu(0)) === x, x.asInCtx(gpu(1)) === x]).toEqual([true, true, false])
  })

  it('S5.6-15: reading copies to the host', () => {
    simulate(1)
    const x = np.array([1, 2], { ctx: gpu(0) })
    expect([x.tolist(), x.get(1).item(), [...x.toTypedArray() as Float32Array], x.repr(), String(x)]).toEqual([[1, 2], 2, [1, 2], 'array([1., 2.], ctx=gpu(0))', '[1. 2.] @gpu(0)'])
  })

  it('gradients live beside their arrays', () => {
    simulate(2)
    const x = np.ones([2], { ctx: gpu(0) })
    x.attachGrad()
    const y = autograd.record(() => x.mul(3).asInContext(gpu(0)).mul(2))
    y.backward()
    expect([numbers(x.grad!), String(x.grad!.context)]).toEqual([[6, 6], 'gpu(0)'])
  })

  it('other dtypes and shapes survive the way over', () => {
    simulate(2)
    for (const dtype of ['int32', 'uint8', 'bool', 'float64'] as const) {
      const x = np.array([[1, 0]], { dtype })
      const back = x.copyto(gpu(0)).copyto(gpu(1)).copyto(cpu())
      expect([back.dtype, back.shape, back.tolist()]).toEqual([dtype, [1, 2], x.tolist()])
    }
    expect(np.zeros([0, 3]).copyto(gpu(0)).shape).toEqual([0, 3])
    expect(np.array(5).copyto(gpu(0)).item()).toBe(5)
  })
})
