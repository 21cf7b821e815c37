import { newaxis } from '@ashlar/core'
import { slicePositions } from './reference-index.ts'

/** A plain array: what an array of positions (integers) or a mask (bools) holds. */
export interface Plain {
  readonly shape: readonly number[]
  readonly data: readonly (number | boolean)[]
}

/** What `get` takes, with plain arrays for arrays. */
export type AnyIndex = number | string | typeof newaxis | readonly number[] | Plain

const isPlain = (part: AnyIndex): part is Plain => typeof part === 'object' && 'data' in part
const isMask = (part: AnyIndex): part is Plain => isPlain(part) && (part.data.length === 0 ? part.shape.length > 1 : typeof part.data[0] === 'boolean')
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** The coordinates of flat position `at`. */
function unravel(at: number, shape: readonly number[]): number[] {
  const coordinates: number[] = []
  for (let i = shape.length - 1, rest = at; i >= 0; i--) {
    coordinates.unshift(rest % shape[i]!)
    rest = Math.floor(rest / shape[i]!)
  }
  return coordinates
}

function ravel(coordinates: readonly number[], shape: readonly number[]): number {
  return coordinates.reduce((at, coordinate, i) => at * shape[i]! + coordinate, 0)
}

/** A part after masks became lists of positions (NumPy's `nonzero`), with the source axis that it is for; null is none. */
interface Step {
  readonly axis: number | null
  readonly along: readonly number[] | Plain
  readonly advanced: boolean
}

function* stepsOf(shape: readonly number[], index: readonly AnyIndex[]): Generator<Step> {
  const takes = (part: AnyIndex): number => (part === newaxis || part === '...' ? 0 : isMask(part) ? part.shape.length : 1)
  const left = shape.length - index.reduce<number>((n, part) => n + takes(part), 0)
  let axis = 0
  const wholes = function* (): Generator<Step> {
    for (let i = 0; i < left; i++) yield { axis, along: Array.from({ length: shape[axis++]! }, (_, k) => k), advanced: false }
  }
  for (const part of index) {
    const extent = shape[axis]!
    if (part === '...') yield* wholes()
    else if (part === newaxis) yield { axis: null, along: [0], advanced: false }
    else if (typeof part === 'number') yield { axis: axis++, along: { shape: [], data: [part] }, advanced: true }
    else if (typeof part === 'string') {
      const [start, stop, step] = part.split(':').map(text => (text === '' ? null : Number(text)))
      yield { axis: axis++, along: slicePositions(start ?? null, stop ?? null, step ?? 1, extent), advanced: false }
    } else if (!isMask(part)) yield { axis: axis++, along: isPlain(part) ? part : { shape: [part.length], data: part }, advanced: true }
    else {
      const found = [...part.data.keys()].filter(at => part.data[at] === true).map(at => unravel(at, part.shape))
      if (part.shape.length === 0) yield { axis: null, along: { shape: [found.length], data: found.map(() => 0) }, advanced: true }
      for (const i of part.shape.keys()) yield { axis: axis++, along: { shape: [found.length], data: found.map(at => at[i]!) }, advanced: true }
    }
  }
  if (!index.includes('...')) yield* wholes()
}

function broadcast(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map(({ length }) => length))
  return Array.from({ length: rank }, (_, i) => {
    const extents = shapes.map(shape => shape[shape.length - rank + i] ?? 1).filter(n => n !== 1)
    if (new Set(extents).size > 1) throw new Error('no broadcast')
    return extents[0] ?? 1
  })
}

/** NumPy's rule: whether something stands between two advanced parts of the index as it was written. */
function separated(index: readonly AnyIndex[]): boolean {
  const letters = index.map(part => (typeof part === 'string' || part === newaxis ? '.' : 'A')).join('')
  return /A\.+A/u.test(letters)
}

/** The shape of a selection, and the flat source position of each of its elements, found one by one. */
export function selectAny(shape: readonly number[], index: readonly AnyIndex[]): { shape: number[]; positions: number[] } {
  const steps = [...stepsOf(shape, index)]
  const block = broadcast(steps.filter(({ advanced }) => advanced).map(({ along }) => (along as Plain).shape))
  const first = steps.findIndex(({ advanced }) => advanced)
  const plain = steps.map((step, i) => ({ ...step, i })).filter(({ advanced }) => !advanced)
  const ahead = separated(index) ? 0 : plain.filter(({ i }) => i < first).length
  const extents = plain.map(({ along }) => (along as readonly number[]).length)
  const result = [...extents.slice(0, ahead), ...block, ...extents.slice(ahead)]
  const positions = Array.from({ length: sizeOf(result) }, (_, at) => {
    const place = unravel(at, result)
    const inBlock = place.slice(ahead, ahead + block.length)
    const inPlain = [...place.slice(0, ahead), ...place.slice(ahead + block.length)]
    const source = shape.map(() => 0)
    for (const { axis, along, advanced } of steps) {
      const plainAt = advanced ? null : inPlain.shift()!
      if (axis === null) continue
      const value = plainAt === null ? lookUp(along as Plain, inBlock) : (along as readonly number[])[plainAt]!
      source[axis] = value < 0 ? value + shape[axis]! : value
    }
    return ravel(source, shape)
  })
  return { shape: result, positions }
}

/** The element that a broadcast array shows at a place of the block. */
function lookUp({ shape, data }: Plain, place: readonly number[]): number {
  const own = place.slice(place.length - shape.length)
  return Number(data[ravel(own.map((n, i) => (shape[i] === 1 ? 0 : n)), shape)])
}
