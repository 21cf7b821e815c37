import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { Engine } from '../src/engine.ts'
import { openEngine } from '../src/open-engine.ts'
import type { PortableBinding } from '../src/open-engine.ts'
import type { Tfjs, TfjsBackend } from '../src/tfjs.ts'
import { nativeBinding } from './native.ts'

type NamedEngine = readonly [name: string, engine: Engine]

/** Engines that can be had here: the portable ones that are named, and TensorFlow itself where an addon of it is built. */
export async function testEngines(names: readonly PortableBinding[] = ['cpu', 'wasm']): Promise<readonly NamedEngine[]> {
  const portable = await Promise.all(names.map(async (name): Promise<NamedEngine> => [name, await openEngine(name)]))
  const native = await nativeBinding()
  if (native === undefined) return portable
  // It mends what newer Nodes lack.
  await tfjsCuda({ ...native, allowCpu: true })
  const tfjs = await native.load!() as Tfjs & { backend(): TfjsBackend }
  return [...portable, ['TensorFlow', new Engine(tfjs, 'tensorflow', tfjs.backend())]]
}
