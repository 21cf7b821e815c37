import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { np } from '@ashlar/core'
import { Activation, Block, Dense, Sequential } from '@ashlar/nn'
import { freshProcess, numbers } from './support.ts'

/** Stores its blocks under their names, as the course does. */
class MySequential extends Block {
  add(block: Block): void { this.children.set(block.name, block) }
  override forward(x: NDArray): NDArray {
    for (const block of this.children.values()) x = block(x) as NDArray
    return x
  }
}

const three = (): Sequential => new Sequential(new Dense(3), new Dense(2), new Dense(1))

describe('Sequential', () => {
  freshProcess()

  it('runs its blocks in order; none pass the input through', () => {
    const net = new Sequential(new Activation('relu'), new Activation('tanh'))
    expect(numbers(net(np.array([-1, 1])) as NDArray)).toEqual([0, Math.fround(Math.tanh(1))])
    const x = np.ones([1])
    expect(new Sequential()(x)).toBe(x)
  })

  it('takes blocks or options first', () => {
    const [a, b] = [new Dense(1), new Dense(1)]
    expect([...new Sequential({ prefix: 'net_' }, a, b)]).toEqual([a, b])
    expect(new Sequential({ prefix: 'net_' }).name).toBe('net')
    expect(new Sequential(a).length).toBe(1)
  })

  it('S5.2-15: index, at and length', () => {
    const net = three()
    const blocks = [...net]
    expect([net[0], net[2], net.at(0), net.at(-1), net.at(-3), net.length]).toEqual([blocks[0], blocks[2], blocks[0], blocks[2], blocks[0], 3])
    for (const index of [3, -4, 0.5]) expect(() => net.at(index)).toThrow(expect.objectContaining({ name: 'IndexError' }))
  })

  it('S5.2-15: slices share their blocks and the prefix, and count no name', () => {
    const net = three()
    const cases: [number | undefined, number | undefined, number[]][] = [[1, 3, [1, 2]], [undefined, 2, [0, 1]], [-2, undefined, [1, 2]], [0, -1, [0, 1]], [2, 1, []]]
    for (const [start, stop, expected] of cases) {
      const part = net.slice(start, stop)
      expect(part).toBeInstanceOf(Sequential)
      expect([...part]).toEqual(expected.map(i => net[i]))
      expect(part.prefix).toBe('sequential0_')
    }
    expect(new Sequential().name).toBe('sequential1')
  })

  it('a slice has the class of its source', () => {
    class Named extends Sequential {}
    expect(new Named(new Dense(1)).slice(0, 1)).toBeInstanceOf(Named)
  })

  it('add refuses what is no block and adds nothing then', () => {
    const net = new Sequential()
    expect(() => net.add(new Dense(1), 3 as never)).toThrow(expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('expected blocks, got') }))
    expect([net.length, net[0]]).toEqual([0, undefined])
  })

  it('prints children under their keys', () => {
    expect(String(new Sequential())).toBe('Sequential(\n\n)')
    expect(String(new Sequential(new Sequential(new Dense(1))))).toBe('Sequential(\n  (0): Sequential(\n    (0): Dense(-1 -> 1, linear)\n  )\n)')
  })

  it('a subclass with fields lists them as children too', () => {
    class WithHead extends Sequential {
      head = new Dense(5)
    }
    const net = new WithHead(new Dense(1))
    expect([...net.children.keys()]).toEqual(['0', 'head'])
    expect(net.length).toBe(2)
  })
})

describe('S5.1-10, 11: a container that writes its own children', () => {
  freshProcess()

  it('runs, initializes and collects like Sequential', () => {
    const [mine, theirs] = [new MySequential(), new Sequential(new Dense(3), new Dense(2))]
    mine.add(new Dense(3))
    mine.add(new Dense(2))
    for (const net of [mine, theirs]) net.initialize('ones')
    expect(numbers(mine(np.ones([1, 4])))).toEqual(numbers(theirs(np.ones([1, 4])) as NDArray))
    expect([...mine.children.keys()]).toEqual(['dense2', 'dense3'])
    expect([...mine.collectParams().keys()]).toEqual(['dense2_weight', 'dense2_bias', 'dense3_weight', 'dense3_bias'])
    expect(String(mine)).toBe('MySequential(\n\n)')
  })

  it('children can be taken out again', () => {
    const net = new MySequential()
    net.add(new Dense(3))
    net.children.delete('dense0')
    expect(net.collectParams().size).toBe(0)
  })
})
