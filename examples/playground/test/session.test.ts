import { cpuBackend, device, memory, registerBackend, unregisterBackend } from 'ashlar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Session } from '../src/model/session.ts'
import { makePoints } from '../src/points/datasets.ts'
import { DEFAULTS, OPTIMIZERS } from '../src/settings.ts'
import type { OptimizerName } from '../src/settings.ts'

// A device with memory of its own, whose arrays have to be freed, as those of a GPU.
const gpus = device.simulatedGpus(1, { backend: cpuBackend() })
const other = device.gpu(0)

beforeAll(() => registerBackend(gpus))
afterAll(() => void unregisterBackend(gpus.name))

const points = makePoints(DEFAULTS)

function weightsOf({ net }: Session): number[][] {
  return [...net.collectParams().values()].map(parameter => [...parameter.data().asInContext(device.cpu()).toTypedArray()].map(Number))
}

function steps(session: Session, count: number): void {
  for (let i = 0; i < count; i++) session.step()
}

async function lossOf(session: Session): Promise<number> {
  return (await session.scores()).train!.loss
}

test('spirals are learned, and points that were held back are told apart as well', async () => {
  const session = new Session(DEFAULTS, points, device.cpu())
  expect(await lossOf(session)).toBeGreaterThan(0.5)
  steps(session, 2500)
  const { train, heldBack } = await session.scores()
  expect(train!.loss).toBeLessThan(0.05)
  expect(heldBack!.accuracy).toBeGreaterThan(0.95)
})

test('the surface says at the points what the network says of them', async () => {
  const session = new Session({ ...DEFAULTS, seed: 3 }, makePoints({ ...DEFAULTS, kind: 'circles' }), device.cpu())
  steps(session, 300)
  const surface = await session.surface(65)
  expect(surface.every(chance => chance >= 0 && chance <= 1)).toBe(true)
  // The second class is inside, the first outside; the top row and the middle are known places.
  expect(surface[32 * 65 + 32]).toBeGreaterThan(0.9)
  for (const corner of [0, 64, 64 * 65, 65 * 65 - 1]) expect(surface[corner]).toBeLessThan(0.1)
})

test('up is up: a class above is above on the surface', async () => {
  const session = new Session({ ...DEFAULTS, hidden: [] }, [{ x: 0, y: 2, label: 1, heldBack: false }, { x: 0, y: -2, label: 0, heldBack: false }], device.cpu())
  steps(session, 200)
  const surface = await session.surface(5)
  expect(surface.slice(0, 5).every(chance => chance > 0.5)).toBe(true)
  expect(surface.slice(20).every(chance => chance < 0.5)).toBe(true)
})

test('the same seed gives the same training', () => {
  const run = (seed: number): number[][] => {
    const session = new Session({ ...DEFAULTS, seed }, points, device.cpu())
    steps(session, 30)
    return weightsOf(session)
  }
  expect(run(5)).toEqual(run(5))
  expect(run(6)).not.toEqual(run(5))
})

test.each(Object.keys(OPTIMIZERS) as OptimizerName[])('moving to another device keeps the weights and what %s keeps, and the training goes on as it would have', async optimizer => {
  const settings = { ...DEFAULTS, optimizer, learningRate: OPTIMIZERS[optimizer].learningRate, hidden: [8] }
  const [moving, staying] = [new Session(settings, points, device.cpu()), new Session(settings, points, device.cpu())]
  for (const session of [moving, staying]) steps(session, 40)
  const before = weightsOf(moving)
  moving.moveTo(other)
  expect(String(moving.ctx)).toBe('gpu(0)')
  expect(moving.net.collectParams().listCtx().map(String)).toEqual(['gpu(0)'])
  expect(weightsOf(moving)).toEqual(before)
  // The order of the batches begins anew where the points are placed.
  staying.setPoints(points)
  for (const session of [moving, staying]) steps(session, 20)
  const [there, here] = [await lossOf(moving), await lossOf(staying)]
  expect(there).toBe(here)
  moving.moveTo(device.cpu())
  steps(moving, 1)
  expect(moving.steps).toBe(61)
})

test('another optimizer and another rate take over where the training is', async () => {
  const session = new Session(DEFAULTS, points, device.cpu())
  steps(session, 100)
  const before = weightsOf(session)
  session.tune({ ...DEFAULTS, optimizer: 'sgd', learningRate: 0.3, batchSize: 256 })
  expect(weightsOf(session)).toEqual(before)
  const loss = await lossOf(session)
  steps(session, 100)
  expect(await lossOf(session)).toBeLessThan(loss)
})

test('without points there is nothing to learn, and nothing breaks', async () => {
  const session = new Session(DEFAULTS, [], device.cpu())
  session.step()
  expect([session.canLearn, session.steps, await session.scores()]).toEqual([false, 0, { train: null, heldBack: null }])
  session.setPoints([{ x: 0, y: 0, label: 1, heldBack: false }])
  session.step()
  expect([session.canLearn, session.steps]).toEqual([true, 1])
})

test('memory stays flat while it trains and is drawn', async () => {
  const session = new Session(DEFAULTS, points, other)
  const round = async (): Promise<number> => {
    steps(session, 10)
    await session.scores()
    await session.surface(16)
    return memory().devices['gpu(0)']!.live.buffers
  }
  await round()
  // Where a batch is cut short by the end of the points, another one is under way.
  const counts = [await round(), await round(), await round()]
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2)
})
