/** What MXNet multiplies a user's seed by, so that nearby seeds leave room for the ids of devices. */
const seedStride = 127
const words = 2 ** 32

/**
 * The generator seed of a user's seed: `(seed * 127 + offset) mod 2^32`.
 *
 * @param seed any safe integer, negative ones included
 * @param offset id of the device, or number of the generator in a parallel stream; a safe integer
 * @throws RangeError for numbers that are not safe integers
 */
export function generatorSeed(seed: number, offset: number): number {
  for (const value of [seed, offset]) {
    if (!Number.isSafeInteger(value)) throw new RangeError(`seed must be a safe integer, got ${value}`)
  }
  // Reducing first keeps the product exact. The remainder has the sign of the dividend; >>> makes it non-negative.
  return ((seed % words) * seedStride + (offset % words)) >>> 0
}
