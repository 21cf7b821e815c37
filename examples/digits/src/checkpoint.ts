import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { nn } from 'ashlar'
import { relativePath } from './paths.ts'
import { UserError, reasonOf } from './user-error.ts'

/** Makes the folder that a run writes to. @throws UserError where that cannot be */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code } = error as { code?: unknown }
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'there is a file of that name' : reasonOf(error)
    throw new UserError(`cannot make the folder ${relativePath(folder)}: ${reason}; --out names another one`)
  }
}

/**
 * Keeps the network after each epoch, always as a complete file. What an earlier run left stays until this one has
 * finished: meanwhile its own checkpoints lie beside it.
 */
export class Checkpoint {
  /** Where the trained network will be. */
  readonly target: string
  /** Where the latest epoch is. */
  readonly file: string
  /** The latest epoch that was saved; 0 for none. */
  epoch = 0

  constructor(folder: string) {
    this.target = join(folder, 'digits.params')
    const facts = statSync(this.target, { throwIfNoEntry: false })
    if (facts?.isDirectory() === true) throw new UserError(`${relativePath(this.target)} is a folder, but the parameters go there; --out names another place`)
    this.file = facts === undefined ? this.target : join(folder, 'digits.checkpoint.params')
  }

  /** Saves an epoch. Files are replaced at once or not at all, so that one can be read at any moment. */
  save(net: nn.Block, epoch: number): void {
    net.saveParameters(this.file)
    this.epoch = epoch
  }

  /** Saves the trained network under its name. */
  finish(net: nn.Block): void {
    if (this.file === this.target) return
    net.saveParameters(this.target)
    rmSync(this.file, { force: true })
  }

  /** What an interrupted run leaves behind. */
  toString(): string {
    if (this.epoch === 0) return 'no epoch was complete, so nothing was saved'
    return `epoch ${this.epoch} was the last complete one: ${relativePath(this.file)}`
  }
}
