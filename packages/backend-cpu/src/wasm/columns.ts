import type { Local, Value } from './code.ts'
import { instruction, memory, select } from './code.ts'
import type { Lanes } from './lanes.ts'
import type { Func, FunctionBody, Module } from './module.ts'

/**
 * What kernels of sliding windows are told, as words in memory: there is more of it than a function can have parameters.
 * `order` is 1 where the places of a window count along its first axis fastest; `outside` is a float, what stands around the array. `includePad` is 1 where padding counts in a mean.
 */
export const DESCRIPTION = [
  'channels', 'height', 'width', 'kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth', 'padHeight', 'padWidth',
  'outHeight', 'outWidth', 'groups', 'outChannels', 'block', 'x', 'weight', 'bias', 'y', 'order', 'outside', 'includePad',
] as const
export type Field = (typeof DESCRIPTION)[number]

/** A word of the description at that address. */
export function field(description: Value, name: Field): Value {
  return instruction('i32', [0x28, ...memory(2, DESCRIPTION.indexOf(name) * 4)], description)
}

/** Reads words into variables. */
export function fields<F extends Field>(f: FunctionBody, description: Value, ...names: F[]): Record<F, Local> {
  return Object.fromEntries(names.map(name => [name, f.local(field(description, name))])) as Record<F, Local>
}

/** Runs of one place of a window along one row: where it lies in the array, and how many of it do. */
interface Run {
  /** Where the run's first window is in the columns. */
  readonly column: Local
  readonly columns: Local
  /** How many windows see what stands before the array, and up to which one they see the array. */
  readonly from: Local
  readonly to: Local
  /** The element that window `from` sees; the next one's is `stride` bytes on. */
  readonly element: Local
  readonly stride: Local
}

/**
 * Visits the rows of the columns matrix, one for each channel and each place of a window, run by run: a run ends where the windows
 * come to another row of the array. Parameters as those of {@link columns}.
 */
function eachRun(f: FunctionBody, [description, x, k0, k1, p0, p1, target, line]: readonly Local[], visit: (run: Run) => void): void {
  const d = fields(f, description!, 'height', 'width', 'kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth', 'padHeight', 'padWidth', 'outWidth', 'order')
  const places = f.local(d.kernelHeight.mul(d.kernelWidth))
  const fastest = f.local(select(d.order, d.kernelHeight, d.kernelWidth))
  const stride = f.local(d.strideWidth.shl(2))
  const k = f.local(k0!)
  const start = f.local(target!)
  f.range(k, k1!, 1, () => {
    const channel = f.local(k.div(places))
    const place = f.local(k.sub(channel.mul(places)))
    const slow = f.local(place.div(fastest))
    const fast = f.local(place.sub(slow.mul(fastest)))
    const down = f.local(select(d.order, fast, slow).mul(d.dilationHeight).sub(d.padHeight))
    const across = f.local(select(d.order, slow, fast).mul(d.dilationWidth).sub(d.padWidth))
    const plane = f.local(x!.add(channel.mul(d.height).mul(d.width).shl(2)))
    // The windows of a row that see the array at this place.
    const first = f.local(select(across.lt(0), d.strideWidth.sub(1).sub(across).div(d.strideWidth), 0))
    const end = f.local(d.width.sub(1).sub(across))
    f.set(end, select(end.lt(0), 0, end.div(d.strideWidth).add(1)))
    const row = f.local(p0!.div(d.outWidth))
    const window = f.local(p0!.sub(row.mul(d.outWidth)))
    const column = f.local(start)
    const left = f.local(p1!.sub(p0!))
    f.while(left.gt(0), () => {
      const count = f.local(left.min(d.outWidth.sub(window)))
      const line0 = f.local(row.mul(d.strideHeight).add(down))
      const inside = line0.ge(0).and(line0.lt(d.height))
      const from = f.local(first.sub(window).max(0).min(count))
      const to = f.local(end.sub(window).max(from).min(count))
      f.if(inside, () => {}, () => {
        f.set(from, count)
        f.set(to, count)
      })
      const element = f.local(plane.add(line0.mul(d.width).add(across).add(window.add(from).mul(d.strideWidth)).shl(2)))
      visit({ column, columns: count, from, to, element, stride })
      f.step(column, count.shl(2))
      f.step(left, f.local(count.mul(-1)))
      f.step(row, 1)
      f.set(window, 0)
    })
    f.step(start, line!)
  })
}

/** `n` numbers from `at` on become `vector`. */
function fillRun(f: FunctionBody, lanes: Lanes, at: Local, n: Local, vector: Local): void {
  f.while(n.ge(4), () => {
    f.store(at, vector)
    f.step(at, 16)
    f.step(n, -4)
  })
  f.while(n.gt(0), () => {
    f.store(at, lanes.extract(vector, 0))
    f.step(at, 4)
    f.step(n, -1)
  })
}

/**
 * The windows of an image as columns: for each channel and place (rows `k0` to `k1`) what the windows `p0` to `p1` see there.
 * Parameters: description, image, k0, k1, p0, p1, target, bytes between its rows.
 */
export function columns(m: Module, name: string | null, lanes: Lanes): Func {
  return m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, ...params) => {
    const outside = f.local(lanes.loadSplat(params[0]!, DESCRIPTION.indexOf('outside') * 4))
    eachRun(f, params, ({ column, columns: count, from, to, element, stride }) => {
      const at = f.local(column)
      fillRun(f, lanes, at, f.local(from), outside)
      const n = f.local(to.sub(from))
      f.if(stride.eq(4), () => {
        f.while(n.ge(4), () => {
          f.store(at, lanes.load(element))
          f.step(at, 16)
          f.step(element, 16)
          f.step(n, -4)
        })
      })
      f.while(n.gt(0), () => {
        f.store(at, lanes.loadOne(element))
        f.step(at, 4)
        f.step(element, stride)
        f.step(n, -1)
      })
      fillRun(f, lanes, at, f.local(count.sub(to)), outside)
    })
  })
}

/** Adds columns to the image whose windows they are. Parameters as those of {@link columns}. */
export function addColumns(m: Module, name: string | null, lanes: Lanes): Func {
  return m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, ...params) => {
    eachRun(f, params, ({ column, from, to, element, stride }) => {
      const at = f.local(column.add(from.shl(2)))
      const n = f.local(to.sub(from))
      f.if(stride.eq(4), () => {
        f.while(n.ge(4), () => {
          f.store(element, lanes.op('add', lanes.load(element), lanes.load(at)))
          f.step(at, 16)
          f.step(element, 16)
          f.step(n, -4)
        })
      })
      f.while(n.gt(0), () => {
        f.store(element, lanes.one('add', lanes.loadOne(element), lanes.loadOne(at)))
        f.step(at, 4)
        f.step(element, stride)
        f.step(n, -1)
      })
    })
  })
}
