import { describe, expect, it } from 'vitest'
import { np } from '@ashlar/core'
import * as init from '@ashlar/init'
import { Dense, Sequential } from '@ashlar/nn'
import { freshProcess, numbers } from './support.ts'

describe('initializers of a whole network that choose by name', () => {
  freshProcess()

  it('B-11.7: Load gives what it has, even where a parameter has an initializer of its own, and leaves the rest to its default', () => {
    const net = new Sequential(new Dense(1, { inUnits: 2 }), new Dense(1, { inUnits: 1 }))
    net.initialize(new init.Load({ 'arg:dense0_weight': np.array([[5, 6]]), dense0_bias: np.array([7]) }, { defaultInit: 'ones' }))
    expect([...net.collectParams().values()].map(parameter => numbers(parameter.data()))).toEqual([[5, 6], [7], [1], [0]])
  })

  it('B-11.7: Mixed chooses by the start of the name; a parameter with an initializer of its own keeps it', () => {
    const net = new Sequential(new Dense(1, { inUnits: 2 }), new Dense(1, { inUnits: 1 }))
    net.initialize(new init.Mixed(['dense0', '.*'], [new init.Constant(3), 'ones']))
    expect([...net.collectParams().values()].map(parameter => numbers(parameter.data()))).toEqual([[3, 3], [0], [1], [0]])
  })
})
