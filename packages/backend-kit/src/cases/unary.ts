import type { DType, UnaryKind } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, formatInput, input, list } from '../program.ts'
import type { Input, Program } from '../program.ts'
import type { Values } from '../reference/values.ts'
import { as, extremes, floatDTypes, integerDTypes } from './dtypes.ts'

/** Values from mathematics, computed to 40 digits and rounded to double: pairs of an argument and its function. */
const KNOWN: Readonly<Partial<Record<UnaryKind, readonly (readonly [number, number])[]>>> = {
  exp: [[0.5, 1.6487212707001282], [1, 2.718281828459045], [2, 7.38905609893065]],
  expm1: [[0.5, 0.6487212707001282], [1, 1.7182818284590453], [2, 6.38905609893065]],
  log: [[0.5, -0.6931471805599453], [2, 0.6931471805599453], [10, 2.302585092994046]],
  log1p: [[0.5, 0.4054651081081644], [1, 0.6931471805599453], [2, 1.0986122886681098]],
  sqrt: [[0.5, 0.7071067811865476], [1, 1], [2, 1.4142135623730951]],
  sin: [[0.5, 0.479425538604203], [1, 0.8414709848078965], [2, 0.9092974268256817]],
  cos: [[0.5, 0.8775825618903728], [1, 0.5403023058681398], [2, -0.4161468365471424]],
  tan: [[0.5, 0.5463024898437905], [1, 1.5574077246549023], [2, -2.185039863261519]],
  asin: [[-0.5, -0.5235987755982989], [0.25, 0.25268025514207865], [0.75, 0.848062078981481]],
  acos: [[-0.5, 2.0943951023931957], [0.25, 1.318116071652818], [0.75, 0.7227342478134157]],
  atan: [[0.5, 0.4636476090008061], [1, 0.7853981633974483], [2, 1.1071487177940904]],
  sinh: [[0.5, 0.5210953054937474], [1, 1.1752011936438014], [2, 3.6268604078470186]],
  cosh: [[0.5, 1.1276259652063807], [1, 1.5430806348152437], [2, 3.7621956910836314]],
  tanh: [[0.5, 0.46211715726000974], [1, 0.7615941559557649], [2, 0.9640275800758169]],
  asinh: [[0.5, 0.48121182505960347], [1, 0.881373587019543], [2, 1.4436354751788103]],
  acosh: [[1, 0], [1.5, 0.9624236501192069], [3, 1.762747174039086]],
  atanh: [[-0.5, -0.5493061443340549], [0.25, 0.25541281188299536], [0.75, 0.9729550745276566]],
  erf: [[0.25, 0.27632639016823696], [1, 0.8427007929497149], [-2, -0.9953222650189527], [3.5, 0.9999992569016276]],
}

const ORDINARY = [-3.7, -2.5, -1.2, -0.6, -0.1, 0.05, 0.3, 0.475, 0.9, 1, 1.7, 2.4, 3.9]
const POSITIVE = [1e-6, 0.004, 0.3, 0.9, 1, 1.7, 20, 3e5, 2e9]
const WITHIN_ONE = [-0.99, -0.6, -0.1, 0, 0.05, 0.3, 0.9, 1]
const TIES = [-3.5, -2.5, -1.5, -0.5, -0.3, 0, 0.3, 0.49999997, 0.5, 1.5, 2.5, 3.5, 3.7, -3.7, 8388609, -8388609, 1e10]
const DOMAIN: Readonly<Partial<Record<UnaryKind, Values>>> = {
  exp: [-20, -3.7, -0.1, 0, 0.3, 1, 10, 20],
  log: POSITIVE, sqrt: [0, ...POSITIVE], log1p: [-0.9, -0.1, ...POSITIVE],
  asin: WITHIN_ONE, acos: WITHIN_ONE, atanh: WITHIN_ONE.slice(0, -1), acosh: [1, 1.01, 1.5, 3, 20, 3e5],
  floor: TIES, ceil: TIES, rint: TIES, trunc: TIES,
}
/** Those whose result is exact, or a rounding of nothing. */
const EXACT: readonly UnaryKind[] = ['neg', 'abs', 'sign', 'floor', 'ceil', 'rint', 'trunc']
/** Those that behave like their argument near 0, where a detour through 1 loses it. */
const LINEAR: readonly UnaryKind[] = ['expm1', 'log1p', 'sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'asinh', 'atanh']
const KINDS: readonly UnaryKind[] = [...EXACT, 'exp', 'log', 'sqrt', 'cos', 'acos', 'cosh', 'acosh', 'erf', ...LINEAR]

/** A program that applies a kind to an input. */
export function applyUnary(kind: UnaryKind, x: Input): Program {
  return { label: `unary ${kind} of ${formatInput(x)}`, inputs: [x], out: x, call: (kernels, a) => kernels.unary(kind, a!, x) }
}

function floatCases({ add, tolerance }: Kit, dtype: DType): void {
  const loose = tolerance(dtype)
  for (const kind of KINDS) {
    const comparison = EXACT.includes(kind) ? {} : { tolerance: loose }
    const domain = list(dtype, DOMAIN[kind] ?? ORDINARY)
    add(`unary ${kind} ${dtype}`, dtype, async device => {
      await expectReference(device, applyUnary(kind, domain), comparison)
      await expectReference(device, applyUnary(kind, input(dtype, [2, 3], Array.from(domain.data as Float64Array).slice(0, 6))), comparison)
      await expectReference(device, applyUnary(kind, input(dtype, [], [0.75])), comparison)
      await expectReference(device, applyUnary(kind, input(dtype, [3, 0], [])), comparison)
    })
    add(`unary ${kind} ${dtype} special values`, dtype, async device => {
      // Also what lies outside of the domain of log, sqrt, asin and their like.
      await expectReference(device, applyUnary(kind, list(dtype, [NaN, 0, -1, 1])), { tolerance: loose })
      // sin, cos and tan of infinity are NaN; whatever overflows does so for both dtypes.
      await expectReference(device, applyUnary(kind, list(dtype, [Infinity, -Infinity])), { tolerance: loose })
    })
    const known = KNOWN[kind]
    if (known !== undefined) {
      add(`unary ${kind} ${dtype} known values`, dtype, device =>
        expectElements(device, applyUnary(kind, list(dtype, known.map(([x]) => x))), known.map(([, y]) => y), { tolerance: loose }))
    }
  }
  for (const kind of LINEAR) {
    add(`unary ${kind} ${dtype} near 0`, dtype, device =>
      expectReference(device, applyUnary(kind, list(dtype, [1e-7, -1e-7, 3e-10, -0])), { tolerance: { ...loose, atol: 0 } }))
  }
  add(`unary erf ${dtype} near 0`, dtype, device =>
    // 2/sqrt(pi) times 1e-9 and 3e-10, whose cubes no longer count.
    expectElements(device, applyUnary('erf', list(dtype, [1e-9, -3e-10])), [1.1283791670955126e-9, -3.385137501286538e-10], { tolerance: { ...loose, atol: 0 } }))
  add(`unary negative zero ${dtype}`, dtype, async device => {
    const zeros = list(dtype, [0, -0])
    await expectElements(device, applyUnary('neg', zeros), [-0, 0], { signedZero: true })
    await expectElements(device, applyUnary('abs', zeros), [0, 0], { signedZero: true })
    for (const kind of ['floor', 'ceil', 'rint', 'trunc', 'sqrt'] as const) {
      await expectElements(device, applyUnary(kind, zeros), [0, -0], { signedZero: true })
    }
    await expectElements(device, applyUnary('rint', list(dtype, [-0.3, -0.5, 0.5])), [-0, -0, 0], { signedZero: true })
    await expectElements(device, applyUnary('ceil', list(dtype, [-0.5])), [-0], { signedZero: true })
    await expectElements(device, applyUnary('trunc', list(dtype, [-0.5])), [-0], { signedZero: true })
  })
}

/** Every unary kind in every dtype that it comes in. */
export function unaryCases(kit: Kit): void {
  for (const dtype of floatDTypes) floatCases(kit, dtype)
  for (const dtype of integerDTypes) {
    for (const kind of ['neg', 'abs', 'sign'] as const) {
      kit.add(`unary ${kind} ${dtype}`, dtype, async device => {
        await expectReference(device, applyUnary(kind, list(dtype, as(dtype, [0, 1, -1, 5, -5, 100, ...extremes(dtype)]))))
        await expectReference(device, applyUnary(kind, input(dtype, [0, 2], [])))
      })
    }
  }
}
