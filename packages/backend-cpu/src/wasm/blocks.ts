import type { Local, Value } from './code.ts'
import type { Field } from './columns.ts'
import { fields } from './columns.ts'
import type { Lanes } from './lanes.ts'
import type { Func, FunctionBody, Module } from './module.ts'

// What the convolutions go through: groups, blocks of windows, and the pieces of a block, each within one image.

/** Numbers that a row of `n` takes, so that its end is a whole vector. */
export const whole = (n: Value): Value => n.add(3).and(-4)

type Size = Extract<Field, 'channels' | 'outChannels' | 'groups' | 'block' | 'x' | 'y' | 'weight' | 'bias'>

/** What all three kernels derive from the description. */
export interface Sizes extends Record<Size, Local> {
  /** Rows of the columns matrix of a group. */
  readonly k: Local
  /** Windows of an image. */
  readonly windows: Local
  /** Bytes of a group of an image, of either side. */
  readonly xGroup: Local
  readonly yGroup: Local
}

export function sizes(f: FunctionBody, description: Local): Sizes {
  const d = fields(f, description, 'channels', 'outChannels', 'groups', 'block', 'x', 'y', 'weight', 'bias', 'height', 'width', 'kernelHeight', 'kernelWidth', 'outHeight', 'outWidth')
  const windows = f.local(d.outHeight.mul(d.outWidth))
  return {
    ...d, windows,
    k: f.local(d.channels.mul(d.kernelHeight).mul(d.kernelWidth)),
    xGroup: f.local(d.channels.mul(d.height).mul(d.width).shl(2)),
    yGroup: f.local(d.outChannels.mul(windows).shl(2)),
  }
}

/** Blocks of windows, counted through all images, of one group. */
export interface Block {
  /** How many windows there are. */
  readonly count: Local
  /** Visits its pieces, each within one image: where the piece begins in the block, which windows it has, and the addresses of its image's group. */
  readonly pieces: (visit: (piece: { start: Local; p0: Local; p1: Local; x: Local; y: Local }) => void) => void
}

export function eachBlock(f: FunctionBody, s: Sizes, group: Local, from: Local, to: Local, visit: (block: Block) => void): void {
  const first = f.local(from)
  const image = f.local('i32')
  const window = f.local('i32')
  f.while(first.lt(to), () => {
    const count = f.local(to.sub(first).min(s.block))
    visit({
      count,
      pieces: piece => {
        f.set(image, first.div(s.windows))
        f.set(window, first.sub(image.mul(s.windows)))
        const start = f.local(0)
        f.while(start.lt(count), () => {
          const p1 = f.local(window.add(count.sub(start)).min(s.windows))
          const at = image.mul(s.groups).add(group)
          piece({ start, p0: window, p1, x: f.local(s.x.add(at.mul(s.xGroup))), y: f.local(s.y.add(at.mul(s.yGroup))) })
          f.step(start, p1.sub(window))
          f.set(window, p1)
          f.if(window.eq(s.windows), () => {
            f.set(window, 0)
            f.step(image, 1)
          })
        })
      },
    })
    f.step(first, count)
  })
}

export function eachGroup(f: FunctionBody, s: Sizes, visit: (group: Local) => void): void {
  const group = f.local(0)
  f.range(group, s.groups, 1, () => visit(group))
}

/**
 * Copies rows, each with its own number added. Parameters: rows, columns, source, bytes between its rows, target, bytes between its
 * rows, the numbers or 0.
 */
export function copyRows(m: Module, lanes: Lanes): Func {
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, width, source, line, target, targetLine, bias) => {
    const shift = f.local(lanes.splat(0))
    f.while(rows.gt(0), () => {
      f.if(bias, () => {
        f.set(shift, lanes.loadSplat(bias))
        f.step(bias, 4)
      })
      const [from, to, n] = [f.local(source), f.local(target), f.local(width)]
      // Without a bias nothing is added: a -0 stays one.
      const copy = (add: boolean): void => {
        f.while(n.ge(4), () => {
          f.store(to, add ? lanes.op('add', lanes.load(from), shift) : lanes.load(from))
          f.step(from, 16)
          f.step(to, 16)
          f.step(n, -4)
        })
        f.while(n.gt(0), () => {
          f.store(to, add ? lanes.one('add', lanes.loadOne(from), lanes.extract(shift, 0)) : lanes.loadOne(from))
          f.step(from, 4)
          f.step(to, 4)
          f.step(n, -1)
        })
      }
      f.if(bias, () => copy(true), () => copy(false))
      f.step(source, line)
      f.step(target, targetLine)
      f.step(rows, -1)
    })
  })
}

/** Turns rows into columns. Parameters: rows, columns, source, bytes between its rows, target, bytes between its rows (of which each holds what was a column). */
export function turn(m: Module, lanes: Lanes): Func {
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, width, source, line, target, targetLine) => {
    f.while(rows.gt(0), () => {
      const [from, to, n] = [f.local(source), f.local(target), f.local(width)]
      f.while(n.gt(0), () => {
        f.store(to, lanes.loadOne(from))
        f.step(from, 4)
        f.step(to, targetLine)
        f.step(n, -1)
      })
      f.step(source, line)
      f.step(target, 4)
      f.step(rows, -1)
    })
  })
}
