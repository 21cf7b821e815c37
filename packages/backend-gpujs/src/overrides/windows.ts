import type { DType, Override, Shape, Spec, Tensor } from '@ashlar/core'
import type { Handle } from '../engine/memory.ts'
import { returning } from '../kernels/pointwise.ts'
import { divide, perAxis } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'
import type { Overrides, Tools } from './types.ts'

/** Windows over the spatial axes of (N, C, …spatial), up to three; see `WindowGeometry` in core. */
export interface Windows {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly before: readonly number[]
  readonly output: readonly number[]
}

/** What describes windows in a kernel, by axis: extent, kernel, stride, dilation, padding, number of windows. */
const NAMES = ['extent', 'kernel', 'stride', 'dilation', 'before', 'output'] as const

/** The parameters that {@link windowNumbers} fills. */
export function windowParameters(rank: number): string[] {
  return NAMES.flatMap(name => perAxis(name, rank))
}

/** Of windows over arrays with those spatial extents. */
export function windowNumbers(spatial: Shape, { kernel, stride, dilation, before, output }: Windows): number[] {
  return [...spatial, ...kernel, ...stride, ...dilation, ...before, ...output]
}

/** Statements that split `from` into an index for each axis, of which the last changes fastest, and what is left, `rest`. */
export function indices(rank: number, from: string, prefix: string, extent: string, rest: string): string {
  const names = (axis: number): string => (axis === 0 ? rest : `${prefix}Above${axis}`)
  return Array.from({ length: rank }, (_, k) => rank - 1 - k)
    .map(axis => divide(names(axis), `${prefix}${axis}`, axis === rank - 1 ? from : names(axis + 1), `${extent}${axis}`)).join('\n')
}

/** The position of indices in a plane of those extents. */
export function positionOf(rank: number, prefix: string, extent: string): string {
  return Array.from({ length: rank }, (_, axis) => axis).reduce((position, axis) => (axis === 0 ? `${prefix}0` : `(${position}) * ${extent}${axis} + ${prefix}${axis}`), '')
}

/** Loops over the places `k0`, `k1`, … of a window. */
export function eachPlace(rank: number, body: string): string {
  return perAxis('k', rank).reduceRight((inside, k, axis) => `for (let ${k} = 0; ${k} < kernel${axis}; ${k}++) {\n${inside}\n}`, body)
}

/** The element `p0`, `p1`, … that a place sees from window `w0`, `w1`, …; statements run where it is within the array. */
export function seen(rank: number, inside: string): string {
  const lets = perAxis('p', rank).map((p, axis) => `let ${p} = w${axis} * stride${axis} + k${axis} * dilation${axis} - before${axis};`)
  const within = perAxis('p', rank).map((p, axis) => `${p} >= 0 && ${p} < extent${axis}`).join(' && ')
  return `${lets.join('\n')}\nif (${within}) {\n${inside}\n}`
}

/** The window `w0`, `w1`, … whose place sees element `p0`, `p1`, …; statements run where there is one. */
export function seeing(rank: number, inside: string): string {
  const lets = perAxis('w', rank).map((w, axis) => `let from${axis} = p${axis} + before${axis} - k${axis} * dilation${axis};\nlet ${w} = Math.floor((from${axis} + 0.5) / stride${axis});`)
  const within = perAxis('w', rank).map((w, axis) => `${w} >= 0 && ${w} < output${axis} && ${w} * stride${axis} === from${axis}`).join(' && ')
  return `${lets.join('\n')}\nif (${within}) {\n${inside}\n}`
}

/** Of the place `place`, counted along its first axis fastest, the indices `k0`, `k1`, … */
function placeIndices(rank: number): string {
  const rest = (axis: number): string => (axis === 0 ? 'place' : `placeRest${axis}`)
  return Array.from({ length: rank }, (_, axis) =>
    (axis === rank - 1 ? `let k${axis} = ${rest(axis)};` : divide(rest(axis + 1), `k${axis}`, rest(axis), `kernel${axis}`))).join('\n')
}

const lastPlace = (rank: number): string => `(${Array.from({ length: rank }, (_, axis) => axis).reduceRight((place, axis) => (axis === rank - 1 ? `k${axis}` : `k${axis} + kernel${axis} * (${place})`), '')})`
const product = (rank: number, name: string): string => perAxis(name, rank).join(' * ')

function unfoldProgram(rank: number): Program {
  return {
    parameters: ['x', 'value', ...windowParameters(rank)],
    body: `${indices(rank, 'this.thread.x', 'w', 'output', 'above')}
      ${divide('plane', 'place', 'above', `(${product(rank, 'kernel')})`)}
      ${placeIndices(rank)}
      let result = value;
      ${seen(rank, `result = x[plane * ${product(rank, 'extent')} + ${positionOf(rank, 'p', 'extent')}];`)}
      return result;`,
  }
}

function foldProgram(rank: number, dtype: DType): Program {
  const column = `columns[(plane * ${product(rank, 'kernel')} + ${lastPlace(rank)}) * ${product(rank, 'output')} + ${positionOf(rank, 'w', 'output')}]`
  return {
    parameters: ['columns', ...windowParameters(rank)],
    body: `${indices(rank, 'this.thread.x', 'p', 'extent', 'plane')}
      let total = 0.0;
      ${eachPlace(rank, seeing(rank, `total = total + ${column};`))}
      ${returning('total', dtype)}`,
  }
}

/** See `unfold` and `fold` in core: (N, C, …spatial) to (N, C, places, …output), and back. */
export function windowOverrides({ launcher, fill }: Tools): Overrides {
  const unfold = (([x]: readonly [Tensor<Handle>], attributes: Windows & { readonly value: number }, out: Spec) => {
    const rank = x.shape.length - 2
    if (x.size === 0) return fill(attributes.value, out)
    return launcher.run(`unfold ${rank}`, () => unfoldProgram(rank), [x.handle, attributes.value, ...windowNumbers(x.shape.slice(2), attributes)], out.size)
  }) as unknown as Override<Handle>
  const fold = (([columns]: readonly [Tensor<Handle>], windows: Windows, out: Spec) => {
    const rank = out.shape.length - 2
    if (columns.size === 0) return fill(0, out)
    const name = `fold ${rank}${out.dtype === 'bool' ? ' bool' : ''}`
    return launcher.run(name, () => foldProgram(rank, out.dtype), [columns.handle, ...windowNumbers(out.shape.slice(2), windows)], out.size)
  }) as unknown as Override<Handle>
  return { unfold, fold }
}
