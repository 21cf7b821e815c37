import type { NDArray } from '@ashlar/core'
import { array, checkGradients } from '@ashlar/core'
import type { Block } from '@ashlar/nn'
import { numbers } from '../support.ts'

/** Plain numbers in C order. */
export interface Plain { shape: readonly number[]; data: number[] }

export const plain = (x: NDArray): Plain => ({ shape: x.shape, data: numbers(x) })

/** Numbers without a pattern, the same each time, with no two equal. */
export function scattered(shape: readonly number[], start = 1): NDArray {
  const size = shape.reduce((a, b) => a * b, 1)
  return array(Array.from({ length: size }, (_, i) => (((i + start) * 0.6180339887) % 1) * 2 - 1), { dtype: 'float64' }).reshape(shape)
}

/** All positions of a shape, in C order. */
export function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((found, n) => found.flatMap(at => Array.from({ length: n }, (_, i) => [...at, i])), [[]])
}

export function flat(shape: readonly number[], at: readonly number[]): number {
  return shape.reduce((sum, n, i) => sum * n + at[i]!, 0)
}

export interface Windows { stride: number[]; padding: number[]; dilation: number[]; groups: number; outputPadding: number[] }

/** The convolution by its definition. */
export function convolution(x: Plain, w: Plain, bias: number[], { stride, padding, dilation, groups }: Windows): Plain {
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]]
  const [out, each, ...kernel] = w.shape as [number, number, ...number[]]
  const windows = spatial.map((extent, i) => Math.floor((extent + 2 * padding[i]! - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1)
  const shape = [n, out, ...windows]
  const data = positions(shape).map(([sample, o, ...at]) => {
    let sum = bias[o!]!
    for (let c = 0; c < each; c++) {
      const channel = Math.floor(o! / (out / groups)) * (channels / groups) + c
      for (const offset of positions(kernel)) {
        const from = at.map((p, i) => p * stride[i]! - padding[i]! + offset[i]! * dilation[i]!)
        if (from.every((p, i) => p >= 0 && p < spatial[i]!)) sum += x.data[flat(x.shape, [sample!, channel, ...from])]! * w.data[flat(w.shape, [o!, c, ...offset])]!
      }
    }
    return sum
  })
  return { shape, data }
}

/** The transposed convolution by its definition: every element of the input spreads a kernel. */
export function transposedConvolution(x: Plain, w: Plain, bias: number[], { stride, padding, dilation, groups, outputPadding }: Windows): Plain {
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]]
  const [, each, ...kernel] = w.shape as [number, number, ...number[]]
  const shape = [n, each * groups, ...spatial.map((extent, i) => (extent - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernel[i]! - 1) + outputPadding[i]! + 1)]
  const data = positions(shape).map(([, o]) => bias[o!]!)
  for (const [sample, channel, ...at] of positions(x.shape)) {
    const group = Math.floor(channel! / (channels / groups))
    for (let o = 0; o < each; o++) {
      for (const offset of positions(kernel)) {
        const to = at.map((p, i) => p * stride[i]! - padding[i]! + offset[i]! * dilation[i]!)
        if (!to.every((p, i) => p >= 0 && p < shape[i + 2]!)) continue
        data[flat(shape, [sample!, group * each + o, ...to])]! += x.data[flat(x.shape, [sample!, channel!, ...at])]! * w.data[flat(w.shape, [channel!, o, ...offset])]!
      }
    }
  }
  return { shape, data }
}

/** The elements of x that each window sees, windows in C order. */
export function windowsOf(x: Plain, kernel: number[], stride: number[], padding: number[], ceil: boolean): { shape: number[]; seen: { values: number[]; padded: number }[] } {
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]]
  const round = ceil ? Math.ceil : Math.floor
  const shape = [n, channels, ...spatial.map((extent, i) => round((extent + 2 * padding[i]! - kernel[i]!) / stride[i]!) + 1)]
  const seen = positions(shape).map(([sample, channel, ...at]) => {
    const reached = positions(kernel).map(offset => at.map((p, i) => p * stride[i]! - padding[i]! + offset[i]!))
    const inside = reached.filter(from => from.every((p, i) => p >= 0 && p < spatial[i]!))
    // What lies beyond the padding, as with ceilMode, is not there at all.
    const padded = reached.filter(from => from.every((p, i) => p >= -padding[i]! && p < spatial[i]! + padding[i]!)).length
    return { values: inside.map(from => x.data[flat(x.shape, [sample!, channel!, ...from])]!), padded }
  })
  return { shape, seen }
}

/**
 * Compares the gradients of a layer's input and of its trained parameters with central differences, in float64. The layer
 * then has float64 parameters.
 */
export function checkLayer(layer: Block, x: NDArray, run: (x: NDArray) => NDArray = input => layer(input) as NDArray): void {
  layer.initialize()
  run(x)
  layer.cast('float64')
  const trained = [...layer.collectParams().values()].filter(parameter => parameter.gradReq !== 'null')
  const values = trained.map((parameter, i) => scattered(parameter.shape!, 17 * i + 3))
  const weights = scattered(run(x.astype('float64')).shape, 5)
  try {
    checkGradients((input, ...given) => {
      given.forEach((value, i) => Object.assign(trained[i]!, { data: () => value }))
      return run(input!).mul(weights).sum()
    }, [x, ...values])
  } finally {
    for (const parameter of trained) Reflect.deleteProperty(parameter, 'data')
  }
}

/** The largest difference of two lists of numbers. */
export function distance(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity
  return Math.max(0, ...actual.map((value, i) => Math.abs(value - expected[i]!)))
}

/** Gives every parameter of an initialized layer other values, none of them alike. */
export function scatter(layer: Block): void {
  for (const [i, parameter] of [...layer.collectParams().values()].entries()) parameter.setData(scattered(parameter.shape!, 7 * i + 2))
}

