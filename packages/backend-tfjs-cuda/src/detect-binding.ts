import { allowGrowth, hiddenDevices, restoreUtil } from './environment.ts'

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
  /** What mends it, commands for the most part, in a line or a few; empty where there is nothing to mend. */
  readonly hint: string
}

/** Imports a binding's package, as in `() => import('@tensorflow/tfjs-node-gpu')`. */
export type LoadBinding = () => Promise<unknown>

/** The packages with TensorFlow inside. */
export type NativeBinding = 'tfjs-node-gpu' | 'tfjs-node'

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

/** Loads a binding, and says what it computes on. */
export async function loadBinding(binding: NativeBinding, load: LoadBinding): Promise<LoadedBinding> {
  try {
    restoreUtil()
    allowGrowth()
    const module = moduleOf<Binding>(await load(), 'getBackend')
    return { module, report: describeLoaded(binding, module) }
  } catch (error) {
    return { error, report: describeNative(binding, error) }
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

/** The command that builds the addon. */
const buildCommand = (binding: NativeBinding): string => `npx ashlar-tfjs-binding${binding === 'tfjs-node-gpu' ? ' --gpu' : ''}`

const PORTABLE = "without TensorFlow: npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm, then tfjsCuda({ binding: 'wasm' })"

function describeLoaded(binding: NativeBinding, module: Binding): BindingReport {
  const name = `@tensorflow/${binding}`
  if (module.getBackend?.() === 'tensorflow' && module.backend?.().isUsingGpuDevice === true) {
    return { state: 'gpu', message: `${name} computes on a GPU`, hint: '' }
  }
  const hidden = hiddenDevices()
  return {
    state: 'cpu',
    message: `${name} loaded, but computes on the CPU`,
    hint: hidden === undefined
      ? `check that nvidia-smi lists a GPU, and that the CUDA and cuDNN of this TensorFlow are there; ${buildCommand('tfjs-node-gpu')} takes one for CUDA 12`
      : `${hidden} hides the GPUs from it: unset it, or name one by its number`,
  }
}

const NOT_FOUND = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_RESOLVE_PACKAGE_ENTRY_FAIL']
/** Of an error's message: what was not found. */
const MISSING = /^Cannot find (?:module|package) '((?:@[^/']+\/)?[^/'.][^/']*)'/

/**
 * Why a package did not load.
 *
 * @param install what `npm install` has to name, the package itself and what it needs beside it
 */
export function describeFailure(name: string, error: unknown, install: string = name): BindingReport {
  const { code, text } = read(error)
  // Vite puts a module that throws this in place of an optional peer that is absent.
  if ((code !== undefined && NOT_FOUND.includes(code)) || text.startsWith('Could not resolve "')) {
    const missing = MISSING.exec(text)?.[1] ?? name
    if (install.split(' ').includes(missing)) return { state: 'not-installed', message: `${missing} is not installed`, hint: `npm install ${install}` }
    return { state: 'failed', message: `${name} cannot find ${missing}, which it depends on`, hint: `reinstall it: npm install ${install}` }
  }
  return { state: 'failed', message: `${name} failed to load: ${text.split('\n')[0]}`, hint: `reinstall it: npm install ${install}` }
}

/** The same for a package with TensorFlow inside: it may be there without its addon, and the addon without its libraries. */
function describeNative(binding: NativeBinding, error: unknown): BindingReport {
  const name = `@tensorflow/${binding}`
  const { code, text } = read(error)
  if (/tfjs_binding\.node\) can not\s+be found/.test(text)) {
    return { state: 'not-built', message: `${name} is installed, but its native addon is not there: its install script did not run, or not to its end`, hint: `build it: ${buildCommand(binding)}` }
  }
  if (code === 'ERR_DLOPEN_FAILED') {
    return { state: 'missing-library', message: `the native addon of ${name} does not load: ${text.split('\n')[0]}`, hint: mendLibrary(binding, text) }
  }
  const report = describeFailure(name, error)
  return report.state === 'not-installed' ? { ...report, hint: wholeStory(binding) } : report
}

function mendLibrary(binding: NativeBinding, text: string): string {
  if (/GLIBC(XX)?_/.test(text)) return 'this system is older than the one that it was built for: take an older TensorFlow, or a newer system'
  if (/lib(cu|nv|nccl)/.test(text)) return `install the CUDA and cuDNN that this TensorFlow was built for, or take one that brings its own: ${buildCommand(binding)} says how`
  return `build it again: ${buildCommand(binding)}`
}

function wholeStory(binding: NativeBinding): string {
  const name = `@tensorflow/${binding}`
  const gpu = binding === 'tfjs-node-gpu'
  return [
    'install it in one of these ways:',
    `  a current TensorFlow${gpu ? ', CUDA 12' : ''}, Linux x64: npm install --ignore-scripts ${name} node-api-headers, then ${buildCommand(binding)}`,
    `  the stock one, TensorFlow 2.9${gpu ? ' for CUDA 11.2' : ''}: npm install ${name}`,
    `  ${PORTABLE}`,
  ].join('\n')
}

function read(error: unknown): { readonly code: string | undefined; readonly text: string } {
  const { code, message } = (error ?? {}) as { code?: string; message?: string }
  return { code, text: message ?? String(error) }
}
