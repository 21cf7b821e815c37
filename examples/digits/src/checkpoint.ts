import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@ashlar-examples/shared/errors'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { nn } from 'ashlar'

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
