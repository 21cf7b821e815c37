import type { Override, Spec } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import type { Handle } from '../engine/memory.ts'

/** What overrides are made with. */
export interface Tools {
  readonly launcher: Launcher
  fill(value: number, out: Spec): Handle
}

/** Overrides by the names of core's operations. */
export type Overrides = Readonly<Record<string, Override<Handle>>>
