import { describe, expect, it } from 'vitest'
import { init, np, nn } from 'ashlar'
import type { NDArray } from 'ashlar'
import { chapter, expectClose, freshProcess, getnet, numbers, position, warnings } from './support.ts'

const golden = chapter['5.2']

class MyInit extends init.Initializer {
  readonly lines: string[] = []
  override initWeight(name: string, data: NDArray): void {
    this.lines.push(`Init ${name} (${data.shape.join(', ')})`)
    data.set(np.random.uniform(-10, 10, data.shape))
    data.imul(np.abs(data).ge(5))
  }
}

function section(): { net: nn.Sequential; x: NDArray } {
  const net = getnet()
  net.initialize()
  const x = np.random.uniform({ size: [2, 20] })
  net(x)
  return { net, x }
}

function rubeGoldberg(): nn.Sequential {
  const block1 = (): nn.Sequential => {
    const net = new nn.Sequential()
    net.add(new nn.Dense(32, { activation: 'relu' }))
    net.add(new nn.Dense(16, { activation: 'relu' }))
    return net
  }
  const block2 = (): nn.Sequential => {
    const net = new nn.Sequential()
    for (let i = 0; i < 4; i++) net.add(block1())
    return net
  }
  const net = new nn.Sequential()
  net.add(block2())
  net.add(new nn.Dense(10))
  return net
}

const DENSE0 = '  Parameter dense0_weight (shape=(256, 20), dtype=float32)\n  Parameter dense0_bias (shape=(256,), dtype=float32)\n'
const DENSE1 = '  Parameter dense1_weight (shape=(10, 256), dtype=float32)\n  Parameter dense1_bias (shape=(10,), dtype=float32)\n'

describe('section 5.2.1, parameter access', () => {
  freshProcess()

  it('S5.2-01, 02, 07: own and collected parameters as printed', () => {
    const { net } = section()
    expect(position()).toBe(golden.pos_after_forward)
    expect(String(net[0].params)).toBe(`dense0_ (\n${DENSE0})`)
    expect(String(net[1].params)).toBe(`dense1_ (\n${DENSE1})`)
    expect(String(net[0].collectParams())).toBe(`dense0_ (\n${DENSE0})`)
    expect(net.collectParams().repr()).toBe(`sequential0_ (\n${DENSE0}${DENSE1})`)
  })

  it('S5.2-03, 08: a bias as printed', () => {
    const { net } = section()
    expect(String(net[1].bias)).toBe('Parameter dense1_bias (shape=(10,), dtype=float32)')
    expect(String(net[1].bias.data())).toBe('[0. 0. 0. 0. 0. 0. 0. 0. 0. 0.]')
    expect(net.collectParams().at('dense1_bias').data().repr()).toBe('array([0., 0., 0., 0., 0., 0., 0., 0., 0., 0.])')
  })

  it('S5.2-04: access by full name gives the same object; an unknown name is a KeyError', () => {
    const { net } = section()
    expect(net[0].params.at('dense0_weight')).toBe(net[0].weight)
    expect(() => net[0].params.at('weight')).toThrow(expect.objectContaining({ name: 'KeyError' }))
  })

  it('S5.2-05, 16: the weight matrix as printed, from U[-0.07, 0.07)', () => {
    const { net } = section()
    expect(String(net[0].weight.data())).toBe(`[[ 0.06700657 -0.00369488  0.0418822  ... -0.05517294 -0.01194733
  -0.00369594]
 [-0.03296221 -0.04391347  0.03839272 ...  0.05636378  0.02545484
  -0.007007  ]
 [-0.0196689   0.01582889 -0.00881553 ...  0.01509629 -0.01908049
  -0.02449339]
 ...
 [-0.02055008 -0.02618652  0.06762936 ... -0.02315108 -0.06794678
  -0.04618235]
 [ 0.02802853  0.06672969  0.05018687 ... -0.02206502 -0.01315478
  -0.03791244]
 [-0.00638592  0.00914261  0.06667828 ... -0.00800052  0.03406764
  -0.03954004]]`)
    expect(np.abs(net[0].weight.data()).max().item()).toBeLessThanOrEqual(Math.fround(0.07))
    const weights = net[0].weight.data() as NDArray
    const corners = [weights.get(0), weights.get(-1)].map(row => numbers(row)).map(row => [...row.slice(0, 3), ...row.slice(-3)])
    expect(golden.dense0_weight_corners.flat().every(value => corners.flat().includes(value))).toBe(true)
  })

  it('S5.2-06: the gradient before any backward is zeros', () => {
    const { net } = section()
    const row = '[0., 0., 0., ..., 0., 0., 0.]'
    const indent = '\n       '
    expect(net[0].weight.grad().repr()).toBe(`array([${[row, row, row, '...', row, row, row].join(`,${indent}`)}])`)
    expect(net[0].weight.grad().shape).toEqual([256, 20])
  })

  it('S5.2-09, 10: a pattern matches from the start of full names', () => {
    const { net } = section()
    expect(String(net.collectParams('.*weight'))).toBe(`sequential0_ (\n${DENSE0.split('\n')[0]}\n${DENSE1.split('\n')[0]}\n)`)
    expect(String(net.collectParams('dense0.*'))).toBe(`sequential0_ (\n${DENSE0})`)
    expect(String(net.collectParams('weight'))).toBe('sequential0_ (\n\n)')
    expect([...net.collectParams('dense1_bias|dense0_w').keys()]).toEqual(['dense0_weight', 'dense1_bias'])
    expect([...net.collectParams(/.*BIAS/gi).keys()]).toEqual(['dense0_bias', 'dense1_bias'])
    const many = new nn.Sequential(...Array.from({ length: 9 }, () => new nn.Dense(1)))
    expect([...many.collectParams('dense1.*weight').keys()]).toEqual(['dense10_weight'])
  })

  it('S5.2-11, 12, 13, 14: the Rube Goldberg network', () => {
    const { x } = section()
    const net = rubeGoldberg()
    net.initialize()
    expectClose(net(x), golden.rgnet!)
    expect(position()).toBe(golden.pos_after_rgnet)
    const unit = (i: number, inputs: number): string =>
      `    (${i}): Sequential(\n      (0): Dense(${inputs} -> 32, Activation(relu))\n      (1): Dense(32 -> 16, Activation(relu))\n    )\n`
    expect(net.repr()).toBe(`Sequential(\n  (0): Sequential(\n${unit(0, 20)}${unit(1, 16)}${unit(2, 16)}${unit(3, 16)}  )\n  (1): Dense(16 -> 10, linear)\n)`)
    const parameters = net.collectParams()
    expect(parameters.prefix).toBe('sequential1_')
    const shapes = [[32, 20], ...Array.from({ length: 3 }, () => [[16, 32], [32, 16]]).flat(), [16, 32], [10, 16]]
    expect([...parameters].map(([name, p]) => [name, p.shape])).toEqual(shapes.flatMap(([units, inputs], i) => [
      [`dense${i + 2}_weight`, [units, inputs]], [`dense${i + 2}_bias`, [units]],
    ]))
    expect((net[0][1][0].bias.data() as NDArray).repr()).toBe(`array([${new Array(17).fill('0.').join(', ')},\n       ${new Array(15).fill('0.').join(', ')}])`)
  })

  it('S5.2-15: indexing, negative indices, slices and lengths of containers', () => {
    const { net } = section()
    expect([net.at(-1), net[0], net.length]).toEqual([net[1], net.at(0), 2])
    expect(() => net.at(2)).toThrow(expect.objectContaining({ name: 'IndexError' }))
    expect(() => net.at(-3)).toThrow('out of range')
    const part = net.slice(1, 3)
    expect(part).toBeInstanceOf(nn.Sequential)
    expect([part.prefix, part.length, part[0]]).toEqual([net.prefix, 1, net[1]])
  })
})

describe('section 5.2.2, parameter initialization, in one process', () => {
  freshProcess()

  it('S5.2-17, 18, 19, 21, 22, 23: each way to initialize in turn, values as printed', () => {
    const { net, x } = section()
    // The course runs the other network here, whose draws come in between.
    const other = rubeGoldberg()
    other.initialize()
    other(x)
    const row = (): NDArray => (net[0].weight.data() as NDArray).get(0)

    net.initialize(new init.Normal({ sigma: 0.01 }), { forceReinit: true })
    expect(row().repr()).toBe(`array([-9.8788980e-03,  5.3957910e-03, -7.0842835e-03, -7.4317548e-03,
       -1.4880489e-02,  6.4959107e-03, -8.2659349e-03,  1.8743129e-02,
        1.6201857e-02,  1.4534278e-03,  2.2331164e-03,  1.5926110e-02,
       -1.2915777e-02, -8.8592555e-05, -1.7293986e-03, -7.2338698e-03,
        8.7698260e-03, -4.9947016e-03, -9.6906107e-03,  2.0079101e-03])`)
    expect(numbers(row())).toEqual(golden.normal_row0)
    expect(position()).toBe(golden.pos_after_normal)

    net.initialize({ init: new init.Constant(1), forceReinit: true })
    expect(numbers(net[0].weight.data()).every(w => w === 1)).toBe(true)
    expect(numbers(net[0].bias.data()).every(b => b === 0)).toBe(true)

    net[1].initialize(new init.Constant(42), { forceReinit: true })
    net[0].weight.initialize(new init.Xavier(), { forceReinit: true })
    expect(String(net[1].weight.data().get(0, 0))).toBe('42.0')
    expect(String(row())).toBe(`[-0.06319056 -0.10960881  0.11757872 -0.07595599 -0.0849717   0.0851637
  0.08330765  0.04028694 -0.0305525   0.02012795 -0.03856885  0.1375024
  0.10155623 -0.05016676 -0.02575382 -0.14205234  0.14225402  0.02719662
 -0.0888046  -0.00962897]`)
    expect(numbers(row())).toEqual(golden.xavier_row0)
    expect(np.abs(net[0].weight.data()).max().item()).toBeLessThan(golden.xavier_bound)
    expect(position()).toBe(golden.pos_after_xavier)

    const mine = new MyInit()
    net.initialize(mine, { forceReinit: true })
    expect(mine.lines).toEqual(['Init dense0_weight (256, 20)', 'Init dense1_weight (10, 256)'])
    expect(row().repr()).toBe(`array([-5.172625 , -7.0209026,  5.1446533, -9.844563 ,  8.545956 ,
       -0.       ,  0.       , -0.       ,  5.107664 ,  9.658335 ,
        5.8564453,  7.4483128,  0.       ,  0.       , -0.       ,
        7.9034443,  0.       ,  5.4223766,  8.5655575,  5.1224785])`)
    expect(numbers(net[0].weight.data()).filter(w => w === 0).length / 5120).toBe(golden.myinit_zero_fraction)
    expect(position()).toBe(golden.pos_after_myinit)

    net[0].weight.data().iadd(1)
    net[0].weight.data().set([0, 0], 42)
    expect(row().repr()).toBe(`array([42.       , -6.0209026,  6.1446533, -8.844563 ,  9.545956 ,
        1.       ,  1.       ,  1.       ,  6.107664 , 10.658335 ,
        6.8564453,  8.448313 ,  1.       ,  1.       ,  1.       ,
        8.903444 ,  1.       ,  6.4223766,  9.5655575,  6.1224785])`)
    expect(numbers(row())).toEqual(golden.after_edit_row0)
    expect(warnings).toEqual([])
  })
})

describe('section 5.2.2, item by item', () => {
  freshProcess()

  it('S5.2-20: initializing again without force changes nothing and warns for each parameter', () => {
    const { net } = section()
    const before = numbers(net[0].weight.data())
    net.initialize(new init.One())
    expect(numbers(net[0].weight.data())).toEqual(before)
    expect(warnings).toEqual(['dense0_weight', 'dense0_bias', 'dense1_weight', 'dense1_bias']
      .map(name => `Parameter '${name}' is already initialized, ignoring. Set force_reinit=True to re-initialize.`))
    expect(position()).toBe(golden.pos_after_forward)
  })

  it('S5.2-24: setData writes through the array that others hold and keeps the gradient', () => {
    const { net } = section()
    const [data, grad] = [net[1].bias.data(), net[1].bias.grad()]
    net[1].bias.setData(np.arange(10))
    expect(net[1].bias.data()).toBe(data)
    expect(numbers(data)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(net[1].bias.grad()).toBe(grad)
  })
})
