import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Problem } from './problem.ts'
import { LIBRARIES } from './wheel.ts'

/** An installed TensorFlow. */
export interface Installed {
  /** The folder with the libraries, and `include` in it. */
  readonly folder: string
  readonly name: string
  /** Empty where its folder does not tell. */
  readonly version: string
}

/**
 * TensorFlow in a folder: its own, a `site-packages` with it, or a virtual environment.
 *
 * @throws Problem where it is not there, or lacks what the addon needs
 */
export function installedIn(place: string): Installed {
  const root = resolve(place)
  const candidates = [root, join(root, 'tensorflow'), ...sitePackages(root).map(site => join(site, 'tensorflow'))]
  const found = candidates.find(folder => existsSync(join(folder, LIBRARIES[0]!)))
  if (found === undefined) {
    throw new Problem(existsSync(root) ? `${place} holds no ${LIBRARIES[0]}` : `there is no folder ${place}`, 'name the folder of an installed tensorflow or tensorflow-cpu, 2.12 or later, or its virtual environment:', "  python3 -c 'import tensorflow; print(tensorflow.__path__[0])'")
  }
  const folder = realpathSync(found)
  const missing = [LIBRARIES[1]!, join('include', 'tensorflow', 'c', 'c_api.h')].find(file => !existsSync(join(folder, file)))
  if (missing !== undefined) throw new Problem(`the TensorFlow in ${folder} comes without ${missing}`, 'install the one of PyPI: pip install tensorflow-cpu')
  const installed = readdirSync(dirname(found)).map(entry => /^(tensorflow(?:_cpu|_gpu|_intel|_rocm)?)-(\d[^-]*)\.dist-info$/.exec(entry)).find(match => match !== null)
  return { folder, name: installed?.[1]?.replace('_', '-') ?? 'tensorflow', version: installed?.[2] ?? '' }
}

function sitePackages(root: string): string[] {
  const lib = join(root, 'lib')
  const versions = existsSync(lib) ? readdirSync(lib).filter(name => name.startsWith('python3')) : []
  return [...versions.map(version => join(lib, version, 'site-packages')), join(root, 'site-packages')]
}

// Found without importing it, which takes seconds; never in the current folder.
const ASK = "import sys, importlib.util; sys.path = [p for p in sys.path if p]; spec = importlib.util.find_spec('tensorflow'); print(list(spec.submodule_search_locations)[0] if spec and spec.submodule_search_locations else '')"

/** The TensorFlow that Python would import; nothing where it has none that serves. */
export function askPython(env: NodeJS.ProcessEnv = process.env): Installed | undefined {
  for (const python of ['python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', ASK], { env, encoding: 'utf8', timeout: 60_000 })
    const folder = status === 0 ? stdout.trim() : ''
    if (folder === '') continue
    try {
      return installedIn(folder)
    } catch {
      continue
    }
  }
  return undefined
}

/** How to get a TensorFlow, where there is none. */
export function howToInstall(gpu: boolean): Problem {
  const flag = gpu ? ' --gpu' : ''
  const [wanted, size] = gpu ? ["'tensorflow[and-cuda]'", '5.4 GB'] : ['tensorflow-cpu', '0.8 GB']
  return new Problem(
    'no TensorFlow was named, and python3 has none',
    `install one, ${size}, in an environment of its own:`,
    `  python3 -m venv tf && tf/bin/pip install ${wanted}`,
    `  npx ashlar-tfjs-binding${flag} --tensorflow tf`,
    gpu ? 'or, where CUDA 12 and cuDNN 9 are installed, download its wheel alone, 0.6 GB:' : 'or download its wheel alone, 0.3 GB:',
    `  python3 -m pip download --no-deps --only-binary :all: ${gpu ? 'tensorflow' : 'tensorflow-cpu'}`,
    `  npx ashlar-tfjs-binding${flag} --wheel ${gpu ? 'tensorflow' : 'tensorflow_cpu'}-*.whl`,
  )
}
