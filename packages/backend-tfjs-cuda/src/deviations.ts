import type { EngineName } from './engine.ts'

/**
 * Where a kernel of tfjs 4.22.0 gives something else than Ashlar asks of a backend. Each is mended where it is looked up, by other
 * kernels of tfjs or, where it says so, on the host. The tests call the bare kernels, and fail once tfjs mends one.
 */
export type Deviation =
  /** `Sign` of NaN is 0. */
  | 'sign-nan'
  /** `Abs` of int32 goes through float32, or gives a Float32Array. */
  | 'abs-int'
  /** `Neg` of int32 goes through float32. */
  | 'neg-int'
  /** `Round` of -0.5 is 0. */
  | 'round-zero'
  /** `Erf` is off by 1e-7, which is everything near 0: on the host. */
  | 'erf'
  /** `Log1p` is the logarithm of 1 + x: on the host. */
  | 'log1p'
  /** `Sin` is off by 2e-7, which is everything near 0: on the host. */
  | 'sin'
  /** `Multiply` of int32 multiplies doubles, which lose the low bits: on the host. */
  | 'multiply-int'
  /** `Pow` of 1 and NaN, and of -1 and infinity, is NaN: on the host. */
  | 'pow'
  /** `Pow` of int32 goes through floats, or refuses negative powers: on the host. */
  | 'pow-int'
  /** `Mod` of int32 by 0 traps or throws, and by -1 may. */
  | 'mod-int'
  /** `Mod` of a float by an infinity of the other sign is NaN: on the host. */
  | 'mod-infinity'
  /** `Maximum` and `Minimum` drop NaN: on the host. */
  | 'maximum-nan'
  /** Comparisons of bool other than equality are refused. */
  | 'compare-bool'
  /** `Select` of bool writes past its output. */
  | 'select-bool'
  /** `Cast` to bool takes the low byte. */
  | 'cast-bool'
  /** `Cast` to a wider dtype shares the narrower array. */
  | 'cast-wider'
  /** After `PadV2` with NaN, which it caches by value, `PadV2` pads with NaN whatever it is told. */
  | 'pad-nan'
  /** `PadV2` of int32 rounds its value to float32. */
  | 'pad-int'
  /** `Prod` of int32 multiplies doubles, which lose the low bits: on the host. */
  | 'prod-int'
  /** `ArgMax` and `ArgMin` pass over NaN. */
  | 'arg-nan'
  /** `BatchMatMul` of int32 is refused, or adds up doubles, which lose the low bits: on the host. */
  | 'matmul-int'
  /** `BatchMatMul` keeps a right operand's first shape by its data, and multiplies by that if it comes again in another. */
  | 'matmul-cached'
  /** `BatchMatMul` with a transposed operand is slow. */
  | 'matmul-transposed'

/** The deviations of each engine. */
export const DEVIATIONS: Readonly<Record<EngineName, ReadonlySet<Deviation>>> = {
  cpu: new Set([
    'sign-nan', 'abs-int', 'round-zero', 'erf', 'multiply-int', 'pow', 'pow-int', 'mod-infinity', 'cast-wider', 'prod-int', 'arg-nan', 'matmul-int',
  ] as const),
  wasm: new Set([
    'sign-nan', 'abs-int', 'neg-int', 'log1p', 'sin', 'pow-int', 'mod-int', 'mod-infinity', 'maximum-nan', 'select-bool', 'cast-bool', 'pad-nan', 'pad-int',
    'arg-nan', 'matmul-int', 'matmul-cached', 'matmul-transposed',
  ] as const),
  tensorflow: new Set(['pow-int', 'mod-int', 'compare-bool', 'arg-nan'] as const),
}
