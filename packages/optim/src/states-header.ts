import type { Shape } from '@ashlar/core'

export const FORMAT = 'ashlar-trainer'
export const VERSION = 1

/** What is known of a parameter in a file of states. */
export interface SavedSlot {
  readonly name: string
  readonly shape: Shape | null
  readonly dtype: string
  readonly updates: number
  readonly master: boolean
  /** How many arrays the optimizer keeps for it; null before the first step. */
  readonly arrays: number | null
}

/** What a scheduler remembers, by field. */
export type SavedFields = Readonly<Record<string, unknown>>

/** What a file of states says beside its arrays. */
export interface Header {
  readonly format: string
  readonly version: number
  readonly optimizer: string
  /** Null where a scheduler says it. */
  readonly learningRate: number | null
  readonly numUpdate: number
  readonly scheduler: SavedFields | null
  readonly parameters: readonly SavedSlot[]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isShape = (value: unknown): boolean => Array.isArray(value) && value.every(Number.isSafeInteger)

function isSlot(value: unknown): value is SavedSlot {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['dtype'] === 'string' && typeof value['master'] === 'boolean'
    && isCount(value['updates']) && (value['arrays'] === null || isCount(value['arrays'])) && (value['shape'] === null || isShape(value['shape']))
}

/** Reads a header. @throws what `refuse` makes of the reason, for bytes that are none */
export function parseHeader(bytes: Uint8Array, refuse: (reason: string) => Error): Header {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refuse('its header is damaged')
  }
  if (!isObject(header) || header['format'] !== FORMAT) throw refuse('it holds no trainer states')
  if (header['version'] !== VERSION) throw refuse(`its version is ${String(header['version'])}, and only ${VERSION} can be read`)
  const { optimizer, learningRate, numUpdate, scheduler, parameters } = header
  const sound = typeof optimizer === 'string' && (learningRate === null || Number.isFinite(learningRate)) && isCount(numUpdate)
    && (scheduler === null ? learningRate !== null : isObject(scheduler) && learningRate === null) && Array.isArray(parameters) && parameters.every(isSlot)
  if (!sound) throw refuse('its header is damaged')
  return header as unknown as Header
}
