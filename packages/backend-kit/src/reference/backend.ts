import { DTYPES, MAX_SIZE } from '@ashlar/core'
import type { Backend, DType, Device } from '@ashlar/core'
import { elementsOf, stored } from '../elements.ts'
import { referenceKernels } from './kernels.ts'
import { convert } from './values.ts'
import type { Values } from './values.ts'

/** The reference kernels on plain lists. */
export const referenceDevice: Device<Values> = {
  capabilities: { dtypes: Object.keys(DTYPES) as DType[], syncRead: true, maxSize: MAX_SIZE },
  kernels: referenceKernels,
  upload: (data, out) => elementsOf(data, out.dtype),
  download: x => stored(x.dtype, x.handle),
  fill: (value, out) => Array.from({ length: out.size }, () => convert(value, out.dtype)),
  // Nothing to do: a list is garbage-collected memory.
  free() {},
}

/**
 * A backend whose kernels follow their definitions index by index: slow, and what {@link testBackend} compares others with.
 * All dtypes; type and name `reference`, one device.
 *
 * @example
 * ```ts
 * import { referenceBackend } from '@ashlar/backend-kit'
 * import { specOf } from '@ashlar/core'
 * const device = referenceBackend().open(0)
 * const spec = specOf([3], 'int8')
 * const x = { ...spec, handle: device.upload(new Int8Array([100, -100, 5]), spec) }
 * console.log(device.download({ ...spec, handle: device.kernels.binary('add', x, x, spec) }))
 * // Int8Array(3) [ -56, 56, 10 ]
 * ```
 */
export function referenceBackend(): Backend {
  return { name: 'reference', type: 'reference', count: 1, open: () => referenceDevice }
}
