import { nn, npx } from 'ashlar'
import type { device } from 'ashlar'
import type { NetworkSettings } from '../settings.ts'

/** Hidden layers with an activation, and one score for each of the two classes. No line of it knows a device. */
export function buildNetwork({ hidden, activation }: NetworkSettings): nn.Sequential {
  const net = new nn.Sequential()
  for (const units of hidden) net.add(new nn.Dense(units, { activation }))
  net.add(new nn.Dense(2))
  return net
}

/** A network with first values, which are the same on every device. */
export function freshNetwork(settings: NetworkSettings, ctx: device.Context): nn.Sequential {
  npx.random.seed(settings.seed)
  const net = buildNetwork(settings)
  net.initialize('xavier', { ctx })
  return net
}
