import type { TypedArray } from '@ashlar/core'
import { NotImplementedError, ValueError } from '@ashlar/core'
import type { Zippable } from 'fflate'
import { zipSync } from 'fflate'
import type { Collected } from './collect.ts'
import type { Source } from './errors.ts'
import { FormatError, nameOf } from './errors.ts'
import { readNpyArray, writeNpy } from './npy.ts'
import type { Plan } from './plan.ts'
import { checkSizes, unpack } from './unpack.ts'
import type { Member } from './zip.ts'

const SUFFIX = '.npy'
/** What the headers of an archive can count without its 64-bit form, which older readers lack. */
const MOST_MEMBERS = 0xfffe
const MOST_BYTES = 0xfffffffe
/** One for all members, so that the same arrays give the same bytes. ZIP's dates start there. */
const DATE: Date = /* #__PURE__ */ new Date(1980, 0, 1)

/** Reads NumPy's archive of `.npy` files (behaviour C-2.2), stored or deflated. */
export function readNpz(members: readonly Member[], bytes: Uint8Array, source: Source, limit: number): Plan {
  const present = new Set(members.map(({ name }) => name))
  for (const { name, header } of members) {
    const folder = /^(.*)\/format\.npy$/s.exec(name)?.[1]
    if (folder !== undefined && present.has(`${folder}/data${SUFFIX}`)) {
      throw new NotImplementedError(`entry '${folder}' of ${nameOf(source)} is a sparse array, only dense ones can be read`, { op: source.op, hint: 'save it as a dense array where it comes from' })
    }
    if (!name.endsWith(SUFFIX)) throw new FormatError(`has a member '${name}' that is no .npy file, and is no PyTorch file either`, source, header)
  }
  checkSizes(members, limit, source)
  const arrays = members.map(member => {
    const part = { name: `a member '${member.name}'`, base: member.start, unpacked: member.deflated }
    return readNpyArray(unpack(member, bytes, source), source, part)
  })
  return { names: members.map(({ name }) => name.slice(0, -SUFFIX.length)), arrays }
}

/** Writes NumPy's archive: named arrays, or a list under the names `arr_0`, `arr_1`, … */
export function writeNpz({ names, arrays }: Collected, data: readonly TypedArray[], compress: boolean, op: string): Uint8Array {
  const level = compress ? 6 : 0
  // A prototype would take a name away.
  const files = Object.create(null) as Zippable
  const sizes = arrays.map((array, i) => {
    const bytes = writeNpy(array, data[i]!, op)
    const name = `${names?.[i] ?? `arr_${i}`}${SUFFIX}`
    files[name] = [bytes as Uint8Array<ArrayBuffer>, { level, mtime: DATE }]
    return bytes.length + 2 * new TextEncoder().encode(name).length + 100
  })
  const total = sizes.reduce((a, b) => a + b, 0)
  if (total > MOST_BYTES || arrays.length > MOST_MEMBERS) {
    throw new ValueError(`${arrays.length} arrays of ${total} bytes are too much for one .npz file`, { op, hint: 'use .safetensors or .params, which have no such limit' })
  }
  return zipSync(files)
}

/** Refuses names that cannot be those of members. */
export function checkMemberNames(names: readonly string[] | null, op: string): void {
  for (const name of names ?? []) {
    if (name.includes('\0')) throw new ValueError(`the name ${JSON.stringify(name)} holds a zero byte`, { op })
    if (name.length > 20_000) throw new ValueError(`a name of ${name.length} characters is too long for an .npz file`, { op })
  }
}
