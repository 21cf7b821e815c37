import { AshlarError } from '@ashlar/core'

/**
 * What came of loading TensorFlow's binding: `gpu` it computes on a GPU; `cpu` it loaded and fell back to the CPU;
 * `not-installed`; `not-built` its install script did not run; `missing-library` libtensorflow or a CUDA library is absent;
 * `failed` anything else.
 */
export type BindingState = 'gpu' | 'cpu' | 'not-installed' | 'not-built' | 'missing-library' | 'failed'

/** What was found, and how to mend it. */
export interface BindingReport {
  readonly state: BindingState
  /** What was found, in a line. */
  readonly message: string
  /** How to get a GPU, in a line; empty where there is nothing to mend. */
  readonly hint: string
}

/** Imports a binding's package, as in `() => import('@tensorflow/tfjs-node-gpu')`. */
export type LoadBinding = () => Promise<unknown>

/** The packages with TensorFlow inside. */
export type NativeBinding = 'tfjs-node-gpu' | 'tfjs-node'

/** The binding that was asked for cannot be had. Its message is the report's. */
export class BindingError extends AshlarError {
  readonly report: BindingReport

  constructor(report: BindingReport, cause?: unknown) {
    super(report.message, { op: 'tfjsCuda', hint: report.hint, cause }, 'BindingError', 'ERR_BINDING')
    this.report = report
  }
}

/** What loading gave: a report, and the module where there is one. */
export interface LoadedBinding {
  readonly report: BindingReport
  readonly module?: unknown
  readonly error?: unknown
}

/** The part of tfjs's module that tells what it runs on. */
interface Binding {
  backend?(): { isUsingGpuDevice?: boolean }
  getBackend?(): string
}

/** The module itself: tfjs is CommonJS, so that what `import()` gives may have it as its default only. */
export function moduleOf<T extends object>(loaded: unknown, probe: keyof T): T {
  const module = loaded as T & { default?: T }
  return module[probe] === undefined ? (module.default ?? module) : module
}

/** The binding's import; the name stands in a variable so that neither compiler nor bundler wants the optional peer to be there. */
export function importOf(binding: NativeBinding): LoadBinding {
  const name = `@tensorflow/${binding}`
  return () => import(/* @vite-ignore */ name)
}

/** Node 23 dropped functions of `util` that tfjs-node 4.22.0 calls in every kernel. It has to find them before it loads. */
function restoreUtil(): void {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): Record<string, unknown> | undefined } }
  const util = process?.getBuiltinModule?.('util')
  if (util === undefined) return
  util['isNullOrUndefined'] ??= (value: unknown) => value == null
  util['isArray'] ??= Array.isArray
}

/** Loads a binding, and says what it computes on. */
export async function loadBinding(binding: NativeBinding, load: LoadBinding): Promise<LoadedBinding> {
  try {
    restoreUtil()
    const module = moduleOf<Binding>(await load(), 'getBackend')
    return { module, report: describeLoaded(`@tensorflow/${binding}`, module) }
  } catch (error) {
    return { error, report: describeFailure(`@tensorflow/${binding}`, error) }
  }
}

/**
 * Loads `@tensorflow/tfjs-node-gpu`, where it is installed, and says what it would compute on. Nothing is registered.
 *
 * @returns a report; a failure to load is one too, and never thrown
 */
export async function detectBinding(load: LoadBinding = importOf('tfjs-node-gpu')): Promise<BindingReport> {
  return (await loadBinding('tfjs-node-gpu', load)).report
}

function describeLoaded(name: string, binding: Binding): BindingReport {
  if (binding.getBackend?.() === 'tensorflow' && binding.backend?.().isUsingGpuDevice === true) {
    return { state: 'gpu', message: `${name} computes on a GPU`, hint: '' }
  }
  return {
    state: 'cpu',
    message: `${name} loaded, but computes on the CPU`,
    hint: 'check that nvidia-smi lists a GPU, and that CUDA and cuDNN are of the versions that the package was built for',
  }
}

const NOT_FOUND = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_RESOLVE_PACKAGE_ENTRY_FAIL']

/**
 * Why a package did not load.
 *
 * @param install what `npm install` has to name, the package itself and what it needs beside it
 */
export function describeFailure(name: string, error: unknown, install: string = name): BindingReport {
  const { code, message } = (error ?? {}) as { code?: string; message?: string }
  const text = message ?? String(error)
  // Vite puts a module that throws this in place of an optional peer that is absent.
  if ((code !== undefined && NOT_FOUND.includes(code)) || text.startsWith('Could not resolve "')) {
    return { state: 'not-installed', message: `${name} is not installed`, hint: `npm install ${install}` }
  }
  if (/tfjs_binding\.node\) can not\s+be found/.test(text)) {
    return { state: 'not-built', message: `${name} is installed, but its native addon is not there`, hint: `let its install script run: npm rebuild ${name} --build-addon-from-source` }
  }
  if (code === 'ERR_DLOPEN_FAILED') {
    return { state: 'missing-library', message: `${name} cannot load a shared library: ${text.split('\n')[0]}`, hint: 'install the CUDA and cuDNN libraries that it names' }
  }
  return { state: 'failed', message: `${name} failed to load: ${text.split('\n')[0]}`, hint: `reinstall it: npm install ${install}` }
}
