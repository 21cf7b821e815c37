import { DTYPES, sizeOf } from '@ashlar/core'
import type { DType, Shape } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { DEVIATIONS } from '../src/deviations.ts'
import type { Deviation } from '../src/deviations.ts'
import type { Engine } from '../src/engine.ts'
import type { TensorInfo } from '../src/tfjs.ts'
import { testEngines } from './engines.ts'
import { NO_NATIVE } from './native.ts'

type Numbers = readonly number[]
type Input = readonly [values: Numbers, dtype?: DType, shape?: Shape]
type Bare = (kernel: string, inputs: Readonly<Record<string, Input>>, attrs?: Readonly<Record<string, unknown>>) => number[]

/** Runs one kernel of tfjs as it is. */
function bareKernels(engine: Engine): Bare {
  return (kernel, inputs, attrs = {}) => {
    const result = engine.run(steps => {
      const tensors = Object.entries(inputs).map(([name, [values, dtype = 'float32', shape = [values.length]]]) => {
        const data = new DTYPES[dtype].array(values)
        return [name, steps.constant(data, shape, dtype)] as const
      })
      return steps.call(kernel, Object.fromEntries(tensors), attrs)
    })
    const { info } = result
    const values = Array.from(engine.read(info, { shape: info.shape, dtype: info.dtype, size: sizeOf(info.shape) }) as Float32Array)
    engine.dispose(info)
    return values
  }
}

const refuses = (run: () => unknown): boolean => {
  try {
    run()
    return false
  } catch {
    return true
  }
}
const far = (actual: number | undefined, expected: number): boolean => Math.abs(actual! / expected - 1) > 1e-5
const ints = (...values: number[]): Input => [values, 'int32']

/** Whether a kernel still deviates; nothing where finding out would do harm, or is a question of speed. */
const PROBES: Readonly<Record<Deviation, ((bare: Bare, engine: Engine) => boolean) | undefined>> = {
  'sign-nan': bare => !Number.isNaN(bare('Sign', { x: [[NaN]] })[0]),
  'abs-int': bare => bare('Abs', { x: ints(2147483647) })[0] !== 2147483647,
  'neg-int': bare => bare('Neg', { x: ints(2147483647) })[0] !== -2147483647,
  'round-zero': bare => Object.is(bare('Round', { x: [[-0.5]] })[0], 0),
  'erf': bare => far(bare('Erf', { x: [[1e-9]] })[0], 1.1283791670955126e-9),
  'log1p': bare => far(bare('Log1p', { x: [[1e-7]] })[0], 1e-7),
  'sin': bare => far(bare('Sin', { x: [[-1e-7]] })[0], -1e-7),
  'multiply-int': bare => bare('Multiply', { a: ints(123456789), b: ints(987654321) })[0] !== -67153019,
  'pow': bare => Number.isNaN(bare('Pow', { a: [[1]], b: [[NaN]] })[0]),
  'pow-int': bare => refuses(() => bare('Pow', { a: ints(2), b: ints(-1) })) || bare('Pow', { a: ints(3), b: ints(2147483647) })[0] !== -1431655765,
  'mod-int': bare => refuses(() => bare('Mod', { a: ints(5), b: ints(0) })),
  'mod-infinity': bare => Number.isNaN(bare('Mod', { a: [[1]], b: [[-Infinity]] })[0]),
  'maximum-nan': bare => !Number.isNaN(bare('Maximum', { a: [[0]], b: [[NaN]] })[0]),
  'compare-bool': bare => refuses(() => bare('Less', { a: [[0], 'bool'], b: [[1], 'bool'] })),
  'select-bool': undefined,
  'cast-bool': bare => bare('Cast', { x: ints(256) }, { dtype: 'bool' })[0] !== 1,
  'cast-wider': (_, engine) => {
    let rounded = false
    const { info } = engine.run(steps => {
      const y = steps.call('Cast', { x: steps.constant(Int32Array.of(16777217), [1], 'int32') }, { dtype: 'float32' })
      rounded = engine.backend.readSync(y.dataId) instanceof Float32Array
      return y
    })
    engine.dispose(info)
    return !rounded
  },
  'pad-nan': undefined,
  'pad-int': bare => bare('PadV2', { x: ints(1) }, { paddings: [[0, 1]], constantValue: 16777217 })[1] !== 16777217,
  'prod-int': bare => bare('Prod', { x: ints(123456789, 987654321, 3) }, { axis: [0], keepDims: false })[0] !== Math.imul(-67153019, 3),
  'arg-nan': bare => bare('ArgMax', { x: [[1, NaN, Infinity]] }, { axis: 0 })[0] !== 1,
  'matmul-int': bare => {
    const x: Input = [[2147483647], 'int32', [1, 1, 1]]
    const product = (): number[] => bare('BatchMatMul', { a: x, b: x }, { transposeA: false, transposeB: false })
    return refuses(product) || product()[0] !== 1
  },
  'matmul-cached': (_, engine) => {
    const { info } = engine.run(steps => {
      const b = steps.constant(Float32Array.of(1, 2), [1, 2, 1], 'float32')
      const product = (left: Shape, right: Shape): TensorInfo =>
        steps.call('BatchMatMul', { a: steps.constant(Float32Array.of(1, 1), left, 'float32'), b: steps.view(b, right) }, { transposeA: false, transposeB: false })
      product([1, 1, 2], [1, 2, 1])
      return product([1, 2, 1], [1, 1, 2])
    })
    const product = Array.from(engine.read(info, { shape: [4], dtype: 'float32', size: 4 }) as Float32Array)
    engine.dispose(info)
    return product.join() !== '1,2,1,2'
  },
  'matmul-transposed': undefined,
}

const engines = await testEngines()

if (engines.length < 3) it('bare kernels of TensorFlow itself', ({ skip }) => skip(NO_NATIVE))

describe.each(engines)('bare kernels of tfjs on %s', (_, engine) => {
  const { name } = engine
  for (const [deviation, probe] of Object.entries(PROBES)) {
    it(`${DEVIATIONS[name].has(deviation as Deviation) ? 'deviate' : 'are right'}: ${deviation}`, ({ skip }) => {
      if (probe === undefined) return skip('a question of speed, or the kernel would spoil what comes after it')
      expect(probe(bareKernels(engine), engine)).toBe(DEVIATIONS[name].has(deviation as Deviation))
    })
  }
})
