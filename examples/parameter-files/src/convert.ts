import { existsSync } from 'node:fs'
import { UserError } from '@ashlar-examples/shared/errors'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import type { NDArray } from '@ashlar/core'
import { isFloat } from '@ashlar/core'
import type { EncodeOptions } from '@ashlar/io'
import { saveAsync, saveEntriesAsync } from '@ashlar/io'
import { renamed } from './names.ts'
import type { ConvertRequest } from './options.ts'
import { showProgress } from './progress.ts'
import { readEntries } from './read.ts'

/** What is written: names are null for a list. */
interface Selection {
  readonly names: readonly string[] | null
  readonly arrays: readonly NDArray[]
}

/** Writes what a file holds as another, all at once or not at all. */
export async function convert(request: ConvertRequest, screen: LiveScreen, signal: AbortSignal): Promise<void> {
  const { input, output, force, maxBytes, dtype } = request
  if (!force && existsSync(output)) throw new UserError(`'${output}' is there already; --force replaces it`)
  const progress = showProgress(screen, 3)
  try {
    const entries = await readEntries(input, maxBytes, progress, signal)
    const { names, arrays } = select(entries, request)
    const cast = dtype === undefined ? arrays : arrays.map(x => (isFloat(x.dtype) ? x.astype(dtype) : x))
    signal.throwIfAborted()
    progress.say('writing')
    await write(output, { names, arrays: cast }, optionsOf(request, entries.metadata))
    progress.stop()
    screen.print(`${output}: ${arrays.length} ${arrays.length === 1 ? 'array' : 'arrays'}, from ${input}`)
  } finally {
    progress.stop()
  }
}

function select({ names, arrays }: Selection, { only, rename, input, output }: ConvertRequest): Selection {
  if (names === null) {
    if (only.length + rename.length > 0) throw new UserError(`the arrays of '${input}' have no names that --only and --rename could mean`)
    // Such a file holds named arrays; these names are NumPy's for lists.
    return { names: /\.safetensors$/i.test(output) ? arrays.map((_, i) => `arr_${i}`) : null, arrays }
  }
  const unused = [...only, ...rename.map(({ from }) => from)].find(({ match }) => names.every(name => match(name) === null))
  if (unused !== undefined) throw new UserError(`no array of '${input}' is called ${unused.text}; list shows the names`)
  const chosen = names.map((_, i) => i).filter(i => only.length === 0 || only.some(({ match }) => match(names[i]!) !== null))
  const result = new Map<string, NDArray>()
  for (const i of chosen) {
    const name = renamed(names[i]!, rename)
    if (result.has(name)) throw new UserError(`two arrays would be called ${name}`)
    result.set(name, arrays[i]!)
  }
  return { names: [...result.keys()], arrays: [...result.values()] }
}

function optionsOf({ output, compress, metadata }: ConvertRequest, carried: Readonly<Record<string, string>> | null): EncodeOptions {
  const merged = { ...carried, ...metadata }
  // What the file read carries has no place in other formats; what was asked for is refused there.
  const texts = /\.safetensors$/i.test(output) ? merged : metadata
  return { ...(compress && { compress }), ...(Object.keys(texts).length > 0 && { metadata: texts }) }
}

async function write(output: string, { names, arrays }: Selection, options: EncodeOptions): Promise<void> {
  const lone = /\.npy$/i.test(output)
  if (lone && arrays.length !== 1) throw new UserError(`an .npy file holds one array, and these are ${arrays.length}; --only picks one`)
  if (names === null || lone) await saveAsync(output, arrays, options)
  else await saveEntriesAsync(output, names.map((name, i) => [name, arrays[i]!] as const), options)
}
