import { sizeOf, specOf } from '@ashlar/core'
import type { Shape, Spec } from '@ashlar/core'
import type { Steps } from '../engine.ts'
import { binary } from '../kernels/binary.ts'
import { cut, surround } from '../kernels/movement.ts'
import { reduce } from '../kernels/reduce.ts'
import type { TensorInfo } from '../tfjs.ts'
import type { Composed, Operand } from './override.ts'
import { operand, over } from './override.ts'
import type { Windows } from './windows.ts'
import { reaches } from './windows.ts'

// Pooling one axis after the other, where the elements lie: TensorFlow's `MaxPool` passes over NaN, and both it and `AvgPool`
// want channels last, which takes as long as this does.

/** The attributes of pooling in core. */
interface Attributes {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly countIncludePad?: boolean
}

type Kind = 'max' | 'sum'

/** Windows along one axis: (blocks, extent, behind) to (blocks, output, behind). */
function poolAxis(steps: Steps, kind: Kind, x: TensorInfo, [blocks, extent, behind]: readonly [number, number, number], kernel: number, stride: number, output: number): TensorInfo {
  if (kernel === 1 && stride === 1) return x
  if (kernel === stride && extent === output * kernel) {
    const tiles = operand({ info: steps.view(x, [blocks * output, kernel, behind]), shape: [blocks * output, kernel, behind] })
    return reduce(steps, kind, tiles, [1], specOf([blocks * output, behind], 'float32'))
  }
  const shape = [blocks, output, behind]
  const parts = Array.from({ length: kernel }, (_, place) =>
    operand({ info: steps.view(cut(steps, x, [blocks, extent, behind], [0, place, 0], [1, stride, 1], shape), shape), shape }))
  return parts.reduce((best, part) => operand({ info: binary(steps, kind === 'max' ? 'maximum' : 'add', best, part, shape), shape })).handle.info
}

function pool(steps: Steps, kind: Kind, x: Operand, { kernel, stride, padding }: Attributes, out: Spec): TensorInfo {
  const spatial = x.shape.slice(2)
  const windows: Windows = { kernel, stride, dilation: kernel.map(() => 1), before: padding, output: out.shape.slice(2) }
  const extents = reaches(spatial, windows)
  const [n, channels] = x.shape as [number, number]
  let info = surround(steps, x.handle.info, x.shape, [0, 0, ...padding], kind === 'max' ? -Infinity : 0, [n, channels, ...extents])
  kernel.forEach((places, axis) => {
    const around = [n * channels * sizeOf(extents.slice(0, axis)), extents[axis]!, sizeOf(extents.slice(axis + 1))] as const
    info = poolAxis(steps, kind, info, around, places, stride[axis]!, windows.output[axis]!)
    extents[axis] = windows.output[axis]!
  })
  return info
}

/** How many elements of each window count in its mean, along each axis. */
function countsOf(spatial: Shape, { kernel, stride, padding, countIncludePad }: Attributes, output: Shape): number[][] {
  return output.map((count, axis) => Array.from({ length: count }, (_, i) => {
    const [start, pad] = [i * stride[axis]! - padding[axis]!, countIncludePad === true ? padding[axis]! : 0]
    return Math.max(Math.min(start + kernel[axis]!, spatial[axis]! + pad) - Math.max(start, -pad), 0)
  }))
}

/** See `maxPool` in core. */
export const maxPool = ((steps: Steps, [x]: readonly Operand[], attributes: Attributes, out: Spec) => pool(steps, 'max', x!, attributes, out)) as Composed

/** See `avgPool` in core. */
export const avgPool = ((steps: Steps, [x]: readonly Operand[], attributes: Attributes, out: Spec) => {
  const sums = pool(steps, 'sum', x!, attributes, out)
  const counts = countsOf(x!.shape.slice(2), attributes, out.shape.slice(2))
  if (counts.every(along => along.every(count => count === along[0]))) {
    return over(steps, 'div', sums, steps.scalar(counts.reduce((product, along) => product * along[0]!, 1)))
  }
  const flat = counts.reduce<number[]>((products, along) => products.flatMap(product => along.map(count => product * count)), [1])
  return over(steps, 'div', steps.view(sums, [out.size / flat.length, flat.length]), steps.constant(Float32Array.from(flat), [1, flat.length], 'float32'))
}) as Composed
