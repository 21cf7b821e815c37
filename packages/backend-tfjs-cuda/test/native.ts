import { createRequire } from 'node:module'
import type { TfjsCudaOptions } from '@ashlar/backend-tfjs-cuda'

/**
 * TensorFlow's binding, where there is one. `ASHLAR_TFJS_NODE` names a folder that it can be required from, so that a build outside of
 * the workspace can be tested.
 */
export async function nativeBinding(): Promise<Pick<TfjsCudaOptions, 'binding' | 'load'> | undefined> {
  const require = createRequire(process.env['ASHLAR_TFJS_NODE'] ?? import.meta.url)
  for (const binding of ['tfjs-node-gpu', 'tfjs-node'] as const) {
    const load = (): Promise<unknown> => Promise.resolve(require(`@tensorflow/${binding}`))
    try {
      require.resolve(`@tensorflow/${binding}`)
      return { binding, load }
    } catch {
      continue
    }
  }
  return undefined
}
