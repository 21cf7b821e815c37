import { NotImplementedError } from '@ashlar/core'

function refuse(op: string): never {
  throw new NotImplementedError('there are no files here', {
    op,
    hint: 'use encode() and decode(), which turn arrays into bytes and back, with whatever fetches or stores bytes',
  })
}

export function readBytes(_file: string, op: string): Uint8Array {
  return refuse(op)
}

export async function readBytesAsync(_file: string, op: string): Promise<Uint8Array> {
  return refuse(op)
}

export function writeBytes(_file: string, _bytes: Uint8Array, op: string): void {
  refuse(op)
}

export async function writeBytesAsync(_file: string, _bytes: Uint8Array, op: string): Promise<void> {
  refuse(op)
}
