/** What a kernel of gpu.js takes. Types of gpu.js itself refuse Float32Array, and export `input` as a type only. */
export type KernelArgument = number | Float32Array | Texture | GpujsInput

/** A host array of known extents, on its way to the device. */
export interface GpujsInput {
  readonly size: readonly number[]
}

/** A result that stays on the GPU: counted, and never collected, so it has to be deleted. A buffer of WebGPU reads asynchronously. */
export interface Texture {
  toArray(): Float32Array | Promise<Float32Array>
  delete(): void
  /** WebGL: the extents, in texels. */
  readonly size?: ArrayLike<number>
  /** WebGL: what a texel holds, one float or four. */
  readonly internalFormat?: number
  /** WebGL: what is freed when nobody counts on it any more. */
  readonly texture?: { readonly _refs?: number }
}

/** What is used of a rendering context. */
export interface GLContext {
  isContextLost(): boolean
  readonly FRAMEBUFFER: number
  readonly COLOR_ATTACHMENT0: number
  readonly TEXTURE_2D: number
  readonly RGBA: number
  readonly UNSIGNED_BYTE: number
  bindFramebuffer(target: number, framebuffer: unknown): void
  framebufferTexture2D(target: number, attachment: number, textureTarget: number, texture: unknown, level: number): void
  activeTexture(unit: number): void
  bindTexture(target: number, texture: unknown): void
  texImage2D(target: number, level: number, internal: number, width: number, height: number, border: number, format: number, type: number, data: null): void
}

/** The inside of a kernel, as gpu.js 2.24.1 has it. What WebGL kernels keep between launches is among it. */
export interface KernelInside {
  readonly constructor: { readonly mode?: string }
  /** gpu.js replaces the inside where it falls back to another mode, and says why. */
  readonly fallbackReason?: string | null
  /** Where the next result goes, unless somebody holds the latest one. */
  readonly texture?: { texture: object } | null
  readonly kernelArguments?: readonly { prevArg?: Texture | null; readonly texture?: unknown; readonly contextHandle?: number }[]
  readonly framebuffer?: unknown
  deleteTexture?(texture: object): void
  /** The same in mode webgpu: the latest result, and how many hold it. */
  outputBuffer?: { _refs: number } | null
}

/** A kernel. It is compiled at its first launch, for the types of the arguments then given. */
export interface GpujsKernel {
  /** In mode webgpu the promise of a result. */
  (...values: KernelArgument[]): Float32Array | Texture | Promise<Texture>
  setOutput(extents: readonly number[]): unknown
  readonly kernel: KernelInside
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
  readonly dynamicOutput: boolean
  readonly dynamicArguments: boolean
  readonly loopMaxIterations: number
}

/** One engine with a context of its own, which is there from its first kernel on. */
export interface GpujsEngine {
  createKernel(source: string, settings: KernelSettings): GpujsKernel
  readonly context?: GLContext | null
  readonly Kernel?: { readonly features?: { readonly maxTextureSize?: number } | null } | null
}

/** The package's exports, as far as they are used. */
export interface GpujsModule {
  readonly GPU: {
    new (settings: { mode: string }): GpujsEngine
    readonly isHeadlessGLSupported?: boolean
    readonly isWebGL2Supported?: boolean
    readonly isWebGLSupported?: boolean
    readonly isWebAssemblySupported?: boolean
    readonly isWebGPUSupported?: boolean
    isWebGPUAvailable?(): Promise<boolean>
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
