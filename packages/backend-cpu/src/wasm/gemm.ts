import { batch } from './batch.ts'
import type { Local, Value } from './code.ts'
import { int, select } from './code.ts'
import type { Lanes } from './lanes.ts'
import { byRows, packedTile } from './micro.ts'
import type { Func, FunctionBody } from './module.ts'
import { Module } from './module.ts'
import { direct, dots, narrow } from './small.ts'
import { packAcross, packAlong } from './pack.ts'

/** Sizes of the blocks that are packed at once: steps, rows of the left side, columns of the right one. */
export const BLOCK = { steps: 256, rows: 96, columns: 1024 } as const
/** A tile that is cut off at the right edge is computed here first. */
const SPARE_BYTES = 1024

/** How many bytes of scratch a product needs. */
export function scratchBytes(bytes: 4 | 8): number {
  return SPARE_BYTES + BLOCK.steps * (BLOCK.rows + BLOCK.columns) * bytes
}

/** What the products of a module share. */
interface Parts {
  readonly lanes: Lanes
  readonly rows: number
  /** Columns of a full tile. */
  readonly columns: number
  readonly full: readonly Func[]
  readonly half: readonly Func[]
  readonly along: Func
  readonly across: Func
}

/**
 * Writes the functions `packed`, `direct`, `narrow` and `dots`, and of each one for many products, such as `packed batch`: products of `m` lines of the left and `n` lines of the right side, all `k` long.
 *
 * @param rows of a tile: six where multiplication and addition are fused, else five, because a product needs a register too
 */
export function gemmModule(lanes: Lanes, rows: number): Module {
  const m = new Module()
  const counts = Array.from({ length: rows }, (_, i) => i + 1)
  const columns = lanes.count * 2
  const parts: Parts = {
    lanes, rows, columns,
    full: counts.map(count => packedTile(m, lanes, count, 2)),
    half: counts.map(count => packedTile(m, lanes, count, 1)),
    along: packAlong(m, lanes, [...new Set([columns, lanes.count, rows])]),
    across: packAcross(m, lanes),
  }
  const directly = direct(m, lanes, rows)
  batch(m, 'packed batch', packed(m, parts), 12, { left: 3, right: 6, out: 9, scratch: 11 })
  batch(m, 'direct batch', directly, 10, { left: 3, right: 6, out: 8 })
  batch(m, 'narrow batch', narrow(m, lanes, parts.across, directly), 11, { left: 3, right: 6, out: 8, scratch: 10 })
  batch(m, 'dots batch', dots(m, lanes), 9, { left: 3, right: 5, out: 7 })
  return m
}

/** `source` as a panel: side by side or a line apart, as `across` says. */
function pack(f: FunctionBody, { along, across }: Parts, isAcross: Value, args: readonly Value[]): void {
  f.if(isAcross, () => f.call(across, ...args), () => f.call(along, ...args))
}

/** Copies a tile that lies in the spare memory to where it belongs, number by number. */
function copySpare(f: FunctionBody, lanes: Lanes, spare: Value, lineBytes: number, out: Value, line: Value, rows: Value, width: Value, add: Value): void {
  const r = f.local(0)
  const j = f.local('i32')
  const from = f.local('i32')
  const to = f.local('i32')
  f.range(r, rows, 1, () => {
    f.set(from, spare.add(r.mul(lineBytes)))
    f.set(to, out.add(r.mul(line)))
    f.set(j, 0)
    f.range(j, width, 1, () => {
      f.if(add, () => f.store(to, lanes.one('add', lanes.loadOne(to), lanes.loadOne(from))), () => f.store(to, lanes.loadOne(from)))
      f.step(from, lanes.bytes)
      f.step(to, lanes.bytes)
    })
  })
}

/**
 * Both sides packed in blocks that stay in the caches. Parameters: m, n, k, left, numbers between its lines, whether
 * they lie across (transposed), the same of the right, out, numbers between output lines, scratch.
 */
function packed(m: Module, parts: Parts): Func {
  const { lanes } = parts
  return m.func('packed', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, height, width, depth, left, leftLine, leftAcross, right, rightLine, rightAcross, out, outLine, scratch) => {
    const bytes = (value: Value): Value => value.shl(lanes.shift)
    const leftBytes = f.local(bytes(leftLine))
    const rightBytes = f.local(bytes(rightLine))
    const outBytes = f.local(bytes(outLine))
    const leftPanels = f.local(scratch.add(SPARE_BYTES))
    const rightPanels = f.local(leftPanels.add(BLOCK.steps * BLOCK.rows * lanes.bytes))
    // Blocks of equal depth, a multiple of four.
    const blocks = f.local(depth.add(BLOCK.steps - 1).div(BLOCK.steps))
    const most = f.local(depth.add(blocks).sub(1).div(blocks).add(3).and(-4))
    const k0 = f.local(0)
    f.while(k0.lt(depth), () => {
      const steps = f.local(depth.sub(k0).min(most))
      const j0 = f.local(0)
      f.range(j0, width, BLOCK.columns, () => {
        const blockWidth = f.local(width.sub(j0).min(BLOCK.columns))
        packRight(f, parts, { right, rightBytes, rightAcross, rightPanels, k0, j0, steps, blockWidth })
        const i0 = f.local(0)
        f.range(i0, height, BLOCK.rows, () => {
          const blockHeight = f.local(height.sub(i0).min(BLOCK.rows))
          packLeft(f, parts, { left, leftBytes, leftAcross, leftPanels, k0, i0, steps, blockHeight })
          const corner = f.local(out.add(i0.mul(outBytes)).add(bytes(j0)))
          multiplyBlock(f, parts, { steps, blockHeight, blockWidth, leftPanels, rightPanels, corner, outBytes, spare: scratch, add: k0 })
        })
      })
      f.step(k0, most)
    })
  })
}

function packRight(f: FunctionBody, parts: Parts, at: Record<'right' | 'rightBytes' | 'rightAcross' | 'rightPanels' | 'k0' | 'j0' | 'steps' | 'blockWidth', Local>): void {
  const { lanes, columns } = parts
  const target = f.local(at.rightPanels)
  const j = f.local(0)
  f.range(j, at.blockWidth, columns, () => {
    const count = f.local(at.blockWidth.sub(j).min(columns))
    const panel = f.local(select(count.gt(lanes.count), columns, lanes.count))
    const first = at.j0.add(j)
    // A right side that is not transposed has its columns side by side.
    const source = select(at.rightAcross,
      at.right.add(first.mul(at.rightBytes)).add(at.k0.shl(lanes.shift)),
      at.right.add(at.k0.mul(at.rightBytes)).add(first.shl(lanes.shift)))
    pack(f, parts, at.rightAcross, [source, at.rightBytes, at.steps, count, panel, target])
    f.step(target, panel.mul(at.steps).shl(lanes.shift))
  })
}

function packLeft(f: FunctionBody, parts: Parts, at: Record<'left' | 'leftBytes' | 'leftAcross' | 'leftPanels' | 'k0' | 'i0' | 'steps' | 'blockHeight', Local>): void {
  const { lanes, rows } = parts
  const target = f.local(at.leftPanels)
  const i = f.local(0)
  f.range(i, at.blockHeight, rows, () => {
    const count = f.local(at.blockHeight.sub(i).min(rows))
    const first = at.i0.add(i)
    const source = select(at.leftAcross,
      at.left.add(first.mul(at.leftBytes)).add(at.k0.shl(lanes.shift)),
      at.left.add(at.k0.mul(at.leftBytes)).add(first.shl(lanes.shift)))
    pack(f, parts, at.leftAcross, [source, at.leftBytes, at.steps, count, count, target])
    f.step(target, count.mul(at.steps).shl(lanes.shift))
  })
}

function multiplyBlock(
  f: FunctionBody, parts: Parts,
  at: Record<'steps' | 'blockHeight' | 'blockWidth' | 'leftPanels' | 'rightPanels' | 'corner' | 'outBytes' | 'spare' | 'add', Local>,
): void {
  const { lanes, rows, columns, full, half } = parts
  const right = f.local(at.rightPanels)
  const j = f.local(0)
  f.range(j, at.blockWidth, columns, () => {
    const width = f.local(at.blockWidth.sub(j).min(columns))
    const wide = f.local(width.gt(lanes.count))
    const left = f.local(at.leftPanels)
    const i = f.local(0)
    f.range(i, at.blockHeight, rows, () => {
      const count = f.local(at.blockHeight.sub(i).min(rows))
      const target = f.local(at.corner.add(i.mul(at.outBytes)).add(j.shl(lanes.shift)))
      const multiply = (out: Value, line: Value, add: Value): void => {
        const args = [at.steps, left, right, out, line, add]
        f.if(wide, () => byRows(f, count, full, args), () => byRows(f, count, half, args))
      }
      f.if(width.and(lanes.count - 1), () => {
        const lineBytes = columns * lanes.bytes
        multiply(at.spare, int(lineBytes), int(0))
        copySpare(f, lanes, at.spare, lineBytes, target, at.outBytes, count, width, at.add)
      }, () => multiply(target, at.outBytes, at.add))
      f.step(left, count.mul(at.steps).shl(lanes.shift))
    })
    f.step(right, select(wide, columns, lanes.count).mul(at.steps).shl(lanes.shift))
  })
}
