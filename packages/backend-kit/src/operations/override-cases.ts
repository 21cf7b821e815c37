import * as core from '@ashlar/core'
import type { Context, Device, ElementwiseProgram, NDArray, Override } from '@ashlar/core'
import type { Kit, Tolerance } from '../case.ts'
import { randomFrom } from '../random.ts'
import { BASE, compareParts, ofOperation, readParts } from './golden-cases.ts'
import type { Parts } from './golden.ts'
import { goldenCases, runGolden } from './golden.ts'
import type { Result } from './session.ts'
import { onContext, onDevice } from './session.ts'
import { FUNCTIONS } from './torch-functions.ts'

/** Something to run twice: with an override and without. */
interface Probe {
  readonly name: string
  run(context: Context): Parts<NDArray>
}

/** Shapes that engines cut up in other ways: scalars, nothing, remainders of vectors and work groups, many axes. */
const SHAPES = [[], [0, 3], [7], [2, 3, 4], [1027], [3, 130], [2, 1, 2, 1, 2, 1, 2]] as const
const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1e-30, 3, -3, 60, -60, 100, -100]

type Vary = (x: NDArray) => readonly (() => NDArray)[]

/** Operations with compositions, and ways to call them that the golden cases leave out. */
const VARIANTS: readonly Vary[] = [
  x => [core.relu, core.sigmoid, core.softplus, core.gelu, core.selu, core.swish, core.cbrt, core.square].map(fn => () => fn(x)),
  x => x.shape.flatMap((_, axis) => [() => core.softmax(x, { axis }), () => core.logSoftmax(x, { axis })]),
  x => x.shape.flatMap((extent, axis) => [() => core.cumsum(x, { axis }), ...(extent === 0 ? [] : [() => core.logsumexp(x, { axis, keepdims: true })])]),
  x => (x.ndim === 0 || x.size === 0 ? [] : [() => core.linear(x, weights(x), core.arange(3, null, 1, { ctx: x.context })), () => core.linear(x, weights(x))]),
  x => (x.ndim === 0 || x.size === 0 ? [] : [() => core.layerNorm(x, ones(x), ones(x))]),
  x => (x.ndim < 3 ? [] : [() => core.groupNorm(x, core.ones([x.shape[1]!], { ctx: x.context }), core.zeros([x.shape[1]!], { ctx: x.context }))]),
]

const ones = (x: NDArray): NDArray => core.ones([x.shape.at(-1)!], { ctx: x.context })
const weights = (x: NDArray): NDArray => core.linspace(-1, 1, 3 * x.shape.at(-1)!, { ctx: x.context }).reshape(3, -1)

/** A call with arrays of some shapes. */
interface Call {
  readonly shapes: readonly (readonly number[])[]
  run(inputs: readonly NDArray[]): NDArray
}

const IMAGE = [2, 4, 7, 6]
const positions = (x: NDArray, ...values: number[]): NDArray => core.array(values, { dtype: 'int32', ctx: x.context })
const unary = (...all: readonly ((x: NDArray) => NDArray)[]): Call[] => all.map(fn => ({ shapes: [[3, 4]], run: ([x]) => fn(x!) }))

/** The gradient of a call to one of its inputs, so that what only gradients ask for is recorded as well. */
const slope = (call: Call['run'], of: number): Call['run'] => inputs => core.autograd.grad(call(inputs), [inputs[of]!], { createGraph: true })[0]!

const HOW = { learningRate: 0.1, rescaleGrad: 0.5 }

/** Functions of three arrays of one shape: steps of optimizers, and gradients of activations. */
const STEPS: readonly ((w: NDArray, g: NDArray, state: NDArray) => NDArray)[] = [
  ...[HOW, { ...HOW, wd: 0.1 }, { ...HOW, wd: 0.1, clipGradient: 0.2 }].flatMap(how => [
    (w: NDArray, g: NDArray) => core.sgdStep(w, g, how), (w: NDArray, g: NDArray, s: NDArray) => core.sgdVelocity(w, g, s, { ...how, momentum: 0.9 }),
    (w: NDArray, g: NDArray, s: NDArray) => core.adamMean(w, g, s, { ...how, beta: 0.9 }), (w: NDArray, g: NDArray, s: NDArray) => core.adamSquare(w, g, s, { ...how, beta: 0.9 }),
  ]),
  (w, g, s) => core.nagStep(w, g, s, { momentum: 0.9 }), (w, g, s) => core.adamStep(w, g, s, { rate: 0.1, epsilon: 1e-3 }), (w, g, s) => core.adamStep(w, g, s, { rate: 0.1, epsilon: 1e-3, decay: 0.1 }),
  (w, g) => core.reluGradient(w, g), (w, g) => core.sigmoidGradient(w, g), (w, g) => core.tanhGradient(w, g),
]

/** `tanh(a b) + b`. */
const CHAIN: ElementwiseProgram = { inputs: ['float32', 'float32'], steps: [{ kind: 'mul', of: [0, 1] }, { kind: 'tanh', of: [2] }, { kind: 'add', of: [3, 1] }] }

/** Calls whose inputs have other shapes each; where the golden cases have the operation, with other options. */
const CALLS: readonly Call[] = [
  ...unary(core.degrees, core.radians, x => core.round(x, 1), core.softsign, x => core.elu(x), x => core.hardSigmoid(x), x => core.leakyRelu(x), core.reciprocal, core.log2, core.log10, core.rsqrt),
  ...unary(x => core.clip(x, -0.5, 0.5), x => core.sum(x), x => core.mean(x, { axis: 0 }), x => core.variance(x, { axis: 1 }), x => core.std(x), x => core.norm(x), core.copy, x => core.trace(x), x => core.diagonal(x)),
  ...unary(x => core.split(x, 2, { axis: 1 })[1]!, x => core.sort(x), x => core.topk(x, { k: 2 }).values, x => core.tril(x), x => core.triu(x), x => core.tile(x, 2), x => core.repeat(x, 2), x => core.roll(x, 1), x => core.flip(x, 0)),
  ...unary(x => core.pad(x, 1, { mode: 'reflect' }), x => core.mul(x, core.astype(core.isnan(x), 'float32')), x => core.diag(core.reshape(x, [12])), x => core.gatherNd(x, positions(x, 0, 2).reshape(1, 2)), x => core.pick(x, positions(x, 0, 2, 1))),
  ...unary(x => core.takeAlongAxis(x, positions(x, 0, 2, 1).reshape(3, 1)), x => core.embedding(positions(x, 1, 1), x), x => core.scatterNd(x, positions(x, 0, 2, 1).reshape(1, 3), [4, 4]), x => core.ifft(core.reshape(x, [6, 2]))),
  { shapes: [[2, 3], [3, 2]], run: ([a, b]) => core.dot(a!, b!) }, { shapes: [[2, 3], [3, 2]], run: ([a, b]) => core.tensordot(a!, b!, 1) },
  { shapes: [[2, 3], [3, 2]], run: ([a, b]) => core.einsum('ij,jk->ki', a!, b!) }, { shapes: [[3], [2]], run: ([a, b]) => core.outer(a!, b!) },
  { shapes: [[2, 3], [2, 3]], run: ([a, b]) => core.stack([a!, b!], { axis: 1 }) }, { shapes: [[2, 3], [3]], run: ([a, b]) => core.hypot(a!, b!) }, { shapes: [[2, 3], [3]], run: ([a, b]) => core.prelu(a!, b!) },
  { shapes: [IMAGE, [6, 2, 3, 2], [6]], run: ([x, w, b]) => core.convolution(x!, w!, b!, { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 }) },
  { shapes: [IMAGE, [3, 4, 1, 1]], run: ([x, w]) => core.convolution(x!, w!) },
  { shapes: [IMAGE, [4, 3, 3, 2], [6]], run: ([x, w, b]) => core.convolutionTranspose(x!, w!, b!, { stride: [2, 3], padding: 1, outputPadding: [1, 4], groups: 2 }) },
  { shapes: [IMAGE], run: ([x]) => core.maxPool(x!, { kernel: [3, 2], stride: 2, padding: 1, ceilMode: true }) },
  { shapes: [IMAGE], run: ([x]) => core.avgPool(x!, { kernel: [3, 2], stride: 2, padding: 1, ceilMode: true, countIncludePad: false }) },
  { shapes: [IMAGE], run: ([x]) => core.globalAvgPool(x!) }, { shapes: [IMAGE], run: ([x]) => core.globalMaxPool(x!) },
  { shapes: [IMAGE, [4], [4]], run: ([x, g, b]) => core.batchNormTraining(x!, g!, b!).output }, { shapes: [[8, 3], [3], [3]], run: ([x, g, b]) => core.batchNormTraining(x!, g!, b!, { axis: -1 }).output },
  { shapes: [IMAGE, [4], [4]], run: ([x, g, b]) => core.batchNorm(x!, g!, b!, core.zeros([4], { ctx: x!.context }), core.full([4], 2, { ctx: x!.context })) },
  { shapes: [IMAGE, [4], [4]], run: ([x, g, b]) => core.instanceNorm(x!, g!, b!) }, { shapes: [IMAGE, [7], [7]], run: ([x, g, b]) => core.layerNorm(x!, g!, b!, { axis: 2 }) },
  { shapes: [[2, 5, 3], [4, 3], [4]], run: ([x, w, b]) => core.linear(x!, w!, b!) },
  { shapes: [[3, 4], [4]], run: ([a, b]) => core.elementwise(CHAIN, [a!, b!]) },
  ...[[5, 7], [2, 3, 4], [300, 10]].map((shape): Call => ({ shapes: [shape], run: ([x]) => core.softmaxCrossEntropy(x!, core.mod(core.arange(0, x!.size / x!.shape.at(-1)!, 1, { ctx: x!.context }), x!.shape.at(-1)!)) })),
  // Its gradient, recorded.
  { shapes: [[3, 4]], run: ([x]) => core.autograd.grad(core.softmaxCrossEntropy(x!, positions(x!, 1, 0, 3)), x!, { createGraph: true })[0]! },
  ...[[3, 4], [1031]].flatMap((shape): Call[] => STEPS.map(run => ({ shapes: [shape, shape, shape], run: ([w, g, s]) => run(core.sub(w!, 1), core.sub(g!, 1), s!) }))),
  ...[0, 1].map((of): Call => ({ shapes: [IMAGE, [6, 2, 3, 2]], run: slope(([x, w]) => core.square(core.convolution(x!, w!, null, { stride: [2, 1], padding: [1, 2], groups: 2 })), of) })),
  ...[core.maxPool, core.avgPool].map((pool): Call => ({ shapes: [IMAGE], run: slope(([x]) => core.square(pool(x!, { kernel: [3, 2], stride: 2, padding: 1 })), 0) })),
]

/** The output of a call, and the gradients of its weighted sum. */
function differentiated(call: (inputs: readonly NDArray[]) => NDArray, inputs: readonly NDArray[]): Parts<NDArray> {
  for (const input of inputs) input.attachGrad('null')
  const output = core.autograd.record(() => call(inputs))
  // Weighted, since the elements of a softmax always sum to 1.
  const head = core.autograd.record(() => output.mul(core.linspace(1, 2, output.size, { ctx: output.context }).reshape(output.shape)))
  return { outputs: [output], gradients: core.autograd.grad(head, inputs), second: [] }
}

function calls(): Probe[] {
  return CALLS.map(({ shapes, run }, i) => ({
    name: `call ${i} with ${shapes.map(core.formatShape).join(' and ')}`,
    run: context => core.scope(() => {
      // Above 0, so that all functions take them, and no two alike, so that an extreme is one element.
      const inputs = shapes.map((shape, at) => onContext(context, Array.from({ length: core.sizeOf(shape) }, (_, k) => 0.25 + (((k + at) * 37) % 101) / 64 + k / 4096), shape, 'float32'))
      return differentiated(run, inputs)
    }),
  }))
}

function variants(): Probe[] {
  const values = (shape: readonly number[]): number[] => Array.from(randomFrom(shape.length).values('float32', shape) as Float32Array)
  const inputs = [...SHAPES.map(shape => [shape, values(shape)] as const), [[SPECIAL.length], SPECIAL] as const, [[SPECIAL.length, 1], SPECIAL] as const]
  return inputs.flatMap(([shape, data]) => VARIANTS.map((vary, i) => ({
    name: `probe ${i} of ${core.formatShape(shape)}`,
    run(context: Context): Parts<NDArray> {
      const input = (): NDArray => onContext(context, data, shape, 'float32')
      const count = core.scope(() => vary(input()).length)
      const all = Array.from({ length: count }, (_, k) => core.scope(() => differentiated(([x]) => vary(x!)[k]!(), [input()])))
      return { outputs: all.flatMap(({ outputs }) => outputs), gradients: all.flatMap(({ gradients }) => gradients), second: [] }
    },
  })))
}

function probes(): Probe[] {
  const golden = goldenCases.filter(({ op }) => op in FUNCTIONS).map(test => ({ name: test.id, run: (context: Context) => runGolden(test, 'float32', context) }))
  return [...golden, ...calls(), ...variants()]
}

/** The device, with a note of whether the override was called for something that is recorded. */
function noting(device: Device, name: string): { device: Device; recorded: boolean } {
  const run = device.overrides![name]!
  const override: Override = (inputs, attributes, out) => {
    if (core.autograd.isRecording() && inputs.some(x => (x as unknown as NDArray).node !== null)) noted.recorded = true
    return run(inputs, attributes, out)
  }
  const overrides = { ...device.overrides, [name]: override }
  const noted = { device: new Proxy(device, { get: (target, key) => (key === 'overrides' ? overrides : Reflect.get(target, key, target) as unknown) }), recorded: false }
  return noted
}

/** What a probe gives where everything is composed, and the overrides that core would have taken; null where the device refuses it. */
type Composed = { readonly asked: ReadonlySet<string>; readonly parts: Parts<{ readonly shape: readonly number[]; readonly values: readonly number[] }> } | null

/** Compositions are the same for every override, so each is computed once a device. */
const compositions = new WeakMap<Device, Map<string, Composed>>()

/** Runs a probe; null where what decides on the host is refused because reads are late. */
async function attempt<T>(device: Device, probe: Probe, overrides: (name: string) => boolean, body: (parts: Parts<Result>, used: readonly string[], asked: ReadonlySet<string>) => T): Promise<T | null> {
  return onDevice(device, async ({ context, watched }) => {
    const parts = probe.run(context)
    const [used, asked] = [watched.taken(), new Set(watched.asked)]
    return body(await readParts(parts), used, asked)
  }, overrides).catch((error: unknown) => {
    if (!device.capabilities.syncRead && error instanceof core.NotImplementedError) return null
    throw error
  })
}

async function composedOn(device: Device, probe: Probe): Promise<Composed> {
  let known = compositions.get(device)
  if (known === undefined) compositions.set(device, (known = new Map()))
  const found = known.get(probe.name)
  if (found !== undefined) return found
  const numbers = (results: readonly Result[]): { shape: readonly number[]; values: number[] }[] =>
    results.map(({ shape, data }) => ({ shape, values: Array.from(data as ArrayLike<number>) }))
  const composed = await attempt(device, probe, () => false, ({ outputs, gradients, second }, _, asked) => (
    { asked, parts: { outputs: numbers(outputs), gradients: numbers(gradients), second: numbers(second) } }))
  known.set(probe.name, composed)
  return composed
}

async function compareOverride(device: Device, name: string, tolerance: Tolerance): Promise<void> {
  let called = false
  const noted = noting(device, name)
  for (const probe of probes()) {
    const composed = await composedOn(device, probe)
    if (composed === null || !composed.asked.has(name)) continue
    const withOverride = await attempt(noted.device, probe, entry => entry === name, (parts, used) => (used.includes(`override ${name}`) ? parts : null))
    if (withOverride === null) continue
    called = true
    compareParts(withOverride, composed.parts, `override ${name} against the composition, ${probe.name}`, tolerance)
  }
  if (!called) throw new Error(`no operation of core asked for the override ${name}: is it the name of one?`)
  if (!noted.recorded) throw new Error(`the override ${name} was never asked for while recording, so that its gradients were not compared`)
}

/** Each override against the composition that it stands for. */
export function overrideCases({ add, tolerance, overrides }: Kit): void {
  for (const name of overrides) {
    add(`override ${name} gives what the composition gives`, BASE, device => compareOverride(device, name, ofOperation(tolerance('float32'))), { syncRead: name === 'fft' })
  }
}
