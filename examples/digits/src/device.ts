import { UserError } from '@ashlar-examples/shared/errors'
import { device, listBackends, np, registerBackend } from 'ashlar'
import { DEVICE_TYPES } from './backends.ts'
import type { ContextName } from './options.ts'
import { reasonOf } from './reason.ts'

/**
 * The device of that name, after trying it. Where no registered backend has devices of its type, one that does is loaded.
 *
 * @throws UserError that says what is missing, in one line
 */
export async function openContext({ type, index }: ContextName): Promise<device.Context> {
  const context = new device.Context(type, index)
  if (!listBackends().some(backend => backend.type === type)) await loadBackend(type)
  try {
    np.zeros([1], { ctx: context }).dispose()
    return context
  } catch (error) {
    throw new UserError(`--ctx: ${reasonOf(error)}; --ctx cpu is always there`)
  }
}

async function loadBackend(type: string): Promise<void> {
  const sources = DEVICE_TYPES[type]?.sources
  if (sources === undefined) throw new UserError(`--ctx: nothing brings a device of type ${type}; --help lists the types there are`)
  const reasons: string[] = []
  for (const { name, load } of sources) {
    try {
      return registerBackend(await load())
    } catch (error) {
      const missing = (error as { code?: unknown } | null)?.code === 'ERR_MODULE_NOT_FOUND'
      reasons.push(missing ? `${name} is not installed` : reasonOf(error))
    }
  }
  const names = [...new Set(sources.map(({ name }) => name))].join(' or ')
  throw new UserError(`--ctx: no ${type} here: ${reasons.join(', and ')}; see the README of ${names}, or take --ctx cpu, which is always there`)
}
