import * as core from '@ashlar/core'
import type { DType, Device, NDArray, Tensor } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { input } from '../program.ts'
import { BASE } from './golden-cases.ts'
import { KERNELS } from './ledger.ts'
import type { Session } from './session.ts'
import { onContext, onDevice } from './session.ts'

/** Past what pools keep in garbage-collected memory. */
const N = 40

function upload(device: Device, dtype: DType, shape: readonly number[], value: (i: number) => number): Tensor {
  const x = input(dtype, shape, Array.from({ length: core.sizeOf(shape) }, (_, i) => value(i)))
  return { shape: x.shape, dtype, size: x.size, handle: device.upload(x.data, x) }
}

type Call = (device: Device, x: Tensor, flags: Tensor, places: Tensor) => unknown

const square = core.specOf([N, N], 'float32')

/** Each kernel, on and to arrays of N by N. */
const CALLS: Readonly<Record<(typeof KERNELS)[number], Call>> = {
  unary: ({ kernels }, x) => kernels.unary('tanh', x, square),
  binary: ({ kernels }, x) => kernels.binary('mod', x, x, square),
  compare: ({ kernels }, x) => kernels.compare('lt', x, x, core.specOf([N, N], 'bool')),
  where: ({ kernels }, x, flags) => kernels.where(flags, x, x, square),
  cast: ({ kernels }, x) => kernels.cast(x, core.specOf([N, N], 'int32')),
  reduce: ({ kernels }, x) => kernels.reduce('sum', x, [0], core.specOf([N], 'float32')),
  argReduce: ({ kernels }, x) => kernels.argReduce('argmax', x, 1, core.specOf([N], 'int32')),
  transpose: ({ kernels }, x) => kernels.transpose(x, [1, 0], square),
  broadcastTo: ({ kernels }, x) => kernels.broadcastTo(x, core.specOf([2, N, N], 'float32')),
  slice: ({ kernels }, x) => kernels.slice(x, [N - 1, 0], [-1, 1], square),
  pad: ({ kernels }, x) => kernels.pad(x, [1, 1], 2, core.specOf([N + 2, N + 2], 'float32')),
  concat: ({ kernels }, x) => kernels.concat([x, x], 0, core.specOf([2 * N, N], 'float32')),
  matmul: ({ kernels }, x) => kernels.matmul(x, x, false, true, square),
  take: ({ kernels }, x, _, places) => kernels.take(x, places, 0, square),
  scatterAdd: ({ kernels }, x, _, places) => kernels.scatterAdd(x, places, 0, square),
}

/** A device that counts its memory holds one buffer more after a kernel, or none where it shares bytes, and none once that is freed. */
async function checkKernel(device: Device, name: (typeof KERNELS)[number]): Promise<void> {
  if (device.memory === undefined) return
  const held = (): number => device.memory!().live.buffers
  const start = held()
  const inputs = [
    upload(device, 'float32', [N, N], i => (i % 17) / 4 + 1), upload(device, 'bool', [N, N], i => i % 2), upload(device, 'int32', [N], i => (i * 7) % N),
  ] as const
  const before = held()
  const handle = CALLS[name](device, ...inputs)
  const after = held()
  if (after > before + 1) throw new Error(`${name} leaves ${after - before} buffers in memory for one output`)
  device.free(handle)
  for (const x of inputs) device.free(x.handle)
  if (held() > start) throw new Error(`${name}: ${held() - start} buffers are left once output and inputs were freed`)
}

/** A few steps of training a small network, each in a scope, as programs write them. */
function train(session: Session, steps: number): number[] {
  const { context, watched } = session
  const x = onContext(context, Array.from({ length: 300 }, (_, i) => Math.sin(i)), [30, 10], 'float32')
  const weight = core.full([4, 10], 0.1, { ctx: context })
  weight.attachGrad()
  const counts: number[] = []
  for (let step = 0; step < steps; step++) {
    core.scope(() => {
      const loss = core.autograd.record(() => core.square(core.relu(core.matmul(x, weight, { transposeB: true })).sub(1)).mean())
      loss.backward()
      weight.isub(weight.grad!.mul(0.1))
    })
    counts.push(watched.live.size)
  }
  const gradient = weight.grad as NDArray & { pinned: boolean }
  gradient.pinned = false
  for (const array of [x, weight, gradient]) array.dispose()
  return counts
}

/** Nothing stays in memory but what a program holds. */
export function memoryCases({ add }: Kit): void {
  for (const name of KERNELS) add(`memory of ${name}`, BASE, device => checkKernel(device, name))
  add('memory of training steps', BASE, device =>
    onDevice(device, async session => {
      const counts = train(session, 8)
      if (new Set(counts).size !== 1) throw new Error(`handles after each step of training: ${counts.join(', ')}`)
    }))
  add('memory of composed operations', BASE, device =>
    onDevice(device, async ({ context, watched, run }) => {
      await run(() => {
        const x = onContext(context, [1, 2, 3, 4], [2, 2], 'float32')
        const before = watched.live.size
        core.softmax(core.relu(core.sigmoid(x)))
        if (watched.live.size !== before + 3) throw new Error(`three composed operations leave ${watched.live.size - before} handles`)
        return []
      })
    }))
}
