import { NotImplementedError } from '@ashlar/core'
import { nameOf } from './errors.ts'
import type { Pickled } from './pickle.ts'
import { Dictionary, Sequence } from './pickle.ts'
import type { Plan } from './plan.ts'
import type { Reader } from './reader.ts'
import { Tensor } from './tensor.ts'

/** Deeper than any program nests its checkpoints. */
const MOST_LEVELS = 32
/** Names are in the pickle, once; what is joined to them is far shorter than what tells a tensor's shape. */
const NAME_FACTOR = 16

/**
 * The tensors of what a file holds, names of inner levels joined by dots.
 *
 * @param most how many values may be met: a pickle that repeats its values could name more than there is memory for
 */
export function flatten(root: Pickled, reader: Reader, most: number): Plan {
  if (root instanceof Tensor) return { names: null, arrays: [root], single: true }
  if (root instanceof Sequence && root.items.every(item => item instanceof Tensor)) return { names: null, arrays: root.items as Tensor[] }
  const found = new Map<string, Tensor>()
  let [met, letters] = [0, 0]
  const visit = (value: Pickled, path: string, level: number): void => {
    letters += path.length
    if (++met > most || letters > NAME_FACTOR * most) reader.fail('repeats its values without end', 0)
    if (level > MOST_LEVELS) reader.fail(`nests its values more than ${MOST_LEVELS} deep`, 0)
    if (value instanceof Tensor) {
      if (found.has(path)) reader.fail(`has the name '${path}' twice`, 0)
      found.set(path, value)
      return
    }
    const inner = (key: Pickled): string => (level === 0 ? String(key) : `${path}.${String(key)}`)
    if (value instanceof Sequence) value.items.forEach((item, i) => visit(item, inner(i), level + 1))
    else if (value instanceof Dictionary) {
      for (const [key, entry] of value.entries) {
        if (typeof key !== 'string' && typeof key !== 'number') reader.fail('has a key that is neither text nor number', 0)
        visit(entry, inner(key), level + 1)
      }
    }
  }
  visit(root, '', 0)
  if (found.size === 0 && met > 1) throw new NotImplementedError(`${nameOf(reader.source)} holds no tensors`, { op: reader.source.op, hint: 'save model.state_dict(), or a list or dictionary of tensors' })
  return { names: [...found.keys()], arrays: [...found.values()] }
}
