import { describe, expect, it } from 'vitest'
import { gluon, nn, np } from 'ashlar'

describe('Gluon\'s names', () => {
  it('E5.1-4c: Concurrent, HybridConcurrent and Identity lie under gluon.contrib.nn, too', () => {
    const { Concurrent, HybridConcurrent, Identity } = gluon.contrib.nn
    expect([Concurrent, HybridConcurrent, Identity]).toEqual([nn.Concurrent, nn.HybridConcurrent, nn.Identity])
    const net = new Concurrent({ axis: 0 }, new Identity(), new Identity())
    expect(net(np.array([1, 2])).tolist()).toEqual([1, 2, 1, 2])
  })

  it('blocks and parameters lie beside them', () => {
    expect([gluon.Block, gluon.HybridBlock, gluon.Parameter, gluon.ParameterDict, gluon.Constant, gluon.nn.Dense])
      .toEqual([nn.Block, nn.HybridBlock, nn.Parameter, nn.ParameterDict, nn.Constant, nn.Dense])
  })
})
