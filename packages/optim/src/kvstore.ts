import { NotImplementedError, ValueError, describe } from '@ashlar/core'

/** How a trainer brings the gradients of several contexts together. */
export interface TrainerOptions {
  /** `'device'` (default) or `'local'` sum the gradients of all copies; null leaves each copy to itself. */
  readonly kvstore?: 'device' | 'local' | null
  /** Whether only whole steps are taken, as is the default with several contexts; false allows `allreduceGrads` and `update` alone. */
  readonly updateOnKvstore?: boolean | null
  /** Compression of gradients between machines, which is not there. */
  readonly compressionParams?: null
}

const KNOWN: readonly string[] = ['kvstore', 'updateOnKvstore', 'compressionParams']
const DISTRIBUTED = /^(?:nccl|p3|horovod|byteps|dist(?:_\w+)*)$/

/** Checks a trainer's options. @throws ValueError, or NotImplementedError for what only several machines or processes need */
export function checkTrainerOptions(options: TrainerOptions): Required<TrainerOptions> {
  const op = 'Trainer'
  if (typeof options !== 'object' || options === null) throw new ValueError(`the trainer's options are an object, got ${describe(options)}`, { op, hint: `such as { kvstore: 'device' }` })
  const unknown = Object.keys(options).find(name => !KNOWN.includes(name))
  if (unknown !== undefined) throw new ValueError(`Trainer has no option '${unknown}'`, { op, hint: `it has ${KNOWN.join(', ')}; an optimizer's options come before` })
  const { kvstore = 'device', updateOnKvstore = null, compressionParams = null } = options
  if (typeof kvstore === 'string' && DISTRIBUTED.test(kvstore)) {
    throw new NotImplementedError(`kvstore '${kvstore}' trains on several machines or processes, which Ashlar does not`, { op, hint: `'device' sums the gradients of all devices of this process` })
  }
  if (kvstore !== null && kvstore !== 'device' && kvstore !== 'local') throw new ValueError(`kvstore is 'device', 'local' or null, got ${describe(kvstore)}`, { op })
  if (updateOnKvstore !== null && typeof updateOnKvstore !== 'boolean') throw new ValueError(`updateOnKvstore is true, false or null, got ${describe(updateOnKvstore)}`, { op })
  if (updateOnKvstore === true && kvstore === null) throw new ValueError('Cannot set update_on_kvstore=True when not using kvstore', { op })
  if (compressionParams !== null) throw new NotImplementedError('gradients are not compressed', { op, hint: 'leave compressionParams out: nothing travels between machines' })
  return { kvstore, updateOnKvstore, compressionParams }
}
