import type { DType } from '@ashlar/core'

/** An attribute of an op of TensorFlow. Lists that never change are best made once: their translation is remembered. */
export type Attribute =
  | readonly [name: string, kind: 'type', value: DType]
  | readonly [name: string, kind: 'flag', value: boolean]
  | readonly [name: string, kind: 'whole', value: number | readonly number[]]
  | readonly [name: string, kind: 'real', value: number]
  | readonly [name: string, kind: 'text', value: string]

/** What the binding calls them. */
const KINDS = { type: 'TF_ATTR_TYPE', flag: 'TF_ATTR_BOOL', whole: 'TF_ATTR_INT', real: 'TF_ATTR_FLOAT', text: 'TF_ATTR_STRING' } as const

const DTYPES: Readonly<Partial<Record<DType, string>>> = { float32: 'TF_FLOAT', int32: 'TF_INT32', bool: 'TF_BOOL' }

type Numbers = Readonly<Record<string, number>>

/** Attributes as the binding takes them. */
export function translate(attributes: readonly Attribute[], binding: Numbers): object[] {
  return attributes.map(([name, kind, value]) => ({ name, type: binding[KINDS[kind]], value: kind === 'type' ? binding[DTYPES[value]!] : value }))
}

/** The attribute that most ops have: the dtype of what they compute with. */
export const FLOATS: readonly Attribute[] = [['T', 'type', 'float32']]
