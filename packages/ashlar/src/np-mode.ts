import { NotImplementedError } from '@ashlar/core'

function refuse(op: string): never {
  throw new NotImplementedError('there are no legacy arrays to go back to', { op, hint: 'nd.random has the legacy samplers, npx.load reads legacy files' })
}

/** What Gluon programs call first. Arrays have NumPy's semantics here always, so it does nothing. @throws NotImplementedError to switch them off */
export function setNp(shape = true, array = true): void {
  if (!shape || !array) refuse('setNp')
}

/** Whether shapes are NumPy's, with scalars and empty arrays: true. */
export function isNpShape(): boolean {
  return true
}

/** Whether arrays are NumPy's: true. */
export function isNpArray(): boolean {
  return true
}

/** Goes back to legacy arrays, which do not exist here. @throws NotImplementedError */
export function resetNp(): never {
  return refuse('resetNp')
}
