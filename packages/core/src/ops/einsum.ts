import { checkArray } from '../array-core.ts'
import { promoteTypes } from '../dtype.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkShape, describe, formatShape, sizeOf, specOf } from '../shape.ts'
import { mul } from './arithmetic.ts'
import { cast } from './cast.ts'
import { diagonal } from './diagonal.ts'
import { checkBeside } from './index-range.ts'
import { matmul } from './linear-algebra.ts'
import { countType } from './operands.ts'
import { sum } from './reduce.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'
import { within } from './within.ts'

/** An operand with a letter for each of its axes. */
interface Labelled {
  readonly array: NDArray
  readonly labels: readonly string[]
}

function bad(subscripts: string, problem: string): ValueError {
  return new ValueError(`'${subscripts}': ${problem}`, { op: 'einsum', hint: `write one letter for each axis, as in 'ij,jk->ik'` })
}

const ELLIPSIS = '...'

/** The letters of one term; an ellipsis stands for as many of `spare` as the operand has axes left, the last ones first. */
function letters(term: string, rank: number, spare: readonly string[], subscripts: string): string[] {
  const parts = term.split(ELLIPSIS)
  if (parts.length > 2) throw bad(subscripts, 'a term has two ellipses')
  const [before, behind] = parts.map(part => Array.from(part)) as [string[], string[] | undefined]
  if (behind === undefined) return before
  const left = rank - before.length - behind.length
  if (left < 0) throw bad(subscripts, `${before.length + behind.length} letters for an operand of ${rank} axes`)
  return [...before, ...spare.slice(spare.length - left), ...behind]
}

/** What a text says of operands of some shapes. */
interface Parsed {
  /** For each operand its letters, and which axes they are: those that an ellipsis stretches are left out. */
  readonly inputs: readonly { readonly labels: readonly string[]; readonly axes: readonly number[] }[]
  readonly output: readonly string[]
  readonly extents: ReadonlyMap<string, number>
}

function parse(subscripts: string, shapes: readonly Shape[]): Parsed {
  const [left, right, more] = subscripts.replaceAll(' ', '').split('->')
  const terms = left!.split(',')
  if (more !== undefined || [...terms, right ?? ''].some(term => !/^[A-Za-z]*$/.test(term.replace(ELLIPSIS, '')))) {
    throw bad(subscripts, 'only letters, commas, ... and one -> are known')
  }
  if (terms.length !== shapes.length) throw bad(subscripts, `${terms.length} terms for ${shapes.length} operands`)
  const covered = shapes.map(({ length }, i) => (terms[i]!.includes(ELLIPSIS) ? length - terms[i]!.replace(ELLIPSIS, '').length : 0))
  // Characters that no term can have stand for the axes of an ellipsis.
  const spare = Array.from({ length: Math.max(0, ...covered) }, (_, i) => String(i))
  const named = shapes.map((shape, i) => ({ shape, labels: letters(terms[i]!, shape.length, spare, subscripts) }))
  const extents = extentsOf(named, spare, subscripts)
  const inputs = named.map(({ shape, labels }) => {
    const axes = labels.flatMap((label, axis) => (shape[axis] === 1 && extents.get(label) !== 1 ? [] : [axis]))
    return { axes, labels: axes.map(axis => labels[axis]!) }
  })
  // Without an arrow the output has the ellipsis, and in alphabetical order the letters that come once.
  const all = Array.from(terms.join('').replaceAll('.', ''))
  const once = [...new Set(all)].filter(label => all.indexOf(label) === all.lastIndexOf(label)).sort()
  const output = right === undefined ? [...spare, ...once] : letters(right, right.replace(ELLIPSIS, '').length + spare.length, spare, subscripts)
  const known = new Set([...spare, ...all])
  if (new Set(output).size !== output.length || output.some(label => !known.has(label))) throw bad(subscripts, 'the output has a letter twice, or one that no operand has')
  return { inputs, output, extents }
}

/** Checks that a letter has one extent everywhere; an axis of an ellipsis may also be 1. */
function extentsOf(operands: readonly { readonly shape: Shape; readonly labels: readonly string[] }[], spare: readonly string[], subscripts: string): Map<string, number> {
  const extents = new Map<string, number>()
  for (const { shape, labels } of operands) {
    if (shape.length !== labels.length) throw bad(subscripts, `${labels.length} letters for an operand of shape ${formatShape(shape)}`)
    labels.forEach((label, axis) => {
      const extent = shape[axis]!
      const known = extents.get(label)
      const stretches = spare.includes(label) && (extent === 1 || known === 1)
      if (known !== undefined && known !== extent && !stretches) throw bad(subscripts, `axis ${label} is ${known} and ${extent}`)
      extents.set(label, known === undefined || known === 1 ? extent : known)
    })
  }
  return extents
}

/** Takes diagonals of letters that an operand has twice, and sums those that nobody else needs. */
function simplify({ array, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  let x = array
  let names = [...labels]
  for (let second = names.findIndex((label, i) => names.indexOf(label) < i); second >= 0; second = names.findIndex((label, i) => names.indexOf(label) < i)) {
    const label = names[second]!
    x = diagonal(x, { axis1: names.indexOf(label), axis2: second })
    names = [...names.filter(name => name !== label), label]
  }
  const gone = names.flatMap((label, axis) => (needed.has(label) ? [] : [axis]))
  if (gone.length > 0) x = sum(x, { axis: gone })
  return { array: x, labels: names.filter(label => needed.has(label)) }
}

/** An operand's axes in a given order of letters. */
function arrange({ array, labels }: Labelled, order: readonly string[]): NDArray {
  const axes = order.map(label => labels.indexOf(label))
  return axes.every((axis, i) => axis === i) ? array : transpose(array, axes)
}

/** Joins two operands: letters that both have and nobody else needs are summed, by one batched matrix product. */
function contract(a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const both = a.labels.filter(label => b.labels.includes(label))
  const batch = both.filter(label => needed.has(label))
  const inner = both.filter(label => !needed.has(label))
  const left = a.labels.filter(label => !both.includes(label))
  const right = b.labels.filter(label => !both.includes(label))
  const [x, y] = [arrange(a, [...batch, ...left, ...inner]), arrange(b, [...batch, ...inner, ...right])]
  const extents = (array: NDArray, labels: readonly string[], from: number): number[] => labels.map((_, i) => array.shape[from + i]!)
  const shape = [...extents(x, batch, 0), ...extents(x, left, batch.length), ...extents(y, right, batch.length + inner.length)]
  const [n, rows, k, columns] = [sizeOf(shape.slice(0, batch.length)), sizeOf(extents(x, left, batch.length)), sizeOf(extents(y, inner, batch.length)), sizeOf(shape.slice(batch.length + left.length))]
  const labels = [...batch, ...left, ...right]
  // Without summed letters it is a product element by element, which needs no multiply-and-add.
  if (inner.length === 0) return { array: reshape(mul(reshape(x, [n, rows, 1]), reshape(y, [n, 1, columns])), shape), labels }
  return { array: reshape(matmul(reshape(x, [n, rows, k]), reshape(y, [n, k, columns])), shape), labels }
}

/** The operands have one dtype. */
const einsumOp = /* #__PURE__ */ defineOp<readonly NDArray[], { subscripts: string }>('einsum', {
  arity: 'list',
  infer: (operands, { subscripts }) => {
    const { output, extents } = parse(subscripts, operands.map(x => x.shape))
    return specOf(checkShape(output.map(label => extents.get(label)!), 'einsum'), operands[0]!.dtype)
  },
  compose: (operands, { subscripts }) => {
    const dtype = operands[0]!.dtype
    const { inputs: terms, output } = parse(subscripts, operands.map(x => x.shape))
    // Bools are counted, and any but none is true.
    const inputs = terms.map(({ labels, axes }, i) => ({ labels, array: cast(reshape(operands[i]!, axes.map(axis => operands[i]!.shape[axis]!)), countType(dtype)) }))
    const neededFrom = (rest: readonly Labelled[]): Set<string> => new Set([...output, ...rest.flatMap(input => input.labels)])
    let joined = simplify(inputs[0]!, neededFrom(inputs.slice(1)))
    for (let i = 1; i < inputs.length; i++) {
      const needed = neededFrom(inputs.slice(i + 1))
      joined = contract(joined, simplify(inputs[i]!, new Set([...needed, ...joined.labels])), needed)
    }
    return cast(arrange(simplify(joined, new Set(output)), output), dtype)
  },
})

/**
 * Sums of products in Einstein's notation: `einsum('ij,jk->ik', a, b)` is the matrix product. Operands are joined from left to
 * right; a letter twice in one operand is a diagonal, and `...` stands for all axes that are not named.
 *
 * @throws ValueError where letters and shapes do not agree
 */
export function einsum(subscripts: string, ...operands: NDArray[]): NDArray {
  if (typeof subscripts !== 'string') throw typeError(`subscripts are text, got ${describe(subscripts)}`, { op: 'einsum', hint: `write 'ij,jk->ik' first` })
  if (operands.length === 0) throw bad(subscripts, 'there is no operand')
  operands.forEach(operand => checkBeside(checkArray(operands[0], 'einsum'), operand, 'einsum'))
  return within('einsum', () => {
    const dtype = operands.reduce((common, x) => promoteTypes(common, x.dtype), operands[0]!.dtype)
    return einsumOp(operands.map(x => cast(x, dtype)), { subscripts })
  })
}
