import type { Local, Value } from './code.ts'
import { instruction } from './code.ts'
import { exp, tanh } from './elementary.ts'
import type { Lanes } from './lanes.ts'
import { bits } from './lanes.ts'
import type { FunctionBody } from './module.ts'
import { Module } from './module.ts'

/** Vectors of a turn: with three inputs, what the registers hold. */
const TURN = 2

/** One result from the vectors of each input at the same place, and from constants, each in all lanes. */
type StreamMath = (f: FunctionBody, lanes: Lanes, inputs: readonly Local[], constants: readonly Local[]) => Value

/** Parameters: how many, the inputs, the output, the bits of the constants. */
function stream(m: Module, name: string, lanes: Lanes, inputs: number, constants: number, math: StreamMath): void {
  m.func(name, Array.from({ length: 2 + inputs + constants }, () => 'i32' as const), (f, n, ...rest) => {
    const sources = rest.slice(0, inputs)
    const out = rest[inputs]!
    const values = rest.slice(inputs + 1).map(bitsOfConstant => f.local(lanes.splat(instruction('f32', [0xbe], bitsOfConstant))))
    for (const vectors of [TURN, 1]) {
      f.while(n.ge(vectors * 4), () => {
        for (let i = 0; i < vectors; i++) f.store(out, math(f, lanes, sources.map(source => f.local(lanes.load(source, i * 16))), values), i * 16)
        for (const address of [...sources, out]) f.step(address, vectors * 16)
        f.step(n, -4 * vectors)
      })
    }
    // The last ones as vectors of one number, so that a number's result does not depend on where it stands.
    f.while(n.gt(0), () => {
      f.store(out, lanes.extract(math(f, lanes, sources.map(source => f.local(lanes.loadSplat(source))), values), 0))
      for (const address of [...sources, out]) f.step(address, 4)
      f.step(n, -1)
    })
  })
}

/** `x / 2 (1 + tanh(k (x + c x³)))`, the approximation of gelu. */
const gelu: StreamMath = (f, lanes, [x]) => {
  const { op, splat, multiplyAdd } = lanes
  const cube = op('mul', op('mul', x!, x!), x!)
  const inner = f.local(op('mul', multiplyAdd(cube, splat(0.044715), x!), splat(Math.sqrt(2 / Math.PI))))
  return op('mul', op('mul', x!, splat(0.5)), op('add', tanh(f, lanes, [inner])[0]!, splat(1)))
}

/**
 * `x Φ(x)` with `2 Φ(x) = erfc(-x / √2)`; for the complementary error function of `z >= 0` the Chebyshev fit of Numerical Recipes (Press et al., 1992,
 * 6.2), `t exp(-z² + p(t))` with `t = 1 / (1 + z / 2)`, of relative error below 1.2e-7.
 */
const geluExact: StreamMath = (f, lanes, [x]) => {
  const { op, splat, multiplyAdd } = lanes
  const z = f.local(op('mul', op('abs', x!), splat(Math.SQRT1_2)))
  const t = f.local(op('div', splat(1), multiplyAdd(z, splat(0.5), splat(1))))
  const p = f.local(splat(0.17087277))
  for (const coefficient of [-0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223]) f.set(p, multiplyAdd(p, t, splat(coefficient)))
  const tail = f.local(op('mul', t, exp(f, lanes, [f.local(op('sub', p, op('mul', z, z)))])[0]!))
  const twice = bits('select', tail, op('sub', splat(2), tail), op('lt', x!, splat(0)))
  return op('mul', op('mul', x!, splat(0.5)), twice)
}

/** Functions of several arrays of one shape in one pass, float32 only. */
export function fusedModule(lanes: Lanes): Module {
  const m = new Module()
  const { op, splat, multiplyAdd } = lanes
  const add = (name: string, inputs: number, constants: number, math: StreamMath): void => stream(m, name, lanes, inputs, constants, math)
  add('relu', 1, 0, (_, __, [x]) => bits('andNot', x!, op('lt', x!, splat(0))))
  add('reluGradient', 2, 0, (_, __, [g, y]) => bits('and', g!, op('gt', y!, splat(0))))
  add('sigmoidGradient', 2, 0, (_, __, [g, y]) => op('mul', g!, op('mul', y!, op('sub', splat(1), y!))))
  add('tanhGradient', 2, 0, (_, __, [g, y]) => op('mul', g!, op('sub', splat(1), op('mul', y!, y!))))
  add('gelu', 1, 0, geluExact)
  add('gelu approximate', 1, 0, gelu)

  // The steps of optimizers, with and without weight decay: a weight that does not decay may be infinite.
  add('sgdStep', 2, 1, (_, __, [w, g], [rate]) => op('sub', w!, op('mul', g!, rate!)))
  add('sgdStep decay', 2, 2, (_, __, [w, g], [rate, decay]) => op('sub', w!, multiplyAdd(w!, decay!, op('mul', g!, rate!))))
  add('sgdVelocity', 3, 2, (_, __, [, g, v], [rate, momentum]) => op('sub', op('mul', v!, momentum!), op('mul', g!, rate!)))
  add('sgdVelocity decay', 3, 3, (_, __, [w, g, v], [rate, momentum, decay]) => op('sub', op('mul', v!, momentum!), multiplyAdd(w!, decay!, op('mul', g!, rate!))))
  add('nagStep', 3, 2, (_, __, [w, v, before], [ahead, momentum]) => op('add', w!, op('sub', op('mul', v!, ahead!), op('mul', before!, momentum!))))
  const decayed = (w: Value, g: Value, rescale: Value, decay: Value | undefined): Value => {
    const scaled = op('mul', g, rescale)
    return decay === undefined ? scaled : multiplyAdd(w, decay, scaled)
  }
  for (const suffix of ['', ' decay']) {
    const constants = suffix === '' ? 3 : 4
    add(`adamMean${suffix}`, 3, constants, (_, __, [w, g, mean], [beta, rest, rescale, decay]) => op('add', op('mul', mean!, beta!), op('mul', decayed(w!, g!, rescale!, decay), rest!)))
    add(`adamSquare${suffix}`, 3, constants, (f, _, [w, g, square], [beta, rest, rescale, decay]) => {
      const gradient = f.local(decayed(w!, g!, rescale!, decay))
      return op('add', op('mul', square!, beta!), op('mul', op('mul', gradient, gradient), rest!))
    })
    add(`adamStep${suffix}`, 3, constants - 1, (_, __, [w, mean, square], [rate, epsilon, decay]) => {
      const change = op('div', op('mul', mean!, rate!), op('add', op('sqrt', square!), epsilon!))
      return op('sub', w!, decay === undefined ? change : multiplyAdd(w!, decay, change))
    })
  }
  return m
}
