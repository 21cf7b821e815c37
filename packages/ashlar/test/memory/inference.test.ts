import { memory, nn, np } from 'ashlar'
import { expect, it } from 'vitest'

/** Bytes and buffers of the pool: of what is in use, and of all it has. */
function pool(): { live: number; all: number } {
  const { live, idle } = memory().devices['cpu(0)']!
  return { live: live.buffers, all: live.bytes + idle.bytes }
}

it('a network called outside of record works in the same memory from call to call, and never in that of its outputs', () => {
  const net = new nn.Sequential()
  net.add(new nn.Dense(512, { activation: 'relu' }), new nn.Dense(384, { activation: 'tanh' }), new nn.Dense(300))
  net.initialize()
  const x = np.random.normal(0, 1, [16, 40])
  const expected = net(x).tolist()
  const before = pool()
  for (let call = 0; call < 200; call++) net(x).dispose()
  expect(pool().live).toBe(before.live)
  // A thread that starts meanwhile takes scratch memory of its own: less than two calls' results.
  expect(pool().all - before.all).toBeLessThan(16 * (512 + 384 + 300) * 4 * 2)

  const outputs = Array.from({ length: 20 }, () => net(x))
  expect(pool().live - before.live).toBe(outputs.length)
  for (let call = 0; call < 20; call++) net(x.add(call)).dispose()
  for (const output of outputs) expect(output.tolist()).toEqual(expected)
})
