import { describe, expect, it } from 'vitest'
import { Context, array, autograd, registerBackend } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { simulatedBackend } from '../support/simulated.ts'

const cpu = new Context('cpu', 0)
const gpu = (i: number): Context => new Context('gpu', i)

describe('copies between devices inside record', () => {
  cleanState()

  it('the gradient is copied back', () => {
    registerBackend(simulatedBackend('two', 2))
    const x = array([1, 2, 3])
    x.attachGrad()
    const y = autograd.record(() => {
      const there = x.copyto(gpu(0))
      return there.mul(there).copyto(gpu(1)).mul(2).asInCtx(cpu).sum()
    })
    y.backward()
    expect(x.grad!.tolist()).toEqual([4, 8, 12])
    expect(x.grad!.context).toEqual(cpu)
  })

  it('gradients of both ways to one array add up, on its device', () => {
    registerBackend(simulatedBackend('two', 2))
    const x = array([1, 2], { ctx: gpu(1) })
    x.attachGrad()
    const losses = autograd.record(() => [x.copyto(gpu(0)).mul(3), x.mul(5)])
    autograd.backward(losses)
    expect(x.grad!.tolist()).toEqual([8, 8])
    expect(x.grad!.context).toEqual(gpu(1))
  })

  it('it can be differentiated again', () => {
    registerBackend(simulatedBackend('two', 1))
    const x = array([2, 3])
    x.attachGrad()
    const [first] = autograd.record(() => {
      const there = x.copyto(gpu(0))
      return autograd.grad(there.mul(there).mul(there), x, { createGraph: true })
    })
    expect(first!.tolist()).toEqual([12, 27])
    expect(autograd.grad(first!, x)[0]!.tolist()).toEqual([12, 18])
  })

  it('what is not recorded stays a constant, and the source is left as it was', () => {
    registerBackend(simulatedBackend('two', 1))
    const x = array([1])
    x.attachGrad()
    expect(x.copyto(gpu(0)).node).toBeNull()
    expect(autograd.record(() => array([1]).copyto(gpu(0))).node).toBeNull()
    expect(autograd.record(() => x.detach().copyto(gpu(0))).node).toBeNull()
  })
})
