import { CLASSES, PIXELS } from '@ashlar-examples/digits/data'
import { buildNetwork } from '@ashlar-examples/digits/network'
import { nn } from 'ashlar'
import { WIDE } from './pictures.ts'

/** A network, and how it is trained. */
export interface Model {
  /** What `--help` says. */
  readonly about: string
  /** The extents of one picture, as the network takes it: of 8 × 8 pixels or, enlarged, of 28 × 28. */
  readonly picture: readonly number[]
  readonly defaults: {
    readonly batch: number
    readonly steps: number
    readonly hidden: readonly number[]
    readonly lr: number
  }
  build(hidden: readonly number[]): nn.Sequential
  describe(hidden: readonly number[]): string
}

export type ModelName = 'digits' | 'mlp' | 'cnn'

const chain = (...parts: readonly (string | number)[]): string => parts.join(' → ')

/** Filters of the two convolutions. */
const FILTERS = [32, 64] as const

/** LeNet as it is built today: wider, with relu and the largest of each window. */
function convolutions(hidden: readonly number[]): nn.Sequential {
  const net = new nn.Sequential()
  for (const filters of FILTERS) net.add(new nn.Conv2D(filters, 5, { padding: 2, activation: 'relu' }), new nn.MaxPool2D(2))
  for (const layer of buildNetwork(hidden)) net.add(layer)
  return net
}

/** The networks by name: one so small that a GPU only waits, and two that give it work. */
export const MODELS: Readonly<Record<ModelName, Model>> = {
  digits: {
    about: "the demo's: 128 units; 690 steps of 64 digits",
    picture: [PIXELS],
    defaults: { batch: 64, steps: 690, hidden: [128], lr: 0.005 },
    build: buildNetwork,
    describe: hidden => chain(PIXELS, ...hidden, CLASSES),
  },
  mlp: {
    about: 'wide: 2048,2048 units; 100 steps of 1024 digits',
    picture: [WIDE * WIDE],
    defaults: { batch: 1024, steps: 100, hidden: [2048, 2048], lr: 0.001 },
    build: buildNetwork,
    describe: hidden => chain(WIDE * WIDE, ...hidden, CLASSES),
  },
  cnn: {
    about: 'convolutions, 512 units; 100 steps of 256 digits',
    picture: [1, WIDE, WIDE],
    defaults: { batch: 256, steps: 100, hidden: [512], lr: 0.001 },
    build: convolutions,
    describe: hidden => chain(`${WIDE} × ${WIDE}`, ...FILTERS.map(filters => `${filters} filters of 5 × 5, halved`), ...hidden, CLASSES),
  },
}
