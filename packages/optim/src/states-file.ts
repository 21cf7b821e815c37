import type { DType, NDArray, Shape } from '@ashlar/core'
import { ValueError, Context, fromTypedArray, internal, sameShape } from '@ashlar/core'
import { loadEntries, saveEntries } from '@ashlar/io'
import type { Optimizer } from './optimizer.ts'
import { nameOf } from './registry.ts'
import type { Kept, Slot } from './slot.ts'
import { arraysOf, createKept, own, release } from './slot.ts'
import type { Header, SavedSlot } from './states-header.ts'
import { FORMAT, VERSION, parseHeader } from './states-header.ts'
import { checkFields, fieldsOf, setFields } from './scheduler-fields.ts'

/** The array that holds the header, as bytes of JSON; the others are `0.master`, `0.0`, `0.1`, by parameter. */
const HEADER = 'trainer'

const host = (array: NDArray): NDArray => array.detach().asInContext(new Context('cpu', 0))

/** Writes what an optimizer keeps. Copies are the same, so the first one's is enough. */
export function saveStates(file: string, optimizer: Optimizer, slots: readonly Slot[]): void {
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    optimizer: nameOf(optimizer),
    learningRate: optimizer.lrScheduler === null ? optimizer.learningRate : null,
    numUpdate: optimizer.numUpdate,
    scheduler: optimizer.lrScheduler === null ? null : fieldsOf(optimizer.lrScheduler),
    parameters: slots.map(({ parameter, kept, updates }) => ({
      name: parameter.name, shape: parameter.shape, dtype: parameter.dtype, updates, master: kept?.[0]!.master != null, arrays: kept?.[0]!.state.length ?? null,
    })),
  }
  internal(() => {
    const bytes = new TextEncoder().encode(JSON.stringify(header))
    const entries: [string, NDArray][] = [[HEADER, fromTypedArray(bytes, [bytes.length], 'uint8', new Context('cpu', 0))]]
    slots.forEach(({ kept }, i) => {
      if (kept !== null) for (const [name, array] of named(kept[0]!, i)) entries.push([name, host(array)])
    })
    saveEntries(file, entries)
  })
}

function named({ master, state }: Kept, slot: number): [string, NDArray][] {
  const arrays = state.map((array, i): [string, NDArray] => [`${slot}.${i}`, array])
  return master === null ? arrays : [[`${slot}.master`, master], ...arrays]
}

/** Reads what {@link saveStates} wrote, checks all of it, and then takes it up. */
export function loadStates(file: string, optimizer: Optimizer, slots: readonly Slot[]): void {
  const { names, arrays } = loadEntries(file, { ctx: new Context('cpu', 0) })
  const entries = new Map(arrays.map((array, i) => [names?.[i] ?? '', array]))
  const bytes = entries.get(HEADER)
  if (names === null || bytes?.dtype !== 'uint8') throw refuse(file, 'it holds no trainer states')
  const header = parseHeader(bytes.toTypedArray() as Uint8Array, reason => refuse(file, reason))
  const wrong = (reason: string): never => { throw refuse(file, reason) }
  if (header.optimizer !== nameOf(optimizer)) wrong(`it was saved with ${header.optimizer}, but the optimizer is ${nameOf(optimizer)}`)
  if ((header.scheduler === null) !== (optimizer.lrScheduler === null)) {
    wrong(header.scheduler === null ? 'it was saved without a learning-rate scheduler, but the optimizer has one' : 'it was saved with a learning-rate scheduler, but the optimizer has none')
  }
  if (header.scheduler !== null) checkFields(optimizer.lrScheduler!, header.scheduler, wrong)
  if (header.parameters.length !== slots.length) wrong(`it was saved for ${header.parameters.length} parameters, but there are ${slots.length}`)
  const kept = internal(() => header.parameters.map((saved, i) => {
    checkParameter(saved, slots[i]!, wrong)
    const found = takeEntries(saved, i, entries, wrong)
    if (found !== null) checkKept(found, slots[i]!, optimizer, wrong)
    return found
  }))
  entries.delete(HEADER)
  if (entries.size > 0) wrong(`it holds an array of the name '${[...entries.keys()][0]}' that its header does not have`)

  if (header.learningRate !== null) optimizer.learningRate = header.learningRate
  if (header.scheduler !== null) setFields(optimizer.lrScheduler!, header.scheduler)
  optimizer.numUpdate = header.numUpdate
  slots.forEach((slot, i) => {
    const before = slot.kept
    // One entry on the CPU: the next step takes it to where the parameter is then.
    slot.kept = kept[i] === null ? null : [own(kept[i]!)]
    slot.updates = header.parameters[i]!.updates
    if (before !== null) release(before, slot.kept ?? [], 'by loadStates')
  })
}

function checkParameter(saved: SavedSlot, { parameter }: Slot, wrong: (reason: string) => never): void {
  const { shape, name } = parameter
  if (shape === null || saved.shape === null) return
  const fits = shape.length === saved.shape.length && shape.every((n, i) => n === saved.shape![i] || n < 0 || saved.shape![i]! < 0)
  if (!fits) wrong(`parameter '${saved.name}' had shape (${saved.shape.join(', ')}), but '${name}' has (${shape.join(', ')})`)
}

/** The arrays of one parameter, taken out of the entries. */
function takeEntries(saved: SavedSlot, slot: number, entries: Map<string, NDArray>, wrong: (reason: string) => never): Kept | null {
  if (saved.arrays === null) return null
  const take = (name: string): NDArray => {
    const array = entries.get(name) ?? wrong(`it lacks the array '${name}' of parameter '${saved.name}'`)
    entries.delete(name)
    return array
  }
  return { master: saved.master ? take(`${slot}.master`) : null, state: Array.from({ length: saved.arrays }, (_, i) => take(`${slot}.${i}`)) }
}

/** Compares with what the optimizer makes for the parameter, where that has its values. */
function checkKept(kept: Kept, { parameter }: Slot, optimizer: Optimizer, wrong: (reason: string) => never): void {
  if (parameter.deferred) return
  const fresh = internal(() => describeKept(createKept(optimizer, parameter.listData()[0]!)))
  const saved = describeKept(kept)
  const fits = fresh.length === saved.length && fresh.every(({ shape }, i) => sameShape(shape, saved[i]!.shape))
  const text = (list: readonly { shape: Shape }[]): string => (list.length === 0 ? 'nothing' : list.map(({ shape }) => `(${shape.join(', ')})`).join(' '))
  if (!fits) wrong(`the optimizer keeps ${text(fresh)} for '${parameter.name}', but the file has ${text(saved)}`)
}

function describeKept(kept: Kept): { shape: Shape; dtype: DType }[] {
  return arraysOf(kept).map(({ shape, dtype }) => ({ shape, dtype }))
}

function refuse(file: string, reason: string): ValueError {
  return new ValueError(`cannot take trainer states from '${file}': ${reason}`, { op: 'Trainer.loadStates', hint: 'load what saveStates of a trainer made in the same way wrote' })
}
