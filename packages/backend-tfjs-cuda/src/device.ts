import { MAX_SIZE, allocate } from '@ashlar/core'
import type { Device, Kernels, Override, Spec, Tensor, TypedArray } from '@ashlar/core'
import type { Engine, Handle, Steps } from './engine.ts'
import { binary, compare } from './kernels/binary.ts'
import { cast } from './kernels/cast.ts'
import { where } from './kernels/choose.ts'
import { scatterAdd, take } from './kernels/indexing.ts'
import { matmul } from './kernels/matmul.ts'
import { concat, cut, permute, stretch, surround } from './kernels/movement.ts'
import { argReduce, reduce } from './kernels/reduce.ts'
import { unary } from './kernels/unary.ts'
import { overridesOf } from './overrides/index.ts'
import type { TensorInfo } from './tfjs.ts'

/** A WebAssembly memory ends at 4 GB, and holds more than one array. */
const WASM_MAX_SIZE = 2 ** 29

/** One device over an engine of tfjs. Nothing empty reaches a kernel of tfjs. */
export function openDevice(engine: Engine): Device<Handle> {
  const fill = (value: number, out: Spec): Handle =>
    out.size === 0 ? { info: engine.write(allocate(out.dtype, 0), out.shape, out.dtype) } : engine.run(steps => steps.fill(value, out.shape, out.dtype))
  const run = (out: Spec, compose: (steps: Steps) => TensorInfo): Handle => (out.size === 0 ? fill(0, out) : engine.run(compose))
  const kernels: Kernels<Handle> = {
    unary: (kind, x, out) => run(out, steps => unary(steps, kind, x)),
    binary: (kind, a, b, out) => run(out, steps => binary(steps, kind, a, b, out.shape)),
    compare: (kind, a, b, out) => run(out, steps => compare(steps, kind, a, b, out.shape)),
    where: (condition, a, b, out) => run(out, steps => where(steps, condition, a, b, out.shape)),
    cast: (x, out) => run(out, steps => cast(steps, x.handle.info, out.dtype)),
    reduce: (kind, x, axes, out) => (x.size === 0 ? fill(kind === 'prod' ? 1 : 0, out) : run(out, steps => reduce(steps, kind, x, axes, out))),
    argReduce: (kind, x, axis, out) => run(out, steps => argReduce(steps, kind, x, axis)),
    transpose: (x, permutation, out) => run(out, steps => permute(steps, x.handle.info, x.shape, permutation)),
    broadcastTo: (x, out) => run(out, steps => stretch(steps, x.handle.info, x.shape, out.shape)),
    slice: (x, starts, strides, out) => run(out, steps => cut(steps, x.handle.info, x.shape, starts, strides, out.shape)),
    pad: (x, before, value, out) => (x.size === 0 ? fill(value, out) : run(out, steps => surround(steps, x.handle.info, x.shape, before, value, out.shape))),
    concat: (inputs, axis, out) => run(out, steps => concat(steps, inputs, axis, out)),
    matmul: (a, b, transposeA, transposeB, out) =>
      (a.size === 0 || b.size === 0 ? fill(0, out) : run(out, steps => matmul(steps, a, b, transposeA, transposeB, out))),
    take: (x, indices, axis, out) => run(out, steps => take(steps, x, indices, axis)),
    scatterAdd: (updates, indices, axis, out) => (updates.size === 0 ? fill(0, out) : run(out, steps => scatterAdd(steps, updates, indices, axis, out))),
  }
  const overrides = Object.fromEntries(Object.entries(overridesOf(engine)).map(([name, compose]): [string, Override<Handle>] => [
    name, (inputs: readonly Tensor<Handle>[], attributes: never, out: Spec) => run(out, steps => compose(steps, inputs, attributes, out)),
  ]))
  return {
    capabilities: {
      dtypes: ['float32', 'int32', 'bool'], syncRead: true, hostMemory: !engine.onGpu, maxSize: engine.name === 'wasm' ? WASM_MAX_SIZE : MAX_SIZE, needsFree: true,
    },
    kernels,
    overrides,
    upload: (data: TypedArray, out) => ({ info: engine.write(data, out.shape, out.dtype) }),
    download: x => engine.read(x.handle.info, x),
    fill,
    free: handle => engine.dispose(handle.info),
  }
}
