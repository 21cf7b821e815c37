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

type Run = (inputs: readonly Host[], attributes: never, out: Host) => TypedArray

/** The right device with overrides; they are told as `Run`, whose attributes differ from one to the other. */
function overriding(overrides: Record<string, Run>): Device {
  return { ...right, overrides } as unknown as Device
}

const divided = ([x]: readonly Host[], f: (v: number) => number): TypedArray => mapped(x!.handle.slice(), f)

/** softmax along an axis, whose steps go back to the pool unless it is told to leave them. */
function softmax([x]: readonly Host[], axis: number, leave = false): TypedArray {
  const reduced = specOf(x!.shape.map((n, i) => (i === axis ? 1 : n)), x!.dtype)
  const most = kernels.reduce('max', x!, [axis], reduced)
  const below = kernels.binary('sub', x!, { ...reduced, handle: most }, x!)
  const e = kernels.unary('exp', { ...x!, handle: below }, x!)
  const total = kernels.reduce('sum', { ...x!, handle: e }, [axis], reduced)
  const y = kernels.binary('div', { ...x!, handle: e }, { ...reduced, handle: total }, x!)
  if (!leave) for (const step of [most, below, e, total]) right.free(step)
  return y
}

let leaked = 0
const counted = { live: { buffers: 0, bytes: 0 }, idle: { buffers: 0, bytes: 0 }, moved: 0, peak: 0 }

/** Mistakes that show in operations, or only there. */
const operationMistakes: readonly (readonly [mistake: string, family: string, device: Device])[] = [
  ['an override of sigmoid that overflows', 'override sigmoid', overriding({ sigmoid: inputs => divided(inputs, v => Math.exp(v) / (1 + Math.exp(v))) })],
  ['an override of softmax along the last axis, whichever is asked', 'override softmax', overriding({ softmax: inputs => softmax(inputs, inputs[0]!.shape.length - 1) })],
  ['an override of softmax that leaves its steps in memory', 'override softmax', overriding({ softmax: (inputs, { axis }: { axis: number }) => softmax(inputs, axis, true) } as Record<string, Run>)],
  ['an override of relu that drops NaN', 'override relu', overriding({ relu: inputs => divided(inputs, v => (v > 0 ? v : 0)) })],
  ['an override that gives its input back', 'override relu', overriding({ relu: ([x]) => mapped(x!.handle, v => (v < 0 ? 0 : v)) })],
  ['an override of an operation that does not exist', 'override gradientOfSoftmax', overriding({ gradientOfSoftmax: inputs => inputs[0]!.handle })],
  ['an override of linear that forgets the bias', 'override linear', overriding({ linear: ([x, weight], _, out) => kernels.matmul(x!, weight!, false, true, out) })],
  ['a kernel that gives its input back where nothing changes', 'op', variant({
    binary(kind, a, b, out) {
      const y = kernels.binary(kind, a, b, out)
      return a.size === out.size && a.dtype === out.dtype && y.every((value, i) => value === a.handle[i]) ? a.handle : y
    },
  })],
  ['sum leaves a buffer in memory', 'memory', { ...variant({ reduce: (kind, x, axes, out) => (leaked++, kernels.reduce(kind, x, axes, out)) }), memory: () => ({ ...counted, live: { buffers: leaked, bytes: 0 } }) } as Device],
  ['free frees nothing', 'memory', (() => {
    let made = 0
    const count = <A extends unknown[], R>(run: (...args: A) => R) => (...args: A): R => (made++, run(...args))
    const each = Object.fromEntries(Object.entries(kernels).map(([name, kernel]) => [name, count(kernel as () => TypedArray)]))
    return { ...right, kernels: each, upload: count(right.upload), fill: count(right.fill), memory: () => ({ ...counted, live: { buffers: made, bytes: 0 } }) } as unknown as Device
  })()],
  ['reads show the memory itself', 'array', { ...right, download: x => x.handle } as Device],
  ['uploads keep what they are given', 'array', { ...right, upload: data => data } as Device],
  ['capabilities promise float64, and it is rounded to float32', 'op', variant({
    binary: (kind, a, b, out) => (out.dtype === 'float64' ? mapped(kernels.binary(kind, a, b, out), Math.fround) : kernels.binary(kind, a, b, out)),
  })],
  ['capabilities promise all of int32, and it is kept in float32', 'large integers', variant({
    binary: (kind, a, b, out) => (out.dtype === 'int32' ? mapped(kernels.binary(kind, a, b, out), Math.fround) : kernels.binary(kind, a, b, out)),
  })],
  ['matmul remembers a right factor in its first shape', 'matmul of one right factor', (() => {
    const known = new WeakMap<TypedArray, readonly number[]>()
    return variant({
      matmul(a, b, ta, tb, out) {
        const shape = known.get(b.handle) ?? b.shape
        known.set(b.handle, shape)
        const batched = shape.length !== b.shape.length
        return batched ? right.fill(0, out) : kernels.matmul(a, b, ta, tb, out)
      },
    })
  })()],
  ['pad remembers NaN', 'pad with NaN', (() => {
    let poisoned = false
    return variant({ pad: (x, before, value, out) => ((poisoned ||= Number.isNaN(value)), kernels.pad(x, before, poisoned ? NaN : value, out)) })
  })()],
  ['a sum with kept axes takes the wrong ones', 'reduce sum', variant({
    reduce: (kind, x, axes, out) => (out.shape.length === x.shape.length && kind === 'sum' && x.shape.length === 3 && axes.length === 1 ? right.fill(0, out) : kernels.reduce(kind, x, axes, out)),
  })],
  ['draws, gradients and copies of a device whose multiplication is an addition', 'gradient', variant({ binary: (kind, a, b, out) => kernels.binary(kind === 'mul' ? 'add' : kind, a, b, out) })],
]

async function failures(device: Device, family = ''): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run, appliesTo } of collectCases({ seed: 20260101, overrides: Object.keys(device.overrides ?? {}) })) {
    if (name.startsWith(family) && appliesTo(device.capabilities)) await run(device).catch(() => failed.push(name))
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

  it.each(operationMistakes)('catches: %s', async (_mistake, family, device) => {
    expect(await failures(device, family)).not.toEqual([])
  })

  it('passes overrides that are right', async () => {
    const device = overriding({
      softmax: (inputs, { axis }: { axis: number }) => softmax(inputs, axis),
      relu: inputs => divided(inputs, v => (v < 0 ? 0 : v)),
    } as Record<string, Run>)
    expect(await failures(device, 'override')).toEqual([])
  })

  it('passes a device that reads asynchronously', async () => {
    const device: Device = {
      ...(right as Device),
      capabilities: { ...right.capabilities, syncRead: false, hostMemory: false },
      download: () => { throw new Error('this device cannot be read synchronously') },
      downloadAsync: x => Promise.resolve(right.download(x as Host)),
    }
    expect(await failures(device)).toEqual([])
  })

  it('leaves a device out of large integers that says where its own end', async () => {
    const floats: Device = {
      ...variant({ binary: (kind, a, b, out) => (out.dtype === 'int32' ? mapped(kernels.binary(kind, a, b, out), Math.fround) : kernels.binary(kind, a, b, out)) }),
      capabilities: { ...right.capabilities, dtypes: ['float32', 'int32', 'bool'], exactIntegers: 2 ** 24 },
    }
    expect((await failures(floats, 'binary')).concat(await failures(floats, 'large'))).toEqual([])
  })
})
