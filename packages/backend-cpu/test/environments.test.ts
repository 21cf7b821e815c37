import { beforeAll, describe, expect, it } from 'vitest'
import { answerOf } from './support/child.ts'

interface Answer {
  readonly prints: Record<string, string>
  readonly warnings: readonly string[]
  readonly live: { readonly buffers: number; readonly bytes: number }
  readonly used: 'nothing' | 'memory' | 'shared memory'
  readonly bytes: number
  readonly size: number
  readonly asked: readonly { readonly initial: number; readonly maximum: number; readonly shared: boolean }[]
}

const MIB = 2 ** 20
const PLAIN = 'the CPU backend computes in plain JavaScript, which is slower'
const ONE = 'RuntimeWarning: memory cannot be shared with other threads: the CPU backend uses one'
const REFUSED = 'the CPU backend goes on with one; ASHLAR_THREADS=1 or cpuBackend({ threads: 1 }) asks for no more'
const full = (bytes: number): string => `ResourceWarning: WebAssembly memory cannot grow beyond ${bytes} bytes: what does not fit lies in ordinary memory, where operations are slower; dispose of what is no longer needed`

const table: readonly (readonly [environment: string, used: Answer['used'], warnings: readonly (string | RegExp)[]])[] = [
  ['no vectors', 'nothing', [`RuntimeWarning: there is no WebAssembly SIMD: ${PLAIN}`]],
  ['no WebAssembly', 'nothing', [`RuntimeWarning: there is no WebAssembly SIMD: ${PLAIN}`]],
  ['no leave to compile', 'nothing', [`RuntimeWarning: WebAssembly may not be compiled here: ${PLAIN}`]],
  ['no memory', 'nothing', [`RuntimeWarning: there is no WebAssembly memory: ${PLAIN}`]],
  ['no SharedArrayBuffer', 'memory', [ONE]],
  ['no isolation', 'memory', [ONE]],
  ['no shared memory', 'memory', [ONE]],
  ['no shared memory, one thread', 'memory', []],
  ['little address space', 'shared memory', []],
  ['no growth', 'shared memory', [full(4 * MIB)]],
  ['hardly any growth', 'shared memory', [/^ResourceWarning: WebAssembly memory cannot grow beyond [45]\d{6} bytes/]],
  ['no relaxed vectors', 'shared memory', []],
  ['no workers', 'shared memory', [`RuntimeWarning: no thread can be started (refused): ${REFUSED}`]],
  ['workers that never start', 'shared memory', []],
]

describe('environments that lack something: the same numbers, what is lacking said once, nothing left over', () => {
  let whole: Answer
  beforeAll(async () => {
    whole = await answerOf<Answer>('environment', { args: ['whole'] })
    expect(whole).toMatchObject({ used: 'shared memory', warnings: [], live: { buffers: 0, bytes: 0 } })
  })

  it.concurrent.each(table)('%s', async (environment, used, warnings) => {
    const answer = await answerOf<Answer>('environment', { args: [environment] })
    expect(answer.warnings).toEqual(warnings.map(warning => (warning instanceof RegExp ? expect.stringMatching(warning) : warning)))
    expect(answer).toMatchObject({ used, live: { buffers: 0, bytes: 0 } })
    expect(answer.prints).toEqual(whole.prints)
    if (environment === 'little address space') expect(answer.asked.map(({ maximum }) => maximum)).toEqual([65536, 32768, 16384, 8192, 4096])
    if (environment === 'no growth') expect(answer.bytes).toBe(4 * MIB)
  })

  it('workers that Node\'s permissions forbid', async ({ skip }) => {
    if (!process.allowedNodeEnvironmentFlags.has('--permission')) skip('this Node has no --permission')
    const answer = await answerOf<Answer>('environment', { args: ['real workers'], flags: ['--permission', '--allow-fs-read=*'] })
    expect(answer.warnings).toEqual([expect.stringMatching(/^RuntimeWarning: no thread can be started \(Access to this API has been restricted/)])
    expect(answer).toMatchObject({ used: 'shared memory', size: 1 })
    expect(answer.prints).toEqual(whole.prints)
  })
})
