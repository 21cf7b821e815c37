import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { autograd, np } from '@ashlar/core'
import { Block, Dense, Dropout, HookHandle, Sequential } from '@ashlar/nn'
import { freshProcess, position } from './support.ts'

const TEXT = `--------------------------------------------------------------------------------
        Layer (type)                                Output Shape         Param #
================================================================================
               Input                                     (2, 20)               0
        Activation-1                                    (2, 256)               0
             Dense-2                                    (2, 256)            5376
             Dense-3                                     (2, 10)            2570
================================================================================
Parameters in forward computation graph, duplicate included
   Total params: 7946
   Trainable params: 7946
   Non-trainable params: 0
Shared params in forward computation graph: 0
Unique parameters in model: 7946
--------------------------------------------------------------------------------`

describe('B-3.16: summary', () => {
  freshProcess()
  const printed: string[] = []
  beforeEach(() => {
    printed.length = 0
    vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
  })
  afterEach(() => void vi.restoreAllMocks())

  it('B-3.16a: before the first forward and after it, printed and given', () => {
    const net = new Sequential(new Dense(256, { activation: 'relu' }), new Dense(10))
    net.initialize()
    const x = np.ones([2, 20])
    expect(net.summary(x)).toBe(TEXT)
    expect(net.summary(x)).toBe(TEXT)
    expect(printed).toEqual([TEXT, TEXT])
  })

  const rows = (text: string): string[] => text.split('\n').slice(3, -8).map(line => line.trim().replace(/\s{2,}/g, ' | '))
  const counts = (text: string): string[] => text.split('\n').slice(-7, -1).map(line => line.trim())

  it('B-3.16b, E5.2-5: shared and untrained parameters', () => {
    const shared = new Dense(3, { inUnits: 3 })
    const net = new Sequential(shared, new Dense(3, { inUnits: 3, params: shared.params }), new Dropout(0.5))
    net.initialize()
    shared.bias!.gradReq = 'null'
    const text = net.summary(np.ones([1, 3]))
    expect(rows(text)).toEqual(['Input | (1, 3) | 0', 'Dense-1 | (1, 3) | 12', 'Dense-2 | (1, 3) | 12', 'Dropout-3 | (1, 3) | 0'])
    expect(counts(text)).toEqual([
      'Parameters in forward computation graph, duplicate included', 'Total params: 24', 'Trainable params: 18', 'Non-trainable params: 6',
      'Shared params in forward computation graph: 12', 'Unique parameters in model: 12',
    ])
  })

  it('B-3.16c: several inputs and outputs, in the order in which blocks end; a block that runs twice has two rows', () => {
    class Pair extends Block {
      dense = new Dense(2)
      scale = this.params.get('scale', { shape: 1 })
      override forward(x: NDArray, [y, z]: [NDArray, NDArray]): [NDArray, [NDArray, NDArray], number] {
        return [this.dense(x), [this.dense(y), z], 3]
      }
    }
    const net = new Pair()
    net.initialize()
    expect(rows(net.summary(np.ones([1, 4]), [np.ones([5, 4]), np.ones([])]))).toEqual([
      'Input | (1, 4), [(5, 4), ()] | 0', 'Dense-1 | (1, 2) | 10', 'Dense-2 | (5, 2) | 10', 'Pair-3 | (1, 2), [(5, 2), ()], 3 | 1',
    ])
  })

  it('B-3.16d: draws nothing but what was deferred, and leaves no hooks, on an error either', () => {
    class Modes extends Block {
      override forward(value: NDArray): NDArray {
        modes.push(autograd.isTraining(), autograd.isRecording())
        return value
      }
    }
    const modes: boolean[] = []
    const [attach, detach] = [vi.spyOn(HookHandle.prototype, 'attach'), vi.spyOn(HookHandle.prototype, 'detach')]
    const net = new Sequential(new Modes(), new Dense(1, { inUnits: 2 }))
    expect(() => net.summary(np.ones([1, 2]))).toThrow('has not been initialized')
    expect(printed).toEqual([])
    net.initialize()
    autograd.record(() => void net.summary(np.ones([1, 2])))
    expect([position(), ...modes]).toEqual([2, false, false, false, false])
    expect([attach.mock.calls.length, detach.mock.calls.length]).toEqual([4, 4])
    let lines = 0
    net[1].registerForwardHook(() => void lines++)
    net(np.ones([1, 2]))
    expect([lines, printed.length]).toEqual([1, 1])
  })
})
