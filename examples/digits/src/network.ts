import { UserError } from '@ashlar-examples/shared/errors'
import { relativePath } from '@ashlar-examples/shared/paths'
import { init, nn, np, npx, scope } from 'ashlar'
import type { NDArray, device } from 'ashlar'
import { CLASSES, PIXELS } from './digits-data.ts'
import { reasonOf } from './reason.ts'

/** Layers of `hidden` units, each with a relu, and one score for each digit. How many pixels come in, the first batch tells. */
export function buildNetwork(hidden: readonly number[]): nn.Sequential {
  const net = new nn.Sequential()
  for (const units of hidden) net.add(new nn.Dense(units, { activation: 'relu' }))
  net.add(new nn.Dense(CLASSES))
  return net
}

/** A network with first values, drawn from `npx.random`. */
export function freshNetwork(hidden: readonly number[], ctx: device.Context): nn.Sequential {
  const net = buildNetwork(hidden)
  net.initialize(new init.Xavier(), { ctx })
  return net
}

/**
 * A network with the values of a file.
 *
 * @param hidden undefined takes the layers from the file
 * @throws UserError where the file cannot be read, or holds another network
 */
export function loadNetwork(file: string, hidden: readonly number[] | undefined, ctx: device.Context): nn.Sequential {
  try {
    const net = buildNetwork(hidden ?? hiddenLayersIn(file))
    net.loadParameters(file, { ctx })
    // Layers that do not fit each other, or other pictures than ours, show when they are used.
    scope(() => net(np.zeros([1, PIXELS], { ctx })))
    return net
  } catch (error) {
    throw new UserError(`cannot use the parameters of ${relativePath(file)}: ${reasonOf(error).replace(`'${file}'`, 'the file')}; expected those of a network ${hidden === undefined ? '' : `of --hidden ${hidden.join(',')} `}that this demo saved`)
  }
}

/** The hidden layers of a network that {@link buildNetwork} made: all weights but the last. */
function hiddenLayersIn(file: string): number[] {
  const found: Readonly<Record<string, NDArray>> = npx.load(file, { ctx: npx.cpu() })
  const units: number[] = []
  for (let layer = 0; ; layer++) {
    const weight = found[`${layer}.weight`]
    if (weight === undefined) break
    units.push(weight.shape[0] ?? 0)
  }
  if (units.length === 0) throw new UserError('it holds no parameters of this network (0.weight, 0.bias, …)')
  return units.slice(0, -1)
}

/** `64 → 128 → 10`. */
export function describeNetwork(net: nn.Sequential): string {
  const shapes = [...net].map(layer => layer['weight'].shape as readonly [number, number])
  return [shapes[0]![1], ...shapes.map(([units]) => units)].join(' → ')
}

export function countParameters(net: nn.Sequential): number {
  return [...net.collectParams().values()].reduce((total, parameter) => total + parameter.shape!.reduce((a, b) => a * b, 1), 0)
}
