import type { FloatType } from '../wasm/engine.ts'

/** How the functions of a BLAS are called: what stands around `cblas_sgemm`, and whether its integers have 64 bits. */
export interface Naming {
  readonly prefix: string
  readonly suffix: string
  readonly integer: 'int32' | 'int64'
}

/** The plain names, those of builds with 64-bit integers, and those under which NumPy and SciPy bundle OpenBLAS. */
export const NAMINGS: readonly Naming[] = [
  { prefix: '', suffix: '', integer: 'int32' },
  { prefix: '', suffix: '64_', integer: 'int64' },
  { prefix: 'scipy_', suffix: '64_', integer: 'int64' },
  { prefix: 'scipy_', suffix: '', integer: 'int32' },
]

/** The name of the product of two matrices. */
export function productName({ prefix, suffix }: Naming, type: FloatType): string {
  return `${prefix}cblas_${type === 'f32' ? 's' : 'd'}gemm${suffix}`
}

/** What sets the number of threads, by which the library is known as well. */
export const THREAD_SETTERS: readonly (readonly [symbol: string, library: string])[] = [
  ['openblas_set_num_threads', 'OpenBLAS'],
  ['openblas_set_num_threads64_', 'OpenBLAS'],
  ['scipy_openblas_set_num_threads64_', 'OpenBLAS'],
  ['scipy_openblas_set_num_threads', 'OpenBLAS'],
  ['MKL_Set_Num_Threads', 'MKL'],
  ['bli_thread_set_num_threads', 'BLIS'],
]

/** Files to look for, best first, by platform. A library that may be the slow reference BLAS under a general name is none of them. */
export const FILES: Readonly<Record<string, readonly string[]>> = {
  linux: ['libopenblas.so.0', 'libopenblas.so', 'libopenblas64_.so.0', 'libmkl_rt.so.2', 'libmkl_rt.so', 'libblis.so.4', 'libblis.so'],
  darwin: ['libopenblas.dylib'],
  win32: ['libopenblas.dll', 'openblas.dll', 'mkl_rt.2.dll'],
}

/** Where they are looked for, beside the folders that the environment names. */
export const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/local/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/opt/intel/oneapi/mkl/latest/lib'],
  darwin: ['/opt/homebrew/opt/openblas/lib', '/usr/local/opt/openblas/lib'],
  win32: [],
}

/** Part of macOS, and faster than any other BLAS there. It is no file: the system keeps it in a cache. */
export const ACCELERATE = '/System/Library/Frameworks/Accelerate.framework/Accelerate'
