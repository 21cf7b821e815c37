import type { Recipe, Recipes } from './arrays.ts'

/** What candidates know how to do. */
export type Kind = 'import' | 'matmul' | 'add' | 'exp' | 'softmax' | 'mlp' | 'lenet' | 'transformer'

/** One row of the table, as plain data, which candidates in any language can read. */
export interface Workload {
  readonly name: string
  readonly kind: Kind
  readonly arrays: Recipes
  readonly settings: Readonly<Record<string, number | boolean>>
  /** What the row's numbers are; for peak memory, after how many runs it is read. */
  readonly measures: 'time' | 'import' | { readonly memoryAfter: number }
  /** Whether `--quick` runs it. */
  readonly quick: boolean
}

const floats = (shape: readonly number[], seed: number, low = 0.1, high = 1): Recipe => ({ shape, seed, low, high })

/** Weights as most libraries draw them: of a size that keeps the scale of what flows through. */
const weights = (shape: readonly number[], seed: number): Recipe => {
  const bound = 1 / Math.sqrt(shape.slice(1).reduce((a, b) => a * b, 1))
  return floats(shape, seed, -bound, bound)
}

function matmuls(): Workload[] {
  const cases = [[false, false, ''], [false, true, ', B transposed'], [true, false, ', A transposed'], [true, true, ', both transposed']] as const
  return [64, 256, 512, 1024].flatMap(n => cases.map(([transposeA, transposeB, suffix]): Workload => ({
    name: `matmul ${n} x ${n}${suffix}`,
    kind: 'matmul',
    arrays: { a: floats([n, n], 1), b: floats([n, n], 2) },
    settings: { transposeA, transposeB },
    measures: 'time',
    quick: n === 64 && !transposeA,
  })))
}

function elementwise(): Workload[] {
  const shapes = [[2, 20], [100, 100], [1000, 1000], [2000, 2000]]
  return (['add', 'exp', 'softmax'] as const).flatMap(kind => shapes.map((shape): Workload => ({
    name: `${kind} [${shape.join(', ')}]`,
    kind,
    arrays: kind === 'add' ? { x: floats(shape, 1), y: floats(shape, 2) } : { x: floats(shape, 1, -2, 2) },
    settings: {},
    measures: 'time',
    quick: shape[0]! <= 100,
  })))
}

/** A perceptron with one hidden layer: weights of shape (units, features), classes to learn. */
function mlp(inputs: number, hidden: number, outputs: number, batch: number): Workload {
  return {
    name: `train step, MLP ${inputs}-${hidden}-${outputs}, batch ${batch}`,
    kind: 'mlp',
    arrays: {
      x: floats([batch, inputs], 1),
      y: { shape: [batch], seed: 2, classes: outputs },
      w1: weights([hidden, inputs], 3),
      b1: floats([hidden], 4, -0.1, 0.1),
      w2: weights([outputs, hidden], 5),
      b2: floats([outputs], 6, -0.1, 0.1),
    },
    settings: { train: true, learningRate: 0.1 },
    measures: 'time',
    quick: batch === 2,
  }
}

/** LeCun's convolutional network with sigmoids and mean pooling, as textbooks have it; channels first. */
function lenet(batch: number, train: boolean, quick: boolean): Workload {
  return {
    name: `${train ? 'train step' : 'forward'}, LeNet, [${batch}, 1, 28, 28]`,
    kind: 'lenet',
    arrays: {
      x: floats([batch, 1, 28, 28], 1),
      y: { shape: [batch], seed: 2, classes: 10 },
      k1: weights([6, 1, 5, 5], 3),
      c1: floats([6], 4, -0.1, 0.1),
      k2: weights([16, 6, 5, 5], 5),
      c2: floats([16], 6, -0.1, 0.1),
      w1: weights([120, 400], 7),
      b1: floats([120], 8, -0.1, 0.1),
      w2: weights([84, 120], 9),
      b2: floats([84], 10, -0.1, 0.1),
      w3: weights([10, 84], 11),
      b3: floats([10], 12, -0.1, 0.1),
    },
    settings: { train, learningRate: 0.5 },
    measures: 'time',
    quick,
  }
}

/** An encoder block with normalization first: attention, then two layers with gelu, each around a shortcut. */
function transformer(batch: number, length: number, width: number, heads: number, train: boolean, quick: boolean): Workload {
  return {
    name: `${train ? 'train step' : 'forward'}, transformer block, [${batch}, ${length}, ${width}], ${heads} heads`,
    kind: 'transformer',
    arrays: {
      x: floats([batch, length, width], 1, -1, 1),
      target: floats([batch, length, width], 2, -1, 1),
      g1: floats([width], 3, 0.9, 1.1),
      s1: floats([width], 4, -0.1, 0.1),
      wq: weights([width, width], 5),
      wk: weights([width, width], 6),
      wv: weights([width, width], 7),
      wo: weights([width, width], 8),
      g2: floats([width], 9, 0.9, 1.1),
      s2: floats([width], 10, -0.1, 0.1),
      w1: weights([4 * width, width], 11),
      b1: floats([4 * width], 12, -0.1, 0.1),
      w2: weights([width, 4 * width], 13),
      b2: floats([width], 14, -0.1, 0.1),
    },
    settings: { train, heads, learningRate: 0.1 },
    measures: 'time',
    quick,
  }
}

const peakMemory = (of: Workload, memoryAfter: number): Workload => ({ ...of, name: `peak memory, ${memoryAfter} times: ${of.name}`, measures: { memoryAfter }, quick: false })

/** Every row, in the table's order. */
export function allWorkloads(): Workload[] {
  const digits = mlp(784, 256, 10, 256)
  const convolutions = lenet(64, true, false)
  const block = transformer(8, 64, 128, 4, true, false)
  const start: Workload = { name: 'import', kind: 'import', arrays: {}, settings: {}, measures: 'import', quick: true }
  return [
    start,
    ...matmuls(),
    ...elementwise(),
    mlp(20, 256, 10, 2),
    digits,
    lenet(64, false, false),
    convolutions,
    lenet(2, true, true),
    transformer(8, 64, 128, 4, false, false),
    block,
    transformer(1, 8, 16, 2, true, true),
    peakMemory(digits, 30),
    peakMemory(convolutions, 10),
    peakMemory(block, 10),
    peakMemory(mlp(20, 256, 10, 2), 1000),
  ]
}
