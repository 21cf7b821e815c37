import type { Findings } from './find.ts'

/** What would make something faster, and the command or the line that does it. */
export interface Advice {
  readonly gain: string
  readonly command: string
}

/** What would make Ashlar faster on this machine; nothing where all is used that can be, or a setting has to be mended first. */
export function advise(found: Findings): Advice[] {
  const { cpu, settings, packages } = found
  const advice: Advice[] = []
  const add = (gain: string, command: string): void => void advice.push({ gain, command })
  if (found.problems.length > 0) return advice
  if (!cpu.simd || !cpu.relaxedSimd) add('a newer Node has vectors that multiply and add at once', 'nvm install 24')
  if (settings.threads !== null && cpu.threads < found.cores) add(`${found.cores} cores are there, and ASHLAR_THREADS allows ${cpu.threads}`, 'unset ASHLAR_THREADS')
  if (cpu.blas.state === 'off') add('ASHLAR_BLAS=off keeps matrix products on WebAssembly', 'unset ASHLAR_BLAS')
  else if (cpu.blas.state !== 'used') {
    if (packages['koffi'] === null) add('matrix products run on a native BLAS, up to twice as fast, where koffi can call one', 'npm install koffi')
    else if (cpu.blas.state === 'refused') add('the BLAS that was found cannot be used; another may', 'ASHLAR_BLAS=/path/to/libopenblas.so.0 node program.js')
    else add('matrix products run up to twice as fast on a native BLAS', found.installBlas ?? 'ASHLAR_BLAS=/path/to/libopenblas.so.0 node program.js')
  }
  if (found.nvidia) {
    const missing = ['@ashlar/backend-tfjs-cuda', '@tensorflow/tfjs-node-gpu'].filter(name => packages[name] === null)
    if (missing.length > 0) add('the NVIDIA GPU of this machine computes through TensorFlow', `npm install --ignore-scripts ${missing.join(' ')} node-api-headers && npx ashlar-tfjs-binding --gpu`)
  }
  // Where the package of the backend is, so is the command.
  if (packages['@ashlar/backend-tfjs-cuda'] !== null) {
    for (const name of found.unbuilt) add(`${name} is installed without its native addon`, `npx ashlar-tfjs-binding${name.endsWith('-gpu') ? ' --gpu' : ''}`)
    const built = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'].some(name => packages[name] !== null && !found.unbuilt.includes(name))
    if (built && found.cores > 1 && found.settings.tensorflowThreads === null) add('small networks run up to twice as fast on TensorFlow with one thread, large ones do not', 'TF_NUM_INTRAOP_THREADS=1 node program.js')
  }
  return advice
}
