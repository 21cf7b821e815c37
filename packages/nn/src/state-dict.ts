import type { NDArray } from '@ashlar/core'
import { KeyError, RuntimeError, describe, inspectByRepr, typeError } from '@ashlar/core'
import type { Block } from './block.ts'
import { Callable } from './callable.ts'
import { checkNames } from './options.ts'
import type { Parameter } from './parameter.ts'
import type { NamedArrays } from './parameter-dict.ts'
import { entriesOf } from './parameter-dict.ts'
import { structuralParameters } from './parameter-file.ts'
import { compatible } from './parameter-options.ts'

/** How `loadStateDict` takes names that do not agree. */
export interface LoadStateDictOptions {
  /** Refuse missing and unexpected names (default true). */
  readonly strict?: boolean
}

/** Which names `loadStateDict` passed over. */
export class LoadStateDictResult {
  readonly missingKeys: readonly string[]
  readonly unexpectedKeys: readonly string[]

  constructor(missingKeys: readonly string[], unexpectedKeys: readonly string[]) {
    this.missingKeys = missingKeys
    this.unexpectedKeys = unexpectedKeys
  }

  /** `<All keys matched successfully>` where that is so. */
  toString(): string {
    const list = (keys: readonly string[]): string => `[${keys.map(key => `'${key}'`).join(', ')}]`
    if (this.missingKeys.length + this.unexpectedKeys.length === 0) return '<All keys matched successfully>'
    return `_IncompatibleKeys(missing_keys=${list(this.missingKeys)}, unexpected_keys=${list(this.unexpectedKeys)})`
  }

  repr(): string { return this.toString() }

  static {
    inspectByRepr(this.prototype)
  }
}

/** The values of a network as they are now, by structural names; a shared parameter stands under each of its names. */
export function stateDict(block: Block): Map<string, NDArray> {
  const copies = new Map<Parameter, NDArray>()
  return new Map([...structuralParameters(block)].map(([name, parameter]) => {
    const copy = copies.get(parameter) ?? parameter.snapshot()
    copies.set(parameter, copy)
    return [name, copy]
  }))
}

/** Parameters by the first structural name of each. */
export function namedParameters(block: Block): Map<string, Parameter> {
  const seen = new Set<Parameter>()
  return new Map([...structuralParameters(block)].filter(([, parameter]) => !seen.has(parameter) && seen.add(parameter)))
}

const torchSize = (shape: readonly number[]): string => `torch.Size([${shape.join(', ')}])`
const quoted = (names: readonly string[]): string => names.map(name => `"${name}"`).join(', ')

/** Takes values by structural names; all is checked, and told together, before anything changes. */
export function loadStateDict(block: Block, arrays: NamedArrays, options: LoadStateDictOptions): LoadStateDictResult {
  const { strict = true } = checkNames(options, ['strict'], 'loadStateDict')
  const values = new Map(entriesOf(arrays, 'loadStateDict'))
  const parameters = structuralParameters(block)
  const missing = [...parameters.keys()].filter(name => !values.has(name))
  const unexpected = [...values.keys()].filter(name => !parameters.has(name))
  const problems: string[] = []
  if (strict && missing.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missing)}. `)
  if (strict && unexpected.length > 0) problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `)
  const chosen = [...parameters].flatMap(([name, parameter]) => (values.has(name) ? [{ name, parameter, value: values.get(name)! }] : []))
  for (const { name, parameter, value } of chosen) {
    if (parameter.shape === null || compatible(parameter.shape, value.shape)) continue
    problems.push(`size mismatch for ${name}: copying a param with shape ${torchSize(value.shape)} from checkpoint, the shape in current model is ${torchSize(parameter.shape)}.`)
  }
  if (problems.length > 0) {
    throw new RuntimeError(`Error(s) in loading state_dict for ${block.constructor.name}:\n\t${problems.join('\n\t')}`, { op: 'loadStateDict' })
  }
  for (const { parameter, value } of chosen) parameter.checkLoad(value, null, { castDtype: true })
  for (const { parameter, value } of chosen) parameter.loadInit(value, null, { castDtype: true })
  return new LoadStateDictResult(missing, unexpected)
}

/** Checks a child's name as PyTorch does. @throws KeyError, TypeError */
export function checkModuleName(parent: Block, name: string, block: unknown): void {
  if (typeof name !== 'string') throw typeError(`module name should be a string. Got ${describe(name)}`, { op: 'addModule' })
  if (!(block instanceof Callable)) throw typeError(`${describe(block)} is not a Module subclass`, { op: 'addModule', hint: 'a child is a Block' })
  if (name.includes('.')) throw new KeyError(`module name can't contain ".", got: ${name}`, { op: 'addModule', hint: 'a dot separates the names of nested blocks' })
  if (name === '') throw new KeyError('module name can\'t be empty string ""', { op: 'addModule' })
  if (name in parent && !/^\d+$/.test(name) && !parent.children.has(name)) throw new KeyError(`attribute '${name}' already exists`, { op: 'addModule', hint: 'choose another name' })
}
