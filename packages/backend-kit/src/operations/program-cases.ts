import { elementwise, formatShape, sizeOf } from '@ashlar/core'
import type { BinaryKind, CompareKind, DType, Device, ElementwiseProgram, ElementwiseStep, UnaryKind } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { compareElements } from '../program.ts'
import { binaryFunctions, compareFunctions, unaryFunctions } from '../reference/functions.ts'
import { BASE, ofOperation } from './golden-cases.ts'
import { onContext, onDevice } from './session.ts'

/** A program, its inputs, and what it has to give. */
interface Example {
  readonly label: string
  readonly program: ElementwiseProgram
  readonly inputs: readonly { readonly shape: readonly number[]; readonly values: readonly number[] }[]
  readonly shape: readonly number[]
  readonly expected: readonly number[]
  readonly dtype: DType
}

const vector = (values: readonly number[]): Example['inputs'][number] => ({ shape: [values.length], values })
const program = (inputs: readonly DType[], ...steps: readonly ElementwiseStep[]): ElementwiseProgram => ({ inputs, steps })

/** Whole eighths, which are exact, in the domain of a kind. */
function domainOf(kind: UnaryKind): readonly number[] {
  if (kind === 'asin' || kind === 'acos' || kind === 'atanh') return [-0.875, -0.25, 0.125, 0.5]
  if (kind === 'log' || kind === 'sqrt' || kind === 'log1p') return [0.125, 0.875, 1.25, 9]
  return kind === 'acosh' ? [1.125, 1.5, 4, 30] : [-2.375, -0.125, 0.5, 3.25]
}

/** Twice in a row where that stays in the domain: the second step reads what the first one wrote. */
function unaryExamples(): Example[] {
  return (Object.keys(unaryFunctions) as UnaryKind[]).map(kind => {
    const values = domainOf(kind)
    return {
      label: kind, inputs: [vector(values)], shape: [values.length], dtype: 'float32',
      program: program(['float32'], { kind, of: [0] }, { kind: 'neg', of: [1] }, { kind: 'add', of: [2, 0] }),
      expected: values.map(x => x - unaryFunctions[kind](x)),
    }
  })
}

const LEFT = [1.5, 2, 0.25, 3]
const RIGHT = [2.5, 2, 0.75, -1]

function pairExamples(): Example[] {
  const arithmetic = (Object.keys(binaryFunctions) as BinaryKind[]).map((kind): Example => ({
    label: kind, inputs: [vector(LEFT), vector(RIGHT)], shape: [4], dtype: 'float32',
    program: program(['float32', 'float32'], { kind, of: [0, 1] }, { kind: 'mul', of: [2, 2] }),
    expected: LEFT.map((a, i) => binaryFunctions[kind](a, RIGHT[i]!) ** 2),
  }))
  const whole = (['add', 'sub', 'mul', 'mod', 'pow', 'maximum', 'minimum'] as const).map((kind): Example => ({
    label: `${kind} int32`, inputs: [vector([7, -7, 2]), vector([3, 3, 5])], shape: [3], dtype: 'int32',
    program: program(['int32', 'int32'], { kind, of: [0, 1] }, { kind: 'neg', of: [2] }),
    expected: [[7, 3], [-7, 3], [2, 5]].map(([a, b]) => 0 - binaryFunctions[kind](a!, b!)),
  }))
  const comparisons = (Object.keys(compareFunctions) as CompareKind[]).map((kind): Example => ({
    label: kind, inputs: [vector([...LEFT, NaN]), vector([...RIGHT, NaN])], shape: [5], dtype: 'bool',
    program: program(['float32', 'float32'], { kind, of: [0, 1] }),
    expected: [...LEFT, NaN].map((a, i) => Number(compareFunctions[kind](a, [...RIGHT, NaN][i]!))),
  }))
  return [...arithmetic, ...whole, ...comparisons]
}

/** Ten steps and more, with everything that a step can be, on inputs that broadcast. */
function longExamples(): Example[] {
  const [matrix, row, column] = [[0.5, -1, 2, 0, 3, -0.25], [1, 2, -1], [2, 0.5]]
  const steps: readonly ElementwiseStep[] = [
    { kind: 'mul', of: [0, 1] }, { kind: 'add', of: [3, 2] }, { kind: 'tanh', of: [4] }, { kind: 'expm1', of: [5] }, { kind: 'exp', of: [6] },
    { kind: 'log1p', of: [7] }, { kind: 'sqrt', of: [8] }, { kind: 'sinh', of: [9] }, { kind: 'constant', of: [], value: 0.75, dtype: 'float32' },
    { kind: 'gt', of: [10, 11] }, { kind: 'where', of: [12, 10, 0] }, { kind: 'cast', of: [12], dtype: 'float32' }, { kind: 'sub', of: [13, 14] },
  ]
  const expected = matrix.map((x, i) => {
    const y = Math.sinh(Math.sqrt(Math.log1p(Math.exp(Math.expm1(Math.tanh(x * row[i % 3]! + column[Math.floor(i / 3)]!))))))
    return y > 0.75 ? y - 1 : x
  })
  const all: Example = {
    label: 'a long program that broadcasts', shape: [2, 3], dtype: 'float32', program: program(['float32', 'float32', 'float32'], ...steps), expected,
    inputs: [{ shape: [2, 3], values: matrix }, { shape: [3], values: row }, { shape: [2, 1], values: column }],
  }
  const truth = program(['float32', 'int32'],
    { kind: 'cast', of: [0], dtype: 'int32' }, { kind: 'maximum', of: [2, 1] }, { kind: 'cast', of: [3], dtype: 'bool' }, { kind: 'cast', of: [0], dtype: 'bool' }, { kind: 'minimum', of: [4, 5] })
  const inputs = (shape: readonly number[]): Example['inputs'] => [{ shape, values: new Array<number>(sizeOf(shape)).fill(1) }]
  // A comparison and a choice are no maximum: NaN stays.
  const rectified = program(['float32'], { kind: 'constant', of: [], value: 0, dtype: 'float32' }, { kind: 'lt', of: [0, 1] }, { kind: 'where', of: [2, 1, 0] })
  const least = program(['float32', 'float32'], { kind: 'gt', of: [0, 1] }, { kind: 'where', of: [2, 1, 0] })
  return [
    all,
    { label: 'a rectifier', inputs: [vector([-2, 0, 3, NaN])], shape: [4], dtype: 'float32', program: rectified, expected: [0, 0, 3, NaN] },
    { label: 'the lesser', inputs: [vector([-2, NaN, 3, 4]), vector([1, 1, NaN, 0])], shape: [4], dtype: 'float32', program: least, expected: [-2, NaN, 3, 0] },
    { label: 'truths', inputs: [vector([1.5, -0.5, 0, 2]), vector([0, 0, 1, -3])], shape: [4], dtype: 'bool', program: truth, expected: [1, 0, 0, 1] },
    ...[[], [0, 3]].map((shape): Example => ({ label: 'a constant', inputs: inputs(shape), shape, dtype: 'float32', program: program(['float32'], { kind: 'constant', of: [], value: 2.5, dtype: 'float32' }), expected: new Array<number>(sizeOf(shape)).fill(2.5) })),
  ]
}

async function check(device: Device, examples: readonly Example[], tolerance: { readonly rtol: number; readonly atol: number }): Promise<void> {
  for (const { label, program: steps, inputs, shape, expected, dtype } of examples) {
    const [result] = await onDevice(device, session =>
      session.run(() => [elementwise(steps, inputs.map((x, i) => onContext(session.context, x.values, x.shape, steps.inputs[i]!)))]))
    if (result!.dtype !== dtype || result!.shape.join() !== shape.join()) throw new Error(`program ${label}: got ${result!.dtype} ${formatShape(result!.shape)}, expected ${dtype} ${formatShape(shape)}`)
    compareElements(result!.data, expected, result!, `program ${label}`, { tolerance })
  }
}

/** Programs of element-wise steps, whether a backend runs them as one kernel or core takes the steps. */
export function programCases({ add, tolerance }: Kit): void {
  const within = ofOperation(tolerance('float32'))
  add('program of each unary kind', BASE, device => check(device, unaryExamples(), within))
  add('program of each kind of two', BASE, device => check(device, pairExamples(), within))
  add('program of many steps', BASE, device => check(device, longExamples(), within))
}
