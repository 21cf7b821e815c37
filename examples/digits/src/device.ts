import { device, np } from 'ashlar'
import type { ContextName } from './options.ts'
import { UserError, reasonOf } from './user-error.ts'

/** The device of that name, after trying it. @throws UserError that says what is registered, where there is none */
export function openContext({ type, index }: ContextName): device.Context {
  const context = new device.Context(type, index)
  try {
    np.zeros([1], { ctx: context }).dispose()
    return context
  } catch (error) {
    throw new UserError(`--ctx: ${reasonOf(error)}; --ctx cpu is always there`)
  }
}
