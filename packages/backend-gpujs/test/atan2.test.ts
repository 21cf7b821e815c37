import { gpujs } from '@ashlar/backend-gpujs'
import { specOf } from '@ashlar/core'
import { expect, it } from 'vitest'

it.each(['cpu', 'webasm'] as const)('atan2 has the quadrants and zeros of IEEE 754 in mode %s', async mode => {
  const device = (await gpujs({ mode })).open(0)
  const values = [0, -0, 1, -1, 0.3, -2.5, 1e-7, 4e5, Infinity, -Infinity, NaN]
  const ys = Float32Array.from(values.flatMap(y => values.map(() => y)))
  const xs = Float32Array.from(values.flatMap(() => values))
  const spec = specOf([xs.length], 'float32')
  const [y, x] = [ys, xs].map(data => ({ ...spec, handle: device.upload(data, spec) }))
  const angles = device.download({ ...spec, handle: device.kernels.binary('atan2', y!, x!, spec) }) as Float32Array
  angles.forEach((angle, i) => {
    const expected = Math.fround(Math.atan2(ys[i]!, xs[i]!))
    const near = Math.abs(angle - expected) <= 1e-6 * Math.abs(expected) && Object.is(Math.sign(angle), Math.sign(expected))
    expect(near || Object.is(angle, expected), `atan2(${ys[i]}, ${xs[i]}): got ${angle}, expected ${expected}`).toBe(true)
  })
})
