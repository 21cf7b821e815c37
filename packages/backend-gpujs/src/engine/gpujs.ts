/** What a kernel of gpu.js takes. Types of gpu.js itself refuse Float32Array, and export `input` as a type only. */
export type KernelArgument = number | Float32Array | Texture | GpujsInput

/** A host array of known extents, on its way to the device. */
export interface GpujsInput {
  readonly size: readonly number[]
}

/** A result that stays on the GPU: counted, and never collected, so it has to be deleted. */
export interface Texture {
  toArray(): Float32Array
  delete(): void
}

/** A kernel. It is compiled at its first launch, for the types of the arguments then given. */
export interface GpujsKernel {
  (...values: KernelArgument[]): Float32Array | Texture
  setOutput(extents: readonly number[]): unknown
  /** What runs: gpu.js replaces it where it falls back to another mode, and says why. */
  readonly kernel: { readonly constructor: { readonly mode?: string }; readonly fallbackReason?: string | null }
}

/** A function that kernels call, with floats in and out. */
export interface HelperFunction {
  readonly source: string
  readonly settings: { readonly name: string; readonly argumentTypes: readonly string[]; readonly returnType: 'Number' }
}

/** The settings that are used here, of some forty. */
export interface KernelSettings {
  readonly output: readonly number[]
  readonly functions: readonly HelperFunction[]
  readonly precision: 'single'
  readonly tactic: 'precision'
  readonly pipeline: true
  readonly immutable: true
  readonly dynamicOutput: true
  readonly dynamicArguments: true
  readonly loopMaxIterations: number
}

/** One engine with a context of its own. */
export interface GpujsEngine {
  createKernel(source: string, settings: KernelSettings): GpujsKernel
}

/** The package's exports, as far as they are used. */
export interface GpujsModule {
  readonly GPU: {
    new (settings: { mode: string }): GpujsEngine
    readonly isHeadlessGLSupported?: boolean
    readonly isWebGL2Supported?: boolean
    readonly isWebGLSupported?: boolean
    readonly isWebAssemblySupported?: boolean
  }
  readonly input: (value: Float32Array, size: readonly number[]) => GpujsInput
}

/** Loads gpu.js: `() => import('gpu.js')` where a bundler has to see the import, or a stand-in in tests. */
export type LoadGpujs = () => Promise<unknown>

// The name stands in a variable so that neither compiler nor bundler wants the optional peer to be there.
const PACKAGE = 'gpu.js'

/** Loads the package that is installed. */
export const loadPackage: LoadGpujs = () => import(/* @vite-ignore */ PACKAGE)

/** Loads the package, however its CommonJS exports come out of an import. */
export async function loadGpujs(load: LoadGpujs): Promise<Partial<GpujsModule>> {
  const loaded = (await load()) as Partial<GpujsModule> & { default?: Partial<GpujsModule> }
  return loaded.GPU === undefined ? (loaded.default ?? {}) : loaded
}
