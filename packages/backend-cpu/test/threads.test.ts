import { cpuBackend } from '@ashlar/backend-cpu'
import { describe, expect, it } from 'vitest'
import { answerOf, runChild } from './support/child.ts'

interface Answer {
  readonly size: number
  readonly helped: number
  readonly busy: number
  readonly prints: Record<string, string>
}

describe('threads', () => {
  it('results have the same bits with one, two and three of them', async () => {
    const [one, two, three] = (await Promise.all(['1', '2', '3'].map(threads => answerOf<Answer>('threads', { env: { ASHLAR_THREADS: threads } })))) as [Answer, Answer, Answer]
    expect([one.size, two.size, three.size]).toEqual([1, 2, 3])
    expect(one.helped).toBe(0)
    expect(Math.min(two.helped, three.helped)).toBeGreaterThan(0)
    expect(Object.keys(one.prints).length).toBeGreaterThan(70)
    expect(two.prints).toEqual(one.prints)
    expect(three.prints).toEqual(one.prints)
  })

  it('use no processor while the program waits, and do not keep it from ending', async () => {
    const { busy, helped } = await answerOf<Answer>('threads', { args: ['wait'], env: { ASHLAR_THREADS: '3' } })
    expect(helped).toBeGreaterThan(0)
    // Milliseconds of a second: two that are busy would take most of 2000.
    expect(busy).toBeLessThan(500)
  })

  it('ASHLAR_THREADS has to be a number of threads', async () => {
    for (const value of ['two', '0', '-1', '1.5']) {
      const { code, errors } = await runChild('report', { env: { ASHLAR_THREADS: value } })
      expect(code).toBe(1)
      expect(errors).toContain(`ValueError: [cpuBackend] ASHLAR_THREADS is '${value}'; set it to how many threads are to be used`)
    }
  })

  it('the option goes before ASHLAR_THREADS, and an empty variable is none', async () => {
    const threadsWith = async (args: readonly string[], value: string): Promise<number> => (await answerOf<{ threads: number }>('report', { args, env: { ASHLAR_THREADS: value } })).threads
    expect(await threadsWith(['{"threads":3}'], '2')).toBe(3)
    expect(await threadsWith(['{"threads":3}'], 'garbage')).toBe(3)
    expect(await threadsWith([], ' 2 ')).toBe(2)
    expect(await threadsWith([], '')).toBe(await threadsWith([], '  '))
  })

  it('options that cannot be are refused', () => {
    const open = (options: unknown): unknown => cpuBackend(options as { threads: number })
    expect(() => open({ threads: 0 })).toThrow('[cpuBackend] threads is 0; give a whole number of 1 or more')
    expect(() => open({ threads: 1.5 })).toThrow('threads is 1.5')
    expect(() => open({ threads: '2' })).toThrow("[cpuBackend] threads is a whole number, got '2'")
    expect(() => open({ poolBytes: -1 })).toThrow('poolBytes is -1')
    expect(() => open({ poison: 1 })).toThrow('poison is true or false, got 1')
    expect(() => open({ thread: 2 })).toThrow("unknown option 'thread'; there are threads, poolBytes, poison")
    expect(() => open(2)).toThrow('expected an object of options, got 2')
    expect(() => open(null)).toThrow('expected an object of options, got null')
  })
})
