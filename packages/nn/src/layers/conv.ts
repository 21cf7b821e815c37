import type { Extents } from '@ashlar/core'
import type { ConvolutionLayerOptions, TransposedLayerOptions } from './convolution.ts'
import { Convolution } from './convolution.ts'
import type { LayoutOf } from './layout.ts'

/**
 * A convolution over one axis: (N, in, width) gives (N, channels, windows), with `floor((n + 2p - d(k - 1) - 1) / s) + 1`
 * windows along an axis. The weight is (channels, in / groups, …kernel).
 */
export class Conv1D extends Convolution {
  /** @throws ValueError for numbers that do not fit */
  constructor(channels: number, kernelSize: Extents | ConvolutionLayerOptions<LayoutOf<1>>, options?: ConvolutionLayerOptions<LayoutOf<1>>) {
    super(1, false, channels, kernelSize, options)
  }
}

/**
 * A convolution over two axes: (N, in, height, width) gives (N, channels, …windows). See {@link Conv1D}.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Conv2D } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new Conv2D(6, { kernelSize: 5, padding: 2, activation: 'relu' })
 * layer.initialize()
 * console.log(layer(np.ones([1, 3, 28, 28])).shape)
 * // [ 1, 6, 28, 28 ]
 * console.log(layer)
 * // Conv2D(3 -> 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2), Activation(relu))
 * ```
 */
export class Conv2D extends Convolution {
  /** @throws ValueError for numbers that do not fit */
  constructor(channels: number, kernelSize: Extents | ConvolutionLayerOptions<LayoutOf<2>>, options?: ConvolutionLayerOptions<LayoutOf<2>>) {
    super(2, false, channels, kernelSize, options)
  }
}

/** A convolution over three axes: (N, in, depth, height, width) gives (N, channels, …windows). See {@link Conv1D}. */
export class Conv3D extends Convolution {
  /** @throws ValueError for numbers that do not fit */
  constructor(channels: number, kernelSize: Extents | ConvolutionLayerOptions<LayoutOf<3>>, options?: ConvolutionLayerOptions<LayoutOf<3>>) {
    super(3, false, channels, kernelSize, options)
  }
}

/**
 * A transposed convolution over one axis: (N, in, width) gives (N, channels, …) of extent
 * `(n - 1) s - 2p + d(k - 1) + outputPadding + 1`. The weight is (in, channels / groups, …kernel).
 */
export class Conv1DTranspose extends Convolution {
  /** @throws ValueError for numbers that do not fit */
  constructor(channels: number, kernelSize: Extents | TransposedLayerOptions<LayoutOf<1>>, options?: TransposedLayerOptions<LayoutOf<1>>) {
    super(1, true, channels, kernelSize, options)
  }
}

/** A transposed convolution over two axes. See {@link Conv1DTranspose}. */
export class Conv2DTranspose extends Convolution {
  /** @throws ValueError for numbers that do not fit */
  constructor(channels: number, kernelSize: Extents | TransposedLayerOptions<LayoutOf<2>>, options?: TransposedLayerOptions<LayoutOf<2>>) {
    super(2, true, channels, kernelSize, options)
  }
}

/** A transposed convolution over three axes. See {@link Conv1DTranspose}. */
export class Conv3DTranspose extends Convolution {
  /** @throws ValueError for numbers that do not fit */
  constructor(channels: number, kernelSize: Extents | TransposedLayerOptions<LayoutOf<3>>, options?: TransposedLayerOptions<LayoutOf<3>>) {
    super(3, true, channels, kernelSize, options)
  }
}
