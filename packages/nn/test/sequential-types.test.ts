import { describe, expect, expectTypeOf, it } from 'vitest'
import type { NDArray, Shape } from '@ashlar/core'
import { np } from '@ashlar/core'
import type { AnyBlock } from '@ashlar/nn'
import { Activation, Block, Dense, HybridSequential, Sequential } from '@ashlar/nn'
import { freshProcess } from './support.ts'

class Scale extends Block {
  factor = 2
  override forward(x: NDArray): NDArray { return x.mul(this.factor) }
}

describe('types of containers', () => {
  freshProcess()

  it('what the constructor gets keeps its type under its index', () => {
    const net = new Sequential(new Dense(2), new Activation('relu'))
    net.initialize()
    expectTypeOf(new HybridSequential(new Dense(2), new Activation('relu'))[1]).toEqualTypeOf<Activation>()
    expectTypeOf(net[0]).toEqualTypeOf<Dense>()
    expectTypeOf(net[1]).toEqualTypeOf<Activation>()
    expectTypeOf(net[0].weight.shape).toEqualTypeOf<Shape | null>()
    expectTypeOf(net[0](np.ones([1]))).toEqualTypeOf<NDArray>()
    expectTypeOf(net[2]).toEqualTypeOf<AnyBlock>()
    // @ts-expect-error a Dense has no such field
    expect(net[0].wieght).toBeUndefined()
    expect(net[2]).toBeUndefined()
  })

  it('with options first, and blocks of any class', () => {
    const net = new Sequential({ prefix: 'net_' }, new Scale(), new Sequential(new Dense(1)))
    expectTypeOf(net[0].factor).toEqualTypeOf<number>()
    expectTypeOf(net[1][0]).toEqualTypeOf<Dense>()
    expect([net[0].factor, net[1][0].name]).toEqual([2, 'dense0'])
  })

  it('what add brings has fields of any type, at positions up to 15 without a question', () => {
    const net = new Sequential()
    for (let i = 0; i < 17; i++) net.add(new Dense(1))
    expectTypeOf(net[0]).toEqualTypeOf<AnyBlock>()
    expectTypeOf(net[15]).toEqualTypeOf<AnyBlock>()
    expectTypeOf(net[16]).toEqualTypeOf<AnyBlock | undefined>()
    expectTypeOf(net.at(-1)).toEqualTypeOf<AnyBlock>()
    expect([net[0].weight.name, net[15].weight.name, net[16]!.weight.name]).toEqual(['dense0_weight', 'dense15_weight', 'dense16_weight'])
  })

  it('a container of known blocks is one of any', () => {
    const nets: Sequential[] = [new Sequential(new Dense(1), new Scale()), new Sequential()]
    const blocks: Block[] = nets
    const made = (layers: readonly Dense[]): Sequential => new Sequential(...layers)
    class Named extends Sequential {
      extra = 1
    }
    expectTypeOf(new Named(new Dense(1))[0]).toEqualTypeOf<AnyBlock>()
    expectTypeOf(nets[0]!.slice(0, 1)).toEqualTypeOf<Sequential>()
    expect([blocks.length, made([new Dense(1)]).length, new Named(new Dense(1)).length]).toEqual([2, 1, 1])
    // @ts-expect-error it holds a Dense
    const wrong: Sequential<Scale> = new Sequential(new Dense(1))
    expect(wrong.length).toBe(1)
  })

  it('a block is called as its forward says', () => {
    class Pair extends Block {
      override forward(x: NDArray, times: number): [NDArray, number] { return [x, times] }
    }
    expectTypeOf(new Pair()(np.ones([1]), 2)).toEqualTypeOf<[NDArray, number]>()
    // @ts-expect-error forward takes two arguments
    expect(new Pair()(np.ones([1]))).toHaveLength(2)
    // @ts-expect-error text is no array
    expect(() => new Dense(1)('x')).toThrow(TypeError)
  })
})
