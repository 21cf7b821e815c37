import type { Value } from './code.ts'
import { int, instruction } from './code.ts'
import { copyRows, eachBlock, eachGroup, sizes, turn, whole } from './blocks.ts'
import { addColumns, columns } from './columns.ts'
import type { Lanes } from './lanes.ts'
import type { Func } from './module.ts'
import { Module } from './module.ts'
import { direct } from './small.ts'

// Convolutions of float32 as products with columns, a block of windows at a time, so that a block stays in the cache. Blocks go on from
// image to image; which windows share one changes no result.

interface Parts {
  readonly lanes: Lanes
  readonly columns: Func
  readonly addColumns: Func
  readonly product: Func
  readonly copyRows: Func
  readonly turn: Func
}

/** Writes `forward`, `back`, `weights`, `columns` and `addColumns`. */
export function convolutionModule(lanes: Lanes, rows: number): Module {
  const m = new Module()
  const parts: Parts = {
    lanes,
    columns: columns(m, 'columns', lanes),
    addColumns: addColumns(m, 'addColumns', lanes),
    product: direct(m, lanes, rows),
    copyRows: copyRows(m, lanes),
    turn: turn(m, lanes),
  }
  forward(m, parts)
  back(m, parts)
  weights(m, parts)
  return m
}

/**
 * y = weight * columns(x) + bias. Parameters: description, first window, last window, scratch of k + outChannels rows of a block.
 */
function forward(m: Module, { columns: unfold, product, copyRows: copy }: Parts): void {
  m.func('forward', ['i32', 'i32', 'i32', 'i32'], (f, description, from, to, scratch) => {
    const s = sizes(f, description)
    const kBytes = f.local(s.k.shl(2))
    eachGroup(f, s, group => {
      const weight = f.local(s.weight.add(group.mul(s.outChannels).mul(kBytes)))
      const bias = f.local(int(0))
      f.if(s.bias, () => f.set(bias, s.bias.add(group.mul(s.outChannels).shl(2))))
      eachBlock(f, s, group, from, to, ({ count, pieces }) => {
        const width = f.local(whole(count))
        const line = f.local(width.shl(2))
        const result = f.local(scratch.add(s.k.mul(line)))
        pieces(({ start, p0, p1, x }) => f.call(unfold, description, x, 0, s.k, p0, p1, scratch.add(start.shl(2)), line))
        f.call(product, s.outChannels, width, s.k, weight, kBytes, 4, scratch, line, result, line)
        pieces(({ start, p0, p1, y }) => f.call(copy, s.outChannels, p1.sub(p0), result.add(start.shl(2)), line, y.add(p0.shl(2)), s.windows.shl(2), bias))
      })
    })
  })
}

/**
 * x = what the transposed weight spreads of y, and the bias. Parameters: description, first image, last image, scratch of k + outChannels rows of a block.
 */
function back(m: Module, { lanes, addColumns: fold, product, copyRows: copy }: Parts): void {
  m.func('back', ['i32', 'i32', 'i32', 'i32'], (f, description, from, to, scratch) => {
    const s = sizes(f, description)
    const kBytes = f.local(s.k.shl(2))
    const plane = f.local(s.xGroup.div(s.channels))
    eachGroup(f, s, group => {
      const weight = f.local(s.weight.add(group.mul(s.outChannels).mul(kBytes)))
      const image = f.local(from)
      f.range(image, to, 1, () => {
        const at = f.local(s.x.add(image.mul(s.groups).add(group).mul(s.xGroup)))
        const channel = f.local(0)
        f.range(channel, s.channels, 1, () => {
          const value = f.local(lanes.splat(0))
          f.if(s.bias, () => f.set(value, lanes.loadSplat(s.bias.add(group.mul(s.channels).add(channel).shl(2)))))
          const n = f.local(plane.shr(2))
          f.while(n.ge(4), () => {
            f.store(at, value)
            f.step(at, 16)
            f.step(n, -4)
          })
          f.while(n.gt(0), () => {
            f.store(at, lanes.extract(value, 0))
            f.step(at, 4)
            f.step(n, -1)
          })
        })
      })
      // What overlaps is added block by block: blocks begin anew with an image, or are whole images, so that sums are the same whatever the threads.
      const together = f.local(s.block.div(s.windows).max(1))
      f.set(image, from)
      f.while(image.lt(to), () => {
        const next = f.local(image.add(together).min(to))
        eachBlock(f, s, group, f.local(image.mul(s.windows)), f.local(next.mul(s.windows)), ({ count, pieces }) => {
          const width = f.local(whole(count))
          const line = f.local(width.shl(2))
          const spread = f.local(scratch.add(s.outChannels.mul(line)))
          pieces(({ start, p0, p1, y }) => f.call(copy, s.outChannels, p1.sub(p0), y.add(p0.shl(2)), s.windows.shl(2), scratch.add(start.shl(2)), line, 0))
          f.call(product, s.k, width, s.outChannels, weight, 4, kBytes, scratch, line, spread, line)
          pieces(({ start, p0, p1, x }) => f.call(fold, description, x, 0, s.k, p0, p1, spread.add(start.shl(2)), line))
        })
        f.set(image, next)
      })
    })
  })
}

/**
 * weight = y * columns(x)^T over all images, for the rows `k0` to `k1` of the columns: each thread has its own, and the sums go on in
 * the same order whatever the threads. Blocks are summed in double. Parameters: description, images, k0, k1, scratch, which holds in turn
 * the sums (k1 - k0 by outChannels, each row a whole vector, in double), a block's product, its columns, and y turned.
 */
function weights(m: Module, { lanes, columns: unfold, product, turn: turned }: Parts): void {
  m.func('weights', ['i32', 'i32', 'i32', 'i32', 'i32'], (f, description, images, k0, k1, scratch) => {
    const s = sizes(f, description)
    const rows = f.local(k1.sub(k0))
    const width = f.local(whole(s.outChannels))
    const yLine = f.local(width.shl(2))
    const cells = f.local(rows.mul(width))
    const result = f.local(scratch.add(cells.shl(3)))
    const columnsAt = f.local(result.add(cells.shl(2)))
    const none = f.local(int(0))
    const promote = (low: Value): Value => instruction('f64', [0xbb], low)
    eachGroup(f, s, group => {
      const n = f.local(cells)
      const at = f.local(scratch)
      f.while(n.gt(0), () => {
        f.store(at, instruction('f64', [0xb7], int(0)))
        f.step(at, 8)
        f.step(n, -1)
      })
      eachBlock(f, s, group, none, f.local(images.mul(s.windows)), ({ count, pieces }) => {
        const line = f.local(whole(count).shl(2))
        const yAt = f.local(columnsAt.add(rows.mul(line)))
        pieces(({ start, p0, p1, x, y }) => {
          f.call(unfold, description, x, k0, k1, p0, p1, columnsAt.add(start.shl(2)), line)
          f.call(turned, s.outChannels, p1.sub(p0), y.add(p0.shl(2)), s.windows.shl(2), yAt.add(start.mul(yLine)), yLine)
        })
        f.call(product, rows, width, count, columnsAt, line, 4, yAt, yLine, result, yLine)
        const [sum, add, left] = [f.local(scratch), f.local(result), f.local(cells)]
        const old = (offset: number): Value => instruction('f64', [0x2b, 3, offset], sum)
        f.while(left.gt(0), () => {
          for (let i = 0; i < 4; i++) f.store(sum, instruction('f64', [0xa0], old(i * 8), promote(lanes.loadOne(add, i * 4))), i * 8)
          f.step(sum, 32)
          f.step(add, 16)
          f.step(left, -4)
        })
      })
      const k = f.local(k0)
      const from = f.local(scratch)
      f.range(k, k1, 1, () => {
        const channel = f.local(0)
        f.range(channel, s.outChannels, 1, () => {
          const target = s.weight.add(group.mul(s.outChannels).add(channel).mul(s.k).add(k).shl(2))
          f.store(target, instruction('f32', [0xb6], instruction('f64', [0x2b, 3, 0], from.add(channel.shl(3)))))
        })
        f.step(from, width.shl(3))
      })
    })
  })
}
