import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The GPUs that the driver lists, in words. TensorFlow's binding tells no name and takes the last of several, so that all are named.
 *
 * @param program what lists them
 */
export async function describeGpus(program = 'nvidia-smi'): Promise<string> {
  try {
    const { stdout } = await run(program, ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'], { timeout: 60_000 })
    const gpus = stdout.trim().split('\n').map(line => line.split(', ')).map(([name, driver, memory]) => `${name} (${memory}, driver ${driver})`)
    return gpus.length === 1 ? gpus[0]! : `one of ${gpus.join(', ')}`
  } catch {
    return 'a GPU that nvidia-smi does not name'
  }
}
