import { checkArray, isNDArray } from '../array-core.ts'
import { typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { describe, sizeOf } from '../shape.ts'
import { add, mul } from './arithmetic.ts'
import { hostIndices } from './host-data.ts'
import type { Index, Part, Picks, Plan } from './index-plan.ts'
import { combine, plan } from './index-plan.ts'
import { takeAt } from './indexing.ts'
import { reshape } from './reshape.ts'
import { strided } from './slicing.ts'
import { transpose } from './transpose.ts'
import { within } from './within.ts'

export type { Index } from './index-plan.ts'
export { Slice, newaxis, slice } from './slice.ts'

/** Cuts the ranges and points out; axes with lists of positions stay whole. */
function cut(x: NDArray, parts: readonly Part[]): NDArray {
  const axes = parts.flatMap((part): { start: number; step: number; count: number }[] => {
    if (part.kind === 'new') return []
    if (part.kind === 'picks') return part.covers.map(count => ({ start: 0, step: 1, count }))
    return [part.kind === 'point' ? { start: part.start, step: 1, count: 1 } : part]
  })
  if (axes.every(({ step, count }, i) => step === 1 && count === x.shape[i])) return x
  return strided(x, { starts: axes.map(({ start }) => start), steps: axes.map(({ step }) => step), shape: axes.map(({ count }) => count) })
}

/** The axes that a part leaves, those under a list of positions as one. */
function extentsOf(part: Part): Shape {
  switch (part.kind) {
    case 'new': return [1]
    case 'point': return []
    case 'range': return [part.count]
    default: return [sizeOf(part.covers)]
  }
}

/** One position for every entry of the block, in the flat order of all axes under lists. */
function positionsOf(x: NDArray, { picks, block }: Plan): NDArray {
  const extents = picks.map(({ covers }) => sizeOf(covers))
  const multipliers = extents.map((_, i) => sizeOf(extents.slice(i + 1)))
  const onHost = picks.filter((each): each is Picks & { positions: Int32Array } => !isNDArray(each.positions))
  if (onHost.length === picks.length) return hostIndices(x, combine(picks, multipliers, block, each => each.positions as Int32Array), block)
  return picks
    .map(({ positions, shape }, i) => mul(isNDArray(positions) ? positions : hostIndices(x, positions, shape), multipliers[i]!))
    .reduce((a, b) => add(a, b))
}

function takeBlock(x: NDArray, chosen: Plan): NDArray {
  const { parts, picks, front } = chosen
  const kept = parts.map(extentsOf)
  const sliced = reshape(cut(x, parts), kept.flat())
  // Every list lies over one axis now; together they become one axis, in the place that the result's block has.
  const axes = parts.flatMap((part, i) => (part.kind === 'picks' ? [kept.slice(0, i).flat().length] : []))
  const rest = [...sliced.shape.keys()].filter(axis => !axes.includes(axis))
  const at = front ? 0 : axes[0]!
  const order = [...rest.slice(0, at), ...axes, ...rest.slice(at)]
  const ordered = order.every((axis, i) => axis === i) ? sliced : transpose(sliced, order)
  const flat = [...ordered.shape.slice(0, at), sizeOf(picks.flatMap(({ covers }) => covers)), ...ordered.shape.slice(at + axes.length)]
  return takeAt(reshape(ordered, flat), positionsOf(x, chosen), at, 'get')
}

/**
 * The elements that an index selects, as a new array; the gradient goes back to where they came from. Several lists, arrays and masks
 * are broadcast together; a mask counts as the positions of what is true in it. Where they (and numbers) stand side by side, their
 * axes come in their place, else first.
 *
 * Arrays of positions are checked where they lie in host memory; elsewhere those out of range are counted round.
 *
 * @throws IndexError for positions out of range, for too many of them, and for masks and lists that do not fit
 */
export function get(x: NDArray, index: readonly Index[]): NDArray {
  checkArray(x, 'get')
  if (!Array.isArray(index)) throw typeError(`an index is a list of its parts, got ${describe(index)}`, { op: 'get', hint: 'write x.get(0) or get(x, [0])' })
  if (index.some(part => typeof part === 'object')) {
    return within('get', () => {
      const chosen = plan(x, index, 'get')
      return chosen.picks.length > 0 ? takeBlock(x, chosen) : reshape(cut(x, chosen.parts), chosen.parts.flatMap(extentsOf))
    })
  }
  const { parts } = plan(x, index, 'get')
  return reshape(cut(x, parts), parts.flatMap(extentsOf))
}
