import * as core from '@ashlar/core'
import type { Context, Device, NDArray } from '@ashlar/core'
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

/** The output of a call, and the gradient of its sum. */
function differentiated(call: (x: NDArray) => NDArray, x: () => NDArray): Parts<NDArray> {
  return core.scope(() => {
    const input = x()
    input.attachGrad('null')
    const output = core.autograd.record(() => call(input))
    // Weighted, since the elements of a softmax always sum to 1.
    const head = core.autograd.record(() => output.mul(core.linspace(1, 2, output.size, { ctx: output.context }).reshape(output.shape)))
    return { outputs: [output], gradients: core.autograd.grad(head, [input]), second: [] }
  })
}

function variants(): Probe[] {
  const values = (shape: readonly number[]): number[] => Array.from(randomFrom(shape.length).values('float32', shape) as Float32Array)
  const inputs = [...SHAPES.map(shape => [shape, values(shape)] as const), [[SPECIAL.length], SPECIAL] as const, [[SPECIAL.length, 1], SPECIAL] as const]
  return inputs.flatMap(([shape, data]) => VARIANTS.map((vary, i) => ({
    name: `probe ${i} of ${core.formatShape(shape)}`,
    run(context: Context): Parts<NDArray> {
      const input = (): NDArray => onContext(context, data, shape, 'float32')
      const count = core.scope(() => vary(input()).length)
      const all = Array.from({ length: count }, (_, k) => differentiated(x => vary(x)[k]!(), input))
      return { outputs: all.flatMap(({ outputs }) => outputs), gradients: all.flatMap(({ gradients }) => gradients), second: [] }
    },
  })))
}

function probes(): Probe[] {
  const golden = goldenCases.filter(({ op }) => op in FUNCTIONS).map(test => ({ name: test.id, run: (context: Context) => runGolden(test, 'float32', context) }))
  return [...golden, ...variants()]
}

async function compareOverride(device: Device, name: string, tolerance: Tolerance): Promise<void> {
  let called = false
  for (const probe of probes()) {
    const attempt = async (on: boolean): Promise<Parts<Result> | null> => onDevice(device, async ({ context, watched }) => {
      const parts = probe.run(context)
      const used = watched.taken().includes(`override ${name}`)
      const result = await readParts(parts)
      return used || !on ? result : null
    }, entry => on && entry === name)
    const withOverride = await attempt(true)
    if (withOverride === null) continue
    called = true
    const composed = await attempt(false)
    const numbers = (results: readonly Result[]): { shape: readonly number[]; values: number[] }[] =>
      results.map(({ shape, data }) => ({ shape, values: Array.from(data as ArrayLike<number>) }))
    const expected = { outputs: numbers(composed!.outputs), gradients: numbers(composed!.gradients), second: numbers(composed!.second) }
    compareParts(withOverride, expected, `override ${name} against the composition, ${probe.name}`, tolerance)
  }
  if (!called) throw new Error(`no operation of core asked for the override ${name}: is it the name of one?`)
}

/** Each override against the composition that it stands for. */
export function overrideCases({ add, tolerance, overrides }: Kit): void {
  for (const name of overrides) {
    add(`override ${name} gives what the composition gives`, BASE, device => compareOverride(device, name, ofOperation(tolerance('float32'))), { syncRead: name === 'fft' })
  }
}
