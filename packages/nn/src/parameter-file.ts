import type { NDArray } from '@ashlar/core'
import { AssertionError, ValueError } from '@ashlar/core'
import { saveEntries } from '@ashlar/io'
import type { Block } from './block.ts'
import type { Parameter } from './parameter.ts'
import type { LoadOptions } from './parameter-dict.ts'
import { LOAD_OPTIONS, plainName } from './parameter-dict.ts'
import { nameList } from './name-list.ts'
import { namedArrays } from './named-arrays.ts'
import { checkNames } from './options.ts'

/** Parameters by structural name: a field's own, then its children's behind a dot (behaviour B-3.4). */
export function structuralParameters(block: Block, prefix = '', path: ReadonlySet<Block> = new Set()): Map<string, Parameter> {
  const found = new Map<string, Parameter>()
  if (path.has(block)) return found
  for (const [field, parameter] of block.fieldParameters) found.set(prefix + field, parameter)
  for (const [key, child] of block.children) {
    for (const [name, parameter] of structuralParameters(child, `${prefix}${key}.`, new Set([...path, block]))) found.set(name, parameter)
  }
  return found
}

/** Writes a network's parameters; a shared one under each of its names, or with `deduplicate` under the last. */
export function saveParameters(block: Block, file: string, options: { readonly deduplicate?: boolean } = {}): void {
  checkNames(options, ['deduplicate'], 'saveParameters')
  const names = new Map<Parameter, string>()
  const parameters = structuralParameters(block)
  for (const [name, parameter] of parameters) names.set(parameter, name)
  const entries: [string, NDArray][] = []
  for (const [name, parameter] of parameters) {
    if (options.deduplicate !== true || names.get(parameter) === name) entries.push([name, parameter.reduce()])
  }
  saveEntries(file, entries)
}

/** Reads a network's parameters by structural names, or (where no name has a dot) by full names, as old files have them. */
export function loadParameters(block: Block, file: string, options: LoadOptions = {}): void {
  checkNames(options, LOAD_OPTIONS, 'loadParameters')
  const loaded = namedArrays(file)
  const parameters = structuralParameters(block)
  if (loaded.length === 0 && parameters.size === 0) return
  const structural = loaded.some(([name]) => name.includes('.')) || loaded.some(([name]) => parameters.has(name))
  if (!structural) return loadFullNames(block, loaded, file, options)
  const values = new Map(loaded)
  if (options.allowMissing !== true) checkComplete(parameters, values, file)
  const chosen: [Parameter, NDArray][] = []
  for (const [name, value] of values) {
    const parameter = parameters.get(name)
    if (parameter !== undefined) chosen.push([parameter, value])
    else if (options.ignoreExtra !== true) {
      throw new ValueError(`Parameter '${name}' loaded from file '${file}' is not present in ParameterDict, which contains parameters ${nameList([...parameters.keys()])}. Set ignore_extra=True to ignore. `)
    }
  }
  for (const [parameter, value] of chosen) parameter.checkLoad(value, options.ctx ?? null, options)
  for (const [parameter, value] of chosen) parameter.loadInit(value, options.ctx ?? null, options)
}

/** Full names come without the block's prefix, or (from exported files) with it. */
function loadFullNames(block: Block, loaded: readonly [string, NDArray][], file: string, options: LoadOptions): void {
  const parameters = block.collectParams()
  const complete = loaded.some(([name]) => parameters.has(plainName(name))) && !loaded.some(([name]) => parameters.has(block.prefix + plainName(name)))
  parameters.load(file, { ...options, restorePrefix: complete ? '' : block.prefix })
}

/** One name of a shared parameter is enough. */
function checkComplete(parameters: ReadonlyMap<string, Parameter>, values: ReadonlyMap<string, NDArray>, file: string): void {
  const present = new Set([...values.keys()].map(name => parameters.get(name)))
  for (const [name, parameter] of parameters) {
    if (!present.has(parameter)) {
      throw new AssertionError(`Parameter '${name}' is missing in file '${file}', which contains parameters: ${nameList([...values.keys()])}. Set allow_missing=True to ignore missing parameters.`)
    }
  }
}
