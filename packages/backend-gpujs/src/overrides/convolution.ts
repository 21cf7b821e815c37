import { sizeOf } from '@ashlar/core'
import type { DType, Override, Shape, Spec, Tensor } from '@ashlar/core'
import { release } from '../engine/memory.ts'
import type { Handle } from '../engine/memory.ts'
import { pointwise, returning } from '../kernels/pointwise.ts'
import { runFold } from '../kernels/reduce.ts'
import { divide, perAxis } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'
import type { Overrides, Tools } from './types.ts'
import { eachPlace, indices, positionOf, seeing, seen, windowNumbers, windowParameters } from './windows.ts'

/** The attributes of convolutions in core. */
interface Convolution {
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
}

/** `channels` and `outputs` are those of a group, on the side that windows slide over and on the other. */
const COMMON = ['channels', 'outputs', 'groups'] as const

const area = (rank: number, name: string): string => perAxis(name, rank).join(' * ')
const X = (rank: number): string => `x[((image * groups + group) * channels + c) * ${area(rank, 'extent')} + ${positionOf(rank, 'p', 'extent')}]`
const Y = (rank: number): string => `y[((image * groups + group) * outputs + o) * ${area(rank, 'output')} + ${positionOf(rank, 'w', 'output')}]`
const WEIGHT = (rank: number): string => `weight[((group * outputs + o) * channels + c) * ${area(rank, 'kernel')} + ${positionOf(rank, 'k', 'kernel')}]`

function forwardProgram(rank: number, bias: boolean, dtype: DType): Program {
  return {
    parameters: ['x', 'weight', ...(bias ? ['bias'] : []), ...COMMON, ...windowParameters(rank)],
    body: `${indices(rank, 'this.thread.x', 'w', 'output', 'above')}
      ${divide('more', 'o', 'above', 'outputs')}
      ${divide('image', 'group', 'more', 'groups')}
      let total = 0.0;
      for (let c = 0; c < channels; c++) {
        ${eachPlace(rank, seen(rank, `total = total + ${X(rank)} * ${WEIGHT(rank)};`))}
      }
      ${returning(bias ? 'total + bias[group * outputs + o]' : 'total', dtype)}`,
  }
}

function backProgram(rank: number, bias: boolean, dtype: DType): Program {
  return {
    parameters: ['y', 'weight', ...(bias ? ['bias'] : []), ...COMMON, ...windowParameters(rank)],
    body: `${indices(rank, 'this.thread.x', 'p', 'extent', 'above')}
      ${divide('more', 'c', 'above', 'channels')}
      ${divide('image', 'group', 'more', 'groups')}
      let total = 0.0;
      for (let o = 0; o < outputs; o++) {
        ${eachPlace(rank, seeing(rank, `total = total + ${Y(rank)} * ${WEIGHT(rank)};`))}
      }
      ${returning(bias ? 'total + bias[group * channels + c]' : 'total', dtype)}`,
  }
}

/** What each image adds to the gradient of the weight. */
function weightProgram(rank: number): Program {
  const windows = perAxis('w', rank).reduceRight((inside, w, axis) => `for (let ${w} = 0; ${w} < output${axis}; ${w}++) {\n${inside}\n}`,
    seen(rank, `total = total + ${X(rank)} * ${Y(rank)};`))
  return {
    parameters: ['x', 'y', ...COMMON, ...windowParameters(rank)],
    body: `${indices(rank, 'this.thread.x', 'k', 'kernel', 'above')}
      ${divide('most', 'c', 'above', 'channels')}
      ${divide('more', 'o', 'most', 'outputs')}
      ${divide('image', 'group', 'more', 'groups')}
      let total = 0.0;
      ${windows}
      return total;`,
  }
}

/** Convolutions that gather: of each element of the output, all that comes to it. Nothing is spread out into columns first. */
export function convolutionOverrides({ launcher, fill }: Tools): Overrides {
  const numbers = (x: Shape, weight: Shape, y: Shape, { stride, padding, dilation, groups }: Convolution): number[] =>
    [x[1]! / groups, y[1]! / groups, groups, ...windowNumbers(x.slice(2), { kernel: weight.slice(2), stride, dilation, before: padding, output: y.slice(2) })]
  const biasAlone = (bias: Tensor<Handle> | undefined, out: Spec): Handle => {
    if (bias === undefined) return fill(0, out)
    const along = { shape: [1, bias.size, ...out.shape.slice(2).map(() => 1)], dtype: bias.dtype, size: bias.size, handle: bias.handle }
    return pointwise(launcher, { name: 'copy', operands: ['a'], statements: () => 'return a;' }, [along], out)
  }
  const run = (name: string, make: (rank: number, bias: boolean, dtype: DType) => Program, numbersOf: (a: Shape, weight: Shape, out: Shape, attributes: Convolution) => number[]): Override<Handle> =>
    (([a, weight, bias]: readonly [Tensor<Handle>, Tensor<Handle>, Tensor<Handle>?], attributes: Convolution, out: Spec) => {
      if (a.size === 0 || weight.size === 0) return biasAlone(bias, out)
      const rank = out.shape.length - 2
      const title = `${name} ${rank}${bias === undefined ? '' : ' bias'}${out.dtype === 'bool' ? ' bool' : ''}`
      const handles = bias === undefined ? [a.handle, weight.handle] : [a.handle, weight.handle, bias.handle]
      return launcher.run(title, () => make(rank, bias !== undefined, out.dtype), [...handles, ...numbersOf(a.shape, weight.shape, out.shape, attributes)], out.size)
    }) as unknown as Override<Handle>
  const convolutionGradWeight = (([x, g]: readonly [Tensor<Handle>, Tensor<Handle>], attributes: Convolution, out: Spec) => {
    if (x.size === 0 || g.size === 0) return fill(0, out)
    const rank = out.shape.length - 2
    const images = x.shape[0]!
    const each = launcher.run(`convolutionGradWeight ${rank}`, () => weightProgram(rank), [x.handle, g.handle, ...numbers(x.shape, out.shape, g.shape, attributes)], images * sizeOf(out.shape))
    const kind = out.dtype === 'bool' ? 'max' : 'sum'
    const whole = runFold(launcher, { name: `reduce ${kind}`, kind }, each, { outer: 1, extent: images, inner: out.size })
    release(each)
    return whole
  }) as unknown as Override<Handle>
  return {
    convolution: run('convolution', forwardProgram, (x, weight, y, attributes) => numbers(x, weight, y, attributes)),
    convolutionTranspose: run('convolutionTranspose', backProgram, (y, weight, x, attributes) => numbers(x, weight, y, attributes)),
    convolutionGradWeight,
  }
}
