import { specOf } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, input, list } from '../program.ts'
import { allPairs, applyBinary } from './binary.ts'
import { applyCast } from './cast.ts'
import { applyCompare, applyWhere, compareKinds } from './compare.ts'
import { EXACT_INTEGERS, limits } from './dtypes.ts'
import { applyScatterAdd, applyTake } from './indexing.ts'
import { applyMatmul } from './matmul.ts'
import { applyBroadcast, applyConcat, applyPad, applySlice, applyTranspose } from './movement.ts'
import { applyArgReduce, applyReduce } from './reduce.ts'
import { applyUnary } from './unary.ts'

/** Numbers that float32 cannot tell from their neighbours. */
const LARGE = [EXACT_INTEGERS + 1, EXACT_INTEGERS + 2, EXACT_INTEGERS + 3, -EXACT_INTEGERS - 1, 123456789, 123456790, ...limits('int32').map(Number), 2147483646]

/** int32 beyond 2^24, in every kernel: for devices that keep integers as integers. */
export function largeIntegerCases(kit: Kit): void {
  const x = list('int32', LARGE)
  const [a, b] = allPairs('int32', LARGE)
  const square = input('int32', [3, 3], LARGE)
  const add = (name: string, run: Parameters<Kit['add']>[2], dtypes: Parameters<Kit['add']>[1] = 'int32'): void =>
    kit.add(`large integers in ${name}`, dtypes, run, { exactIntegers: 2 ** 31 })

  add('upload and read', device => expectElements(device, { label: 'upload and read', inputs: [x], out: x, call: (kernels, t) => kernels.slice(t!, [0], [1], x) }, LARGE))
  for (const kind of ['neg', 'abs', 'sign'] as const) add(`unary ${kind}`, device => expectReference(device, applyUnary(kind, x)))
  for (const kind of ['add', 'sub', 'mul', 'mod', 'maximum', 'minimum'] as const) add(`binary ${kind}`, device => expectReference(device, applyBinary(kind, a, b)))
  for (const kind of compareKinds) add(`compare ${kind}`, device => expectReference(device, applyCompare(kind, a, b)), ['int32', 'bool'])
  add('where', device => expectReference(device, applyWhere(list('bool', LARGE.map((_, i) => i % 2)), x, list('int32', LARGE.toReversed()))), ['int32', 'bool'])
  add('cast', async device => {
    await expectReference(device, applyCast(x, 'int32'))
    await expectReference(device, applyCast(x, 'bool'))
    // Rounded once, to the nearest.
    await expectReference(device, applyCast(x, 'float32'))
  }, ['int32', 'float32', 'bool'])
  add('reduce', async device => {
    for (const kind of ['sum', 'prod', 'max', 'min'] as const) {
      for (const axes of [[0], [1], [0, 1]]) await expectReference(device, applyReduce(kind, square, axes))
    }
  })
  add('argReduce', async device => {
    for (const kind of ['argmax', 'argmin'] as const) await expectReference(device, applyArgReduce(kind, square, 1))
    await expectElements(device, applyArgReduce('argmax', list('int32', [EXACT_INTEGERS, EXACT_INTEGERS + 1, EXACT_INTEGERS]), 0), [1])
  })
  add('movement', async device => {
    await expectReference(device, applyTranspose(square, [1, 0]))
    await expectReference(device, applyBroadcast(x, [2, LARGE.length]))
    await expectReference(device, applySlice(square, [[2, -1, 3], [0, 2, 2]]))
    await expectReference(device, applyPad(x, [[1, 1]], EXACT_INTEGERS + 1))
    await expectReference(device, applyConcat([square, square], 1))
  })
  add('fill', async device => {
    const out = specOf([2], 'int32')
    await expectElements(device, applyConcat([list('int32', [EXACT_INTEGERS + 1]), list('int32', [EXACT_INTEGERS + 3])], 0), [EXACT_INTEGERS + 1, EXACT_INTEGERS + 3])
    const handle = device.fill(EXACT_INTEGERS + 1, out)
    const tensor = { ...out, handle }
    const read = device.capabilities.syncRead ? device.download(tensor) : await device.downloadAsync!(tensor)
    device.free(handle)
    if (read.some(value => value !== EXACT_INTEGERS + 1)) throw new Error(`fill(${EXACT_INTEGERS + 1}) gave ${[...read].join(', ')}`)
  })
  add('matmul', device => expectReference(device, applyMatmul(square, square, false, true)))
  add('take and scatterAdd', async device => {
    const places = list('int32', [8, 0, 0, 3, 1, 2, 7, 6, 4])
    await expectReference(device, applyTake(x, places, 0))
    await expectReference(device, applyScatterAdd(x, places, 0, 9))
  })
}
