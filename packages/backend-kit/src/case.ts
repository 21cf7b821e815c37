import type { Capabilities, DType, Device } from '@ashlar/core'
import type { Random } from './random.ts'

/** `|actual - expected| <= atol + rtol * |expected|` passes. */
export interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/** Tolerances by dtype; what is left out keeps its default (float32 1e-5 and 1e-6, float64 1e-12 and 1e-13, else exact). */
export type Tolerances = Readonly<Partial<Record<DType, Tolerance>>>

/** What a device has to declare, beside dtypes, for a case to apply. */
export interface Needs {
  /** Synchronous reads. */
  readonly syncRead?: boolean
  /** Whole numbers of int32 that are exact up to this magnitude. */
  readonly exactIntegers?: number
}

/** One thing that every backend has to do right. */
export interface KernelCase {
  /** Unique, and the same in every run: what a skip list names. */
  readonly name: string
  /** The dtypes that a device must declare for the case to apply. */
  readonly dtypes: readonly DType[]
  /** Whether a device that declares this has to pass. */
  appliesTo(capabilities: Capabilities): boolean
  /** Rejects with an error that says which kernel gave what in which place, if the device is wrong. */
  run(device: Device): Promise<void>
}

/** What {@link collectCases} takes. */
export interface CollectOptions {
  /** Overrides the tolerances with which floating-point results are compared. */
  readonly tolerance?: Tolerances
  /** Seed of the random shapes and values, an unsigned 32-bit number. */
  readonly seed?: number
  /** Names of overrides, each of which gets a case that compares it with its operation's composition. */
  readonly overrides?: readonly string[]
}

/** What a file of cases is given. */
export interface Kit {
  tolerance(dtype: DType): Tolerance
  readonly overrides: readonly string[]
  /** Adds a case. */
  add(name: string, dtypes: DType | readonly DType[], run: (device: Device) => Promise<void>, needs?: Needs): void
  /** Adds a case of random rounds. Its failures name the seed that brings them back. */
  fuzz(name: string, dtypes: DType | readonly DType[], rounds: number, run: (device: Device, random: Random) => Promise<void>): void
}

const DEFAULTS: Tolerances = { float32: { rtol: 1e-5, atol: 1e-6 }, float64: { rtol: 1e-12, atol: 1e-13 } }
const EXACT: Tolerance = { rtol: 0, atol: 0 }

/** The tolerance for a dtype: the caller's, the default, or none for integers and bool. */
export function toleranceOf(dtype: DType, given: Tolerances): Tolerance {
  return given[dtype] ?? DEFAULTS[dtype] ?? EXACT
}
