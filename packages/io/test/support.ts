import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuBackend } from '@ashlar/backend-cpu'
import type { NDArray } from '@ashlar/core'
import { registerBackend } from '@ashlar/core'
import { afterAll } from 'vitest'

registerBackend(cpuBackend())

/** What MXNet says that an array of a golden file is. */
export interface GoldenArray {
  shape: number[]
  dtype: string
  data?: (number | boolean | string)[]
  sha256?: string
}

export interface GoldenFile {
  what: string
  sha256: string
  contents: GoldenArray[] | Record<string, GoldenArray>
}

/** The bytes of a golden file. */
export function golden(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`golden/${name}`, import.meta.url)))
}

export const manifest = JSON.parse(new TextDecoder().decode(golden('manifest.json'))) as Record<string, GoldenFile>

/** A folder for the files of one test file, which goes away with it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-io-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The bits of an array, which tell -0 from 0 and one NaN from another. */
export function bitsOf(array: NDArray): string {
  const data = array.toTypedArray()
  return `${array.dtype} (${array.shape}) ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')}`
}

/** Bytes from hexadecimal text, blanks ignored. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
}

/** What `fn` threw. */
export function thrownBy(fn: () => unknown): Error & { code?: string; file?: string; offset?: number; hint?: string } {
  try {
    fn()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
