import '../backend.ts'
import type { DType } from '@ashlar/core'
import { array, autograd, checkGradients, decodeHalf, encodeHalf, full, matmul, np, npx, toStored } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { cleanState } from '../support/clean-state.ts'
import { thrownBy } from '../support/thrown.ts'

const numbers = (x: { toTypedArray(): ArrayLike<number | bigint> }): number[] => Array.from(x.toTypedArray() as Float32Array)

/** IEEE 754 binary16, decoded by its definition: sign, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

describe('float16 and bfloat16', () => {
  cleanState()

  it('every float16 pattern is the number that the standard says, and is written back as it was', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const values = decodeHalf(bits, 'float16') as Float32Array
    bits.forEach((pattern, i) => expect(values[i]).toBe(half(pattern)))
    const again = encodeHalf(values, 'float16')
    bits.forEach((pattern, i) => { if (!Number.isNaN(values[i])) expect(again[i]).toBe(pattern) })
  })

  it.each([
    ['float16', [1 / 3, 65504, 65520, 1e-8, 2049, 2051, -0], [0.333251953125, 65504, Infinity, 0, 2048, 2052, -0]],
    // bfloat16 keeps eight bits: 1/3 is 0.333984375 by the nearest, and halves go to even.
    ['bfloat16', [1 / 3, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.39e38, -Infinity, NaN, -0], [0.333984375, 1, 1.015625, 3.3895313892515355e38, -Infinity, NaN, -0]],
  ] as const)('%s rounds to the nearest, halves to even', (dtype, values, expected) => {
    expect(numbers(array([...values], { dtype }))).toEqual([...expected])
    expect(toStored(array([...values], { dtype }))).toBeInstanceOf(Uint16Array)
  })

  it('float16 is computed in float32 and rounded once', () => {
    const x = full([4096], 1, { dtype: 'float16' })
    // In float16 itself the sum would stick at 2048.
    expect(x.sum().item()).toBe(4096)
    expect(x.sum().dtype).toBe('float16')
    expect(matmul(x.reshape(1, -1), x.reshape(-1, 1)).item()).toBe(4096)
    expect(npx.softmax(array([1, 2, 3], { dtype: 'float16' })).dtype).toBe('float16')
    expect(x.mul(0.1).get(0).item()).toBe(half(0x2e66))
  })

  it('moves, compares, reduces and selects', () => {
    const x = array([[3, 1], [2, NaN]], { dtype: 'float16' })
    expect(numbers(x.T)).toEqual([3, 2, 1, NaN])
    expect(numbers(np.sort(x.get(0)))).toEqual([1, 3])
    expect(numbers(x.argmax({ axis: 1 }))).toEqual([0, 1])
    expect(numbers(x.gt(1))).toEqual([1, 0, 1, 0])
    expect(x.get(x.gt(1)).tolist()).toEqual([3, 2])
    x.set([0, 1], 0.1)
    expect(x.get(0, 1).item()).toBe(half(0x2e66))
    expect(numbers(np.concatenate([x.get(0), array([1])]))).toEqual([3, half(0x2e66), 1])
  })

  it('has gradients in float16, through any operation', () => {
    const x = array([0.5, 2], { dtype: 'float16' })
    x.attachGrad()
    autograd.record(() => np.exp(x).mul(x).sum()).backward()
    expect(x.grad!.dtype).toBe('float16')
    for (const [i, value] of [0.5, 2].entries()) expect(numbers(x.grad!)[i]! / (Math.exp(value) * (1 + value))).toBeCloseTo(1, 3)
    checkGradients(y => np.tanh(y), [x])
  })

  it('prints as NumPy does', () => {
    expect(array([0.1, 1], { dtype: 'float16' }).repr()).toBe('array([0.1, 1. ], dtype=float16)')
    expect(String(array([1 / 3], { dtype: 'bfloat16' }))).toBe('[0.334]')
  })

  it.each(['float32', 'float64', 'int32', 'uint8', 'bool', 'int64', 'bfloat16'] as DType[])('casts to %s and back', dtype => {
    const x = array([0, 1, 3], { dtype: 'float16' })
    const there = x.astype(dtype)
    expect(there.dtype).toBe(dtype)
    expect(numbers(there.astype('float16'))).toEqual(dtype === 'bool' ? [0, 1, 1] : [0, 1, 3])
  })

  it('draws in float32 and rounds', () => {
    const x = np.random.uniform({ size: [3], dtype: 'float16' })
    expect(numbers(x)).toEqual(numbers(x.astype('float32')))
    expect(x.dtype).toBe('float16')
  })

  it('bfloat16 is for storage, and the error names the cast', () => {
    const error = thrownBy(() => array([1], { dtype: 'bfloat16' }).add(1))
    expect(error.message).toContain("cast first: x.astype('float32')")
  })
})
