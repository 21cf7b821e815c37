import { cpuBackend } from '@ashlar/backend-cpu'
import { collectCases } from '@ashlar/backend-kit'
import { isFloat, specOf } from '@ashlar/core'
import type { Device, Kernels, Tensor, TypedArray } from '@ashlar/core'
import { describe, expect, it } from 'vitest'

const right = cpuBackend().open(0) as Device<TypedArray>
const kernels = right.kernels
type Host = Tensor<TypedArray>

/** The right device but for some kernels. */
function variant(wrong: Partial<Kernels<TypedArray>>): Device {
  return { ...right, kernels: { ...kernels, ...wrong } } as Device
}

/** The right result, changed in place. */
function edited(handle: TypedArray, edit: (values: Float64Array) => void): TypedArray {
  edit(handle as Float64Array)
  return handle
}

const mapped = (handle: TypedArray, f: (x: number) => number): TypedArray =>
  edited(handle, values => values.forEach((x, i) => (values[i] = f(x))))

const withoutNaN = (x: Host, value: number): Host => ({ ...x, handle: mapped(x.handle.slice(), v => (Number.isNaN(v) ? value : v)) })

/** Mistakes as backends make them, each in one place, and the cases that have to notice. */
const mistakes: readonly (readonly [mistake: string, family: string, device: Device])[] = [
  ["upload keeps the caller's array", 'storage', { ...right, upload: data => data } as Device],
  ['download gives the memory itself', 'storage', { ...right, download: x => x.handle } as Device],
  ['fill forgets the last element', 'storage', { ...right, fill: (v, out) => edited(right.fill(v, out), a => out.size > 1 && a.fill(0 as never, out.size - 1)) } as Device],
  ['a whole slice gives its input back', 'slice', variant({ slice: (x, starts, steps, out) => (out.size === x.size ? x.handle : kernels.slice(x, starts, steps, out)) })],
  ['unary overwrites its input', 'unary', variant({ unary: (kind, x, out) => edited(kernels.unary(kind, x, out), y => (x.handle as Float64Array).set(y)) })],
  ['rint rounds halves up', 'unary', variant({ unary: (kind, x, out) => (kind === 'rint' ? mapped(x.handle.slice(), v => Math.floor(v + 0.5)) : kernels.unary(kind, x, out)) })],
  ['expm1 as exp less 1', 'unary', variant({ unary: (kind, x, out) => (kind === 'expm1' ? mapped(x.handle.slice(), v => Math.fround(Math.exp(v)) - 1) : kernels.unary(kind, x, out)) })],
  ['sqrt of what is negative is 0', 'unary', variant({ unary: (kind, x, out) => (kind === 'sqrt' ? mapped(x.handle.slice(), v => (v < 0 ? 0 : Math.sqrt(v))) : kernels.unary(kind, x, out)) })],
  ['erf to six digits', 'unary', variant({
    unary(kind, x, out) {
      if (kind !== 'erf') return kernels.unary(kind, x, out)
      // Abramowitz and Stegun 7.1.27.
      return mapped(x.handle.slice(), v => {
        const a = Math.abs(v)
        return Math.sign(v) * (1 - (1 + 0.278393 * a + 0.230389 * a ** 2 + 0.000972 * a ** 3 + 0.078108 * a ** 4) ** -4)
      })
    },
  })],
  ['mod has the sign of C', 'binary', variant({
    binary(kind, a, b, out) {
      const remainder = kernels.binary(kind, a, b, out)
      if (kind !== 'mod' || a.size !== b.size) return remainder
      return edited(remainder, r => r.forEach((_, i) => (r[i] = (a.handle[i] as number) % (b.handle[i] as number) || 0)))
    },
  })],
  ['a column broadcasts as a row', 'binary', variant({
    binary(kind, a, b, out) {
      const column = b.shape.length === 2 && b.shape[1] === 1 && b.size > 1 && a.shape[1] === b.shape[0]
      return kernels.binary(kind, a, column ? { ...b, shape: [b.size] } : b, out)
    },
  })],
  ['int32 products in double', 'binary', variant({
    binary: (kind, a, b, out) =>
      kind === 'mul' && out.dtype === 'int32' && a.size === b.size
        ? edited(kernels.binary(kind, a, b, out), y => y.forEach((_, i) => (y[i] = (a.handle[i] as number) * (b.handle[i] as number))))
        : kernels.binary(kind, a, b, out),
  })],
  ['maximum drops NaN', 'binary', variant({
    binary: (kind, a, b, out) =>
      kind === 'maximum' && isFloat(out.dtype) ? kernels.binary(kind, withoutNaN(a, -Infinity), withoutNaN(b, -Infinity), out) : kernels.binary(kind, a, b, out),
  })],
  ['NaN equals NaN', 'compare', variant({
    compare: (kind, a, b, out) =>
      kind === 'eq' ? edited(kernels.compare(kind, a, b, out), y => a.size === b.size && y.forEach((_, i) => Object.is(a.handle[i], b.handle[i]) && (y[i] = 1))) : kernels.compare(kind, a, b, out),
  })],
  ['le is lt', 'compare', variant({ compare: (kind, a, b, out) => kernels.compare(kind === 'le' ? 'lt' : kind, a, b, out) })],
  ['where exchanges its sides', 'where', variant({ where: (c, a, b, out) => kernels.where(c, b, a, out) })],
  ['where multiplies', 'where', variant({
    where(c, a, b, out) {
      if (out.dtype !== 'float32' || a.size !== out.size || b.size !== out.size || c.size !== out.size) return kernels.where(c, a, b, out)
      return Float32Array.from(c.handle as Uint8Array, (v, i) => v * (a.handle[i] as number) + (1 - v) * (b.handle[i] as number))
    },
  })],
  ['cast rounds', 'cast', variant({
    cast: (x, out) => kernels.cast(isFloat(x.dtype) && !isFloat(out.dtype) && out.dtype !== 'bool' ? { ...x, handle: mapped(x.handle.slice(), Math.round) } : x, out),
  })],
  ['cast to bool takes the whole part', 'cast', variant({
    cast: (x, out) => (out.dtype === 'bool' && isFloat(x.dtype) ? kernels.cast({ ...x, handle: mapped(x.handle.slice(), Math.trunc) }, out) : kernels.cast(x, out)),
  })],
  ['cast saturates', 'cast', variant({
    cast: (x, out) => (out.dtype === 'uint8' && isFloat(x.dtype) ? Uint8Array.from(Uint8ClampedArray.from(x.handle as Float64Array, Math.trunc)) : kernels.cast(x, out)),
  })],
  ['sum ignores the last of several axes', 'reduce', variant({
    reduce(kind, x, axes, out) {
      if (kind !== 'sum' || axes.length < 2) return kernels.reduce(kind, x, axes, out)
      const last = axes.at(-1)!
      const first = kernels.slice(x, x.shape.map(() => 0), x.shape.map(() => 1), specOf(x.shape.with(last, Math.min(1, x.shape[last]!)), x.dtype))
      return kernels.reduce(kind, { ...specOf(x.shape.with(last, Math.min(1, x.shape[last]!)), x.dtype), handle: first }, axes, out)
    },
  })],
  ['max swallows NaN', 'reduce', variant({ reduce: (kind, x, axes, out) => kernels.reduce(kind, kind === 'max' && isFloat(x.dtype) ? withoutNaN(x, -Infinity) : x, axes, out) })],
  ['max starts at 0', 'reduce', variant({ reduce: (kind, x, axes, out) => (kind === 'max' ? mapped(kernels.reduce(kind, x, axes, out), v => (v < 0 ? 0 : v)) : kernels.reduce(kind, x, axes, out)) })],
  ['the product of nothing is 0', 'reduce', variant({ reduce: (kind, x, axes, out) => (x.size === 0 ? right.fill(0, out) : kernels.reduce(kind, x, axes, out)) })],
  ['argmax gives the last of equals', 'argReduce', variant({
    argReduce(kind, x, axis, out) {
      if (kind !== 'argmax' || x.shape.length !== 1) return kernels.argReduce(kind, x, axis, out)
      const line = Array.from(x.handle as Float64Array)
      return Int32Array.of(line.lastIndexOf(line[kernels.argReduce(kind, x, axis, out)[0] as number]!))
    },
  })],
  ['argmin skips NaN', 'argReduce', variant({ argReduce: (kind, x, axis, out) => kernels.argReduce(kind, kind === 'argmin' && isFloat(x.dtype) ? withoutNaN(x, Infinity) : x, axis, out) })],
  ['transpose by the inverse permutation', 'transpose', variant({ transpose: (x, p, out) => kernels.transpose(x, p.map((_, i) => p.indexOf(i)), out) })],
  ['slice takes the size of a negative step', 'slice', variant({ slice: (x, starts, steps, out) => kernels.slice(x, starts.map((s, i) => (steps[i]! < 0 ? s - (out.shape[i]! - 1) * -steps[i]! : s)), steps.map(Math.abs), out) })],
  ['pad ignores its value', 'pad', variant({ pad: (x, before, _value, out) => kernels.pad(x, before, 0, out) })],
  ['pad puts all behind', 'pad', variant({ pad: (x, before, value, out) => kernels.pad(x, before.map(() => 0), value, out) })],
  ['concat always joins along axis 0', 'concat', variant({ concat: (inputs, _axis, out) => kernels.concat(inputs.map(x => ({ ...x, shape: [x.size] })), 0, { ...out, shape: [out.size] }) })],
  ['matmul ignores transposeB of square factors', 'matmul', variant({ matmul: (a, b, ta, tb, out) => kernels.matmul(a, b, ta, tb && b.shape.at(-1) !== b.shape.at(-2), out) })],
  ['matmul takes the first matrix for all of a batch', 'matmul', variant({
    matmul(a, b, ta, tb, out) {
      if (b.shape.length < 3 || b.size === 0) return kernels.matmul(a, b, ta, tb, out)
      const shape = b.shape.slice(-2)
      return kernels.matmul(a, { ...specOf(shape, b.dtype), handle: b.handle.slice(0, specOf(shape, b.dtype).size) }, ta, tb, out)
    },
  })],
  ['matmul skips zeros', 'matmul', variant({ matmul: (a, b, ta, tb, out) => mapped(kernels.matmul(a, b, ta, tb, out), v => (Number.isNaN(v) ? 0 : v)) })],
  ['take is off by one', 'take', variant({
    take: (x, indices, axis, out) =>
      kernels.take(x, { ...indices, handle: Int32Array.from(indices.handle as Int32Array, i => Math.min(i + 1, x.shape[axis]! - 1)) }, axis, out),
  })],
  ['take truncates 64 bits', 'take', variant({ take: (x, indices, axis, out) => (out.dtype === 'int64' ? BigInt64Array.from(kernels.take(x, indices, axis, out) as BigInt64Array, v => BigInt.asIntN(53, v)) : kernels.take(x, indices, axis, out)) })],
  ['scatterAdd overwrites duplicates', 'scatterAdd', variant({
    scatterAdd(updates, indices, axis, out) {
      if (indices.shape.length !== 1 || updates.shape.length !== 1) return kernels.scatterAdd(updates, indices, axis, out)
      return edited(right.fill(0, out), y => (indices.handle as Int32Array).forEach((at, i) => (y[at] = updates.handle[i] as number)))
    },
  })],
  ['capabilities promise an asynchronous read that is missing', 'storage', { ...right, capabilities: { ...right.capabilities, syncRead: false } } as Device],
]

async function failures(device: Device, family = ''): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of collectCases({ seed: 20260101 })) {
    if (name.startsWith(family)) await run(device).catch(() => failed.push(name))
  }
  return failed
}

describe('the kit', () => {
  it('passes the right device', async () => {
    expect(await failures(right as Device)).toEqual([])
  })

  // Only the tables of that kernel are run: luck in a random case does not count.
  it.each(mistakes)('catches: %s', async (_mistake, family, device) => {
    expect(await failures(device, family)).not.toEqual([])
  })
})
