/** How every candidate, in whatever language, makes the same array: pseudo-random floats from `low` to `high`, or classes. */
export type Recipe =
  | { readonly shape: readonly number[]; readonly seed: number; readonly low: number; readonly high: number }
  | { readonly shape: readonly number[]; readonly seed: number; readonly classes: number }

/** Arrays by name. */
export type Recipes = Readonly<Record<string, Recipe>>

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** A hash of position and seed, from 0 to 1; `pytorch.py` has the same. */
function uniform(i: number, seed: number): number {
  let h = (Math.imul(i, 2654435761) + Math.imul(seed, 374761393)) >>> 0
  h = Math.imul(h ^ (h >>> 15), 739982445) >>> 0
  return ((h ^ (h >>> 12)) >>> 0) / 2 ** 32
}

/** Makes what a recipe says: float32, or int32 for classes. */
export function make(recipe: Recipe): Float32Array | Int32Array {
  const { shape, seed } = recipe
  const indices = sizeOf(shape)
  if ('classes' in recipe) return Int32Array.from({ length: indices }, (_, i) => Math.floor(uniform(i, seed) * recipe.classes))
  const out = new Float32Array(indices)
  for (let i = 0; i < indices; i++) out[i] = recipe.low + (recipe.high - recipe.low) * uniform(i, seed)
  return out
}

/** A float recipe's array. */
export function makeFloats(recipe: Recipe): Float32Array {
  return make(recipe) as Float32Array
}

/** The transpose of a matrix, for libraries whose layers keep their weights the other way around. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!
  return out
}

const SAMPLES = 64

/** Some entries from everywhere in a result: enough to tell that two candidates computed the same. */
export function sample(values: ArrayLike<number>): number[] {
  const count = Math.min(SAMPLES, values.length)
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]!)
}

/** The largest difference of two answers beyond which they disagree: 1e-3 of each entry, and 1e-5 of the largest one. */
export function disagreement(ours: readonly number[], theirs: readonly number[]): string | null {
  if (ours.length !== theirs.length) return `${theirs.length} numbers instead of ${ours.length}`
  const floor = 1e-5 * Math.max(...ours.map(Math.abs))
  const worst = ours.findIndex((value, i) => !(Math.abs(value - theirs[i]!) <= 1e-3 * Math.abs(value) + floor))
  return worst === -1 ? null : `${theirs[worst]} instead of ${ours[worst]} (entry ${worst} of the answer)`
}
