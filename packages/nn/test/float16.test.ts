import { array, autograd, np, seed } from '@ashlar/core'
import { Dense, Sequential } from '@ashlar/nn'
import { describe, expect, it } from 'vitest'
import { freshProcess } from './support.ts'

describe('a network in float16', () => {
  freshProcess()

  it('B-1.11 is cast, computes and has gradients in float16, near those of float32', () => {
    seed(0)
    const net = new Sequential(new Dense(8, { activation: 'relu', inUnits: 4 }), new Dense(3, { inUnits: 8 }))
    net.initialize('xavier')
    const x = np.random.uniform(-1, 1, [5, 4])
    const run = (input: typeof x): number[] => {
      autograd.record(() => net(input).mul(net(input)).sum()).backward()
      return Array.from(net[0].weight.grad().astype('float32').toTypedArray() as Float32Array)
    }
    const wide = run(x)
    net.cast('float16')
    const y = net(x.astype('float16'))
    expect(y.dtype).toBe('float16')
    const narrow = run(x.astype('float16'))
    expect(net[0].weight.grad().dtype).toBe('float16')
    narrow.forEach((value, i) => expect(Math.abs(value - wide[i]!)).toBeLessThan(0.01 * Math.max(1, Math.abs(wide[i]!))))
  })

  it('is initialized in float16 by any initializer', () => {
    for (const init of ['uniform', 'normal', 'xavier', 'ones', 'msraprelu']) {
      const layer = new Dense(3, { inUnits: 2, dtype: 'float16' })
      layer.initialize(init)
      expect(layer(array([[1, 2]], { dtype: 'float16' })).dtype).toBe('float16')
    }
  })
})
