import type { NDArray } from '@ashlar/core'
import { ValueError, fromTypedArray, internal } from '@ashlar/core'

/**
 * Writes the kernel that a transposed convolution needs to interpolate: `(1 - |x / f - c|) (1 - |y / f - c|)` at each (y, x),
 * with f half of the width, rounded up, and c = (2 f - 1 - f mod 2) / (2 f) (behaviour B-11.4).
 *
 * @throws ValueError unless `data` has the four dimensions of a kernel
 */
export function fillBilinear(name: string, data: NDArray): void {
  if (data.ndim !== 4) throw new ValueError(`Bilinear initializer needs a kernel of four dimensions, ${name} has ${data.ndim}`, { op: 'Bilinear', shapes: [data.shape] })
  const [, , height, width] = data.shape as readonly [number, number, number, number]
  const f = Math.ceil(width / 2)
  const c = (2 * f - 1 - (f % 2)) / (2 * f)
  const values = Float32Array.from({ length: data.size }, (_, i) => (1 - Math.abs((i % width) / f - c)) * (1 - Math.abs((Math.floor(i / width) % height) / f - c)))
  internal(() => void data.set(fromTypedArray(values, data.shape, 'float32', data.context, 'Bilinear')))
}
