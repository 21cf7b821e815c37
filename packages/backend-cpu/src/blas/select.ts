import type { Engine, FloatType } from '../wasm/engine.ts'
import type { BlasHost, Library } from './library.ts'
import { AS_IT_LIES, ROW_MAJOR, TRANSPOSED } from './library.ts'

/** What became of the search for a native BLAS. */
export interface BlasReport {
  /** `used`; `off` by wish; `absent` where nothing was found or could be called; `refused` where all that was found failed a check. */
  readonly state: 'used' | 'off' | 'absent' | 'refused'
  /** The library's file, where one is used. */
  readonly path: string | null
  /** Its name, such as `OpenBLAS`, where one is used. */
  readonly library: string | null
  /** What was found wrong, a sentence each. */
  readonly problems: readonly string[]
}

/** A library in use, or none, and the report on it. */
export interface Selection {
  readonly library: Library | null
  readonly report: BlasReport
}

/**
 * Chooses a BLAS: the one that `ASHLAR_BLAS` names, else the first that the machine has. It has to live through a trial in
 * another process, since a library that crashes takes its process along, and then to multiply right in this one.
 */
export function selectBlas(host: BlasHost, engine: Engine, threads: number): Selection {
  const wanted = host.wanted === '' ? undefined : host.wanted
  if (wanted === 'off') return none('off', [])
  if (host.obstacle !== null) return none('absent', wanted === undefined ? [] : [`${wanted} cannot be used: ${host.obstacle}`])
  const problems: string[] = []
  for (const path of wanted === undefined ? host.candidates() : [wanted]) {
    try {
      const library = tried(host, path, engine, threads)
      return { library, report: { state: 'used', path, library: library.name, problems } }
    } catch (error) {
      problems.push(`${path} is not used: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return none(problems.length > 0 ? 'refused' : 'absent', problems)
}

function none(state: BlasReport['state'], problems: readonly string[]): Selection {
  return { library: null, report: { state, path: null, library: null, problems } }
}

function tried(host: BlasHost, path: string, engine: Engine, threads: number): Library {
  const failure = host.trial(path)
  if (failure !== null) throw new Error(failure)
  const library = host.open(path)
  library.setThreads?.(threads)
  for (const type of ['f32', 'f64'] as const) {
    if (!multipliesRight(library, type, engine)) throw new Error(`its ${type === 'f32' ? 'float32' : 'float64'} products are wrong`)
  }
  return library
}

/** Room for each side of the largest product. */
const SIDE_BYTES = 65536
/** Small ones have ragged edges, the large one is what libraries hand to their threads. */
const PRODUCTS = [[5, 7, 3], [1, 9, 4], [70, 40, 110]] as const

/** Compares products of whole numbers, which are exact whatever the order of summation, with the definition. */
function multipliesRight(library: Library, type: FloatType, engine: Engine): boolean {
  const base = library.address(engine.buffer)
  const FloatArray = type === 'f32' ? Float32Array : Float64Array
  const place = engine.heap.take(3 * SIDE_BYTES)
  if (place === 0) throw new Error('there is no memory to check it in')
  try {
    const side = (i: number, size: number): Float32Array | Float64Array => new FloatArray(engine.buffer as ArrayBuffer, place + i * SIDE_BYTES, size)
    return PRODUCTS.every(([m, k, n]) => {
      const [a, b, c] = [side(0, m * k), side(1, k * n), side(2, m * n + 1)]
      for (let i = 0; i < a.length; i++) a[i] = ((i * 7) % 11) - 5
      for (let i = 0; i < b.length; i++) b[i] = ((i * 5) % 13) - 6
      return [0, 1, 2, 3].every(form => {
        const [ta, tb] = [(form & 1) === 1, (form & 2) === 2]
        // What was there before must not matter, and what lies behind must stay.
        c.fill(NaN)
        library.gemm[type](
          ROW_MAJOR, ta ? TRANSPOSED : AS_IT_LIES, tb ? TRANSPOSED : AS_IT_LIES, m, n, k,
          1, base + a.byteOffset, ta ? m : k, base + b.byteOffset, tb ? k : n, 0, base + c.byteOffset, n,
        )
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let sum = 0
            for (let p = 0; p < k; p++) sum += a[ta ? p * m + i : i * k + p]! * b[tb ? j * k + p : p * n + j]!
            if (c[i * n + j] !== sum) return false
          }
        }
        return Number.isNaN(c[m * n])
      })
    })
  } finally {
    engine.heap.give(place, 3 * SIDE_BYTES)
  }
}
