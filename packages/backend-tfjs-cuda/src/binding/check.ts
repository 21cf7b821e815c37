import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { loadBinding } from '../detect-binding.ts'
import { Problem } from './problem.ts'
import { builtFrom } from './target.ts'
import type { Target } from './target.ts'

/** The part of a binding that the check uses. */
interface Module {
  matMul(a: unknown, b: unknown): { arraySync(): number[][] }
  tensor2d(values: readonly (readonly number[])[]): unknown
  backend(): { readonly binding: { readonly TF_Version: string } }
}

/**
 * Loads the binding, multiplies two matrices, and says what it found.
 *
 * @throws Problem where it does not load, or the product is wrong
 */
export async function check(target: Target): Promise<string> {
  const { report, module } = await loadBinding(target.binding, () => Promise.resolve(createRequire(join(target.folder, 'package.json'))(target.folder)))
  if (module === undefined) throw new Problem(report.message, ...report.hint.split('\n'))
  const tfjs = module as Module
  const x = tfjs.tensor2d([[1, 2], [3, 4]])
  const product = JSON.stringify(tfjs.matMul(x, x).arraySync())
  const stamp = builtFrom(target)
  const rows = [
    ['Node', `${process.version}, ${process.platform} ${process.arch}`],
    ['package', `@tensorflow/${target.binding} ${target.version} in ${target.folder}`],
    ['TensorFlow', tfjs.backend().binding.TF_Version],
    ['built from', stamp === undefined ? 'the stock addon, not built here' : `${stamp.tensorflow}, ${stamp.from}`],
    ['computes on', report.state === 'gpu' ? 'a GPU, gpu(0)' : 'the CPU'],
    ...(target.binding === 'tfjs-node-gpu' ? gpus() : []),
    ['product', `[[1,2],[3,4]]² = ${product}`],
  ]
  if (product !== '[[7,10],[15,22]]') throw new Problem(`the product of [[1,2],[3,4]] with itself came out as ${product}`)
  return rows.map(([name, value]) => `  ${name!.padEnd(14)}${value}\n`).join('') + (report.state === 'cpu' && target.binding === 'tfjs-node-gpu' ? `  ${report.hint}\n` : '')
}

/** What the driver lists; TensorFlow takes the last that it may see. */
function gpus(): string[][] {
  const { status, stdout } = spawnSync('nvidia-smi', ['--list-gpus'], { encoding: 'utf8', timeout: 60_000 })
  const listed = status === 0 ? stdout.trim().split('\n').map(line => line.replace(/ \(UUID.*/, '')) : ['none: nvidia-smi lists none']
  const visible = process.env['CUDA_VISIBLE_DEVICES']
  return [...listed.map((gpu, index) => [index === 0 ? 'GPUs' : '', gpu]), ...(visible === undefined ? [] : [['', `CUDA_VISIBLE_DEVICES=${visible}`]])]
}
