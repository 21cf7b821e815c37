import { warn } from '@ashlar/core'
import type { Block } from './block.ts'
import { Callable } from './callable.ts'

/** A block with all blocks beneath it, each once, parents first. A cycle of fields ends where it began. */
export function familyOf(block: Block, found: Set<Block> = new Set()): Set<Block> {
  if (found.has(block)) return found
  found.add(block)
  for (const child of block.children.values()) familyOf(child, found)
  return found
}

/** Lists and blocks that were warned about: once is enough. */
const reported = new WeakSet<object>()

/** Warns of lists, Maps and plain objects in fields that hold blocks which no field or `registerChild` has made known. */
export function reportContainers(family: ReadonlySet<Block>): void {
  for (const block of family) {
    for (const [field, value] of Object.entries(block)) {
      if (typeof value !== 'object' || value === null || reported.has(value as object)) continue
      const strays = blocksIn(value, new Set()).filter(inside => !family.has(inside))
      if (strays.length === 0) continue
      for (const each of [value as object, ...strays]) reported.add(each)
      warn(`"${block.constructor.name}.${field}" is an unregistered container with Blocks. Note that Blocks inside the list, tuple or dict will not be registered automatically. Make sure to register them using register_child() or switching to nn.Sequential/nn.HybridSequential instead. `)
    }
  }
}

/** The blocks in a list, Map, Set or plain object, at any depth. */
function blocksIn(value: unknown, path: Set<unknown>): Block[] {
  if (value instanceof Callable) return [value as Block]
  if (typeof value !== 'object' || value === null || path.has(value)) return []
  path.add(value)
  return contents(value).flatMap(entry => blocksIn(entry, path))
}

function contents(value: object): unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map || value instanceof Set) return [...value.values()]
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? Object.values(value) : []
}

/** A block whose forward runs, and the one within whose forward that happens. */
interface Frame {
  readonly block: Block
  readonly inputs: readonly unknown[]
  readonly outer: Frame | null
}

let innermost: Frame | null = null
/** The parents that a block was looked for in, so that it is done once. */
const checked = new WeakMap<Block, WeakSet<Block>>()

/** Notes that a block's forward begins, and warns where no block that runs around it knows of it. The result goes to {@link leave}. */
export function enter(block: Block, inputs: readonly unknown[]): Frame | null {
  const outer = innermost
  if (outer !== null && outer.block !== block) checkListed(block, outer)
  innermost = { block, inputs, outer }
  return outer
}

/** Goes back to what ran before. */
export function leave(outer: Frame | null): void {
  innermost = outer
}

/** Hooks run beside the network, not within it. The result goes to {@link leave}. */
export function aside(): Frame | null {
  const outer = innermost
  innermost = null
  return outer
}

function checkListed(block: Block, parent: Frame): void {
  const parents = checked.get(block) ?? new WeakSet()
  if (parents.has(parent.block) || reported.has(block)) return
  parents.add(parent.block)
  checked.set(block, parents)
  const own = familyOf(block)
  if (![...own].some(each => each.params.size > 0 || each.fieldParameters.size > 0)) return
  // An ancestor's child that is handed down is initialised and saved with the ancestor; one that came as an input is the caller's.
  for (let frame: Frame | null = parent; frame !== null; frame = frame.outer) {
    if (frame.inputs.includes(block) || familyOf(frame.block).has(block)) return
  }
  reported.add(block)
  warn(`'${block.name}' (${block.constructor.name}) runs inside '${parent.block.name}' (${parent.block.constructor.name}), which does not list it as a child: it is neither initialised nor saved with the parent. Keep it in a public field, not in a #private one or outside, or add it with registerChild().`)
}
