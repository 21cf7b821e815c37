import type { Override, Spec, TypedArray } from '@ashlar/core'
import { fastUnary } from '../fast.ts'
import { erf } from '../kernels/erf.ts'
import { pool } from '../pool.ts'
import type { Floats, HostTensor } from '../types.ts'
import { stream } from './streams.ts'

/** See `relu` in core: NaN passes, and so does -0. */
export const relu: Override<TypedArray> = stream(() => ({ name: 'relu' }), ([x], out) => {
  for (let i = 0; i < out.length; i++) out[i] = x![i]! < 0 ? 0 : x![i]!
}, (x, out) => {
  for (let i = 0; i < out.length; i++) out[i] = x[i]! < 0 ? 0 : x[i]!
})

/** See `reluGradient` in core. */
export const reluGradient: Override<TypedArray> = stream(() => ({ name: 'reluGradient' }), ([g, y], out) => {
  for (let i = 0; i < out.length; i++) out[i] = y![i]! > 0 ? g![i]! : 0
})

/** See `sigmoidGradient` in core. */
export const sigmoidGradient: Override<TypedArray> = stream(() => ({ name: 'sigmoidGradient' }), ([g, y], out) => {
  for (let i = 0; i < out.length; i++) out[i] = g![i]! * (y![i]! * (1 - y![i]!))
})

/** See `tanhGradient` in core. */
export const tanhGradient: Override<TypedArray> = stream(() => ({ name: 'tanhGradient' }), ([g, y], out) => {
  for (let i = 0; i < out.length; i++) out[i] = g![i]! * (1 - y![i]! * y![i]!)
})

/** See `sigmoid` in core: computed in double. */
export const sigmoid = (([x]: readonly HostTensor[], _: never, out: Spec) => {
  const handle = pool.acquire(out.dtype, out.size)
  if (!fastUnary('sigmoid', out.dtype, x!.handle, handle)) sigmoidLoop(x!.handle as Floats, handle as Floats)
  return handle
}) as Override<TypedArray>

function sigmoidLoop(x: Floats, out: Floats): void {
  for (let i = 0; i < x.length; i++) {
    const e = Math.exp(-Math.abs(x[i]!))
    out[i] = (x[i]! < 0 ? e : 1) / (e + 1)
  }
}

interface GeluAttributes {
  readonly approximate: boolean
}

/** See `gelu` in core. */
export const gelu: Override<TypedArray> = stream(({ approximate }: GeluAttributes) => ({ name: approximate ? 'gelu approximate' : 'gelu', dear: true }), ([x], out, { approximate }) => {
  if (approximate) {
    for (let i = 0; i < out.length; i++) out[i] = x![i]! * 0.5 * (Math.tanh((x![i]! + 0.044715 * x![i]! ** 3) * Math.sqrt(2 / Math.PI)) + 1)
  } else {
    for (let i = 0; i < out.length; i++) out[i] = x![i]! * 0.5 * (erf(x![i]! * Math.SQRT1_2) + 1)
  }
})
