import { device, io, nn, np, npx, scope } from 'ashlar'
import type { NDArray } from 'ashlar'
import { PIXELS } from '../digit/raster.ts'

const CLASSES = 10

/** Says how probable each of the ten digits is. */
export type ReadDigit = (pixels: Float32Array) => Promise<number[]>

/**
 * The network of `examples/digits` from the file that it saves.
 *
 * @param bytes the content of `digits.params`
 * @returns what reads a digit of 64 grey levels from 0 to 1
 * @throws where the file is damaged or holds another network
 */
export function readerOf(bytes: Uint8Array): ReadDigit {
  const ctx = device.cpu()
  const found: Readonly<Record<string, NDArray>> = io.decode(bytes, { file: 'digits.params', ctx })
  const net = new nn.Sequential()
  // Each weight says how many units its layer has: all but the last are hidden.
  for (let layer = 0; found[`${layer}.weight`] !== undefined; layer++) {
    const [units, inUnits] = found[`${layer}.weight`]!.shape as readonly [number, number]
    const last = found[`${layer + 1}.weight`] === undefined
    net.add(new nn.Dense(units, { inUnits, activation: last ? null : 'relu' }))
  }
  const classes = found[`${net.length - 1}.weight`]?.shape[0]
  if (classes !== CLASSES) throw new Error(`expected the parameters of a network with ${CLASSES} scores, got ${classes ?? 'none'}`)
  net.initialize('zeros', { ctx })
  net.loadStateDict(found)
  // What does not fit shows when it is used.
  scope(() => net(np.zeros([1, PIXELS], { ctx })))
  return async pixels => {
    const chances = scope(() => npx.softmax(net(np.array(pixels, { ctx }).reshape(1, PIXELS))))
    const list = Array.from(await chances.toTypedArrayAsync(), Number)
    chances.dispose()
    return list
  }
}
