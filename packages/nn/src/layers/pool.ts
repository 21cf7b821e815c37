import type { Extents } from '@ashlar/core'
import type { LayoutOf } from './layout.ts'
import type { AvgPoolOptions, GlobalPoolOptions, PoolOptions } from './pooling.ts'
import { GlobalPool, Pool } from './pooling.ts'

/**
 * The largest element of each window along one axis of (N, C, width): `floor((n + 2p - k) / s) + 1` windows, or `ceil` with
 * `ceilMode` (behaviour B-10.3). Padding never wins.
 */
export class MaxPool1D extends Pool {
  /** @throws ValueError for extents that do not fit */
  constructor(poolSize?: Extents | PoolOptions<LayoutOf<1>>, options?: PoolOptions<LayoutOf<1>>) {
    super(1, 'max', poolSize, options)
  }
}

/**
 * The largest element of each window along two axes of (N, C, height, width). See {@link MaxPool1D}.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { MaxPool2D } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const x = np.arange(16).reshape([1, 1, 4, 4])
 * console.log(new MaxPool2D(2)(x))
 * // array([[[[ 5.,  7.],
 * //          [13., 15.]]]])
 * console.log(new MaxPool2D(3, { strides: 2, ceilMode: true })(x).shape)
 * // [ 1, 1, 2, 2 ]
 * ```
 */
export class MaxPool2D extends Pool {
  /** @throws ValueError for extents that do not fit */
  constructor(poolSize?: Extents | PoolOptions<LayoutOf<2>>, options?: PoolOptions<LayoutOf<2>>) {
    super(2, 'max', poolSize, options)
  }
}

/** The largest element of each window along three axes of (N, C, depth, height, width). See {@link MaxPool1D}. */
export class MaxPool3D extends Pool {
  /** @throws ValueError for extents that do not fit */
  constructor(poolSize?: Extents | PoolOptions<LayoutOf<3>>, options?: PoolOptions<LayoutOf<3>>) {
    super(3, 'max', poolSize, options)
  }
}

/**
 * The mean of each window along one axis of (N, C, width): `floor((n + 2p - k) / s) + 1` windows, or `ceil` with
 * `ceilMode` (behaviour B-10.3).
 */
export class AvgPool1D extends Pool {
  /** @throws ValueError for extents that do not fit */
  constructor(poolSize?: Extents | AvgPoolOptions<LayoutOf<1>>, options?: AvgPoolOptions<LayoutOf<1>>) {
    super(1, 'avg', poolSize, options)
  }
}

/** The mean of each window along two axes of (N, C, height, width). See {@link AvgPool1D}. */
export class AvgPool2D extends Pool {
  /** @throws ValueError for extents that do not fit */
  constructor(poolSize?: Extents | AvgPoolOptions<LayoutOf<2>>, options?: AvgPoolOptions<LayoutOf<2>>) {
    super(2, 'avg', poolSize, options)
  }
}

/** The mean of each window along three axes of (N, C, depth, height, width). See {@link AvgPool1D}. */
export class AvgPool3D extends Pool {
  /** @throws ValueError for extents that do not fit */
  constructor(poolSize?: Extents | AvgPoolOptions<LayoutOf<3>>, options?: AvgPoolOptions<LayoutOf<3>>) {
    super(3, 'avg', poolSize, options)
  }
}

/** The largest element of each channel of (N, C, width), with extents of 1 in place of the spatial ones. */
export class GlobalMaxPool1D extends GlobalPool {
  constructor(options: GlobalPoolOptions<LayoutOf<1>> = {}) {
    super(1, 'max', options)
  }
}

/** The largest element of each channel of (N, C, height, width), with extents of 1 in place of the spatial ones. */
export class GlobalMaxPool2D extends GlobalPool {
  constructor(options: GlobalPoolOptions<LayoutOf<2>> = {}) {
    super(2, 'max', options)
  }
}

/** The largest element of each channel of (N, C, depth, height, width), with extents of 1 in place of the spatial ones. */
export class GlobalMaxPool3D extends GlobalPool {
  constructor(options: GlobalPoolOptions<LayoutOf<3>> = {}) {
    super(3, 'max', options)
  }
}

/** The mean of each channel of (N, C, width), with extents of 1 in place of the spatial ones. */
export class GlobalAvgPool1D extends GlobalPool {
  constructor(options: GlobalPoolOptions<LayoutOf<1>> = {}) {
    super(1, 'avg', options)
  }
}

/** The mean of each channel of (N, C, height, width), with extents of 1 in place of the spatial ones. */
export class GlobalAvgPool2D extends GlobalPool {
  constructor(options: GlobalPoolOptions<LayoutOf<2>> = {}) {
    super(2, 'avg', options)
  }
}

/** The mean of each channel of (N, C, depth, height, width), with extents of 1 in place of the spatial ones. */
export class GlobalAvgPool3D extends GlobalPool {
  constructor(options: GlobalPoolOptions<LayoutOf<3>> = {}) {
    super(3, 'avg', options)
  }
}
