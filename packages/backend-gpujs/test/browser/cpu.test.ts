import { afterAll, describe, expect, it } from 'vitest'
import { closeAll, openTestPage } from './open.ts'

afterAll(closeAll)

describe('the CPU backend in Chromium', () => {
  it.each([
    { isolated: true, how: 'with threads where the page is cross-origin isolated' }, { isolated: false, how: 'on one thread where it is not' },
  ])('computes $how', async ({ isolated }) => {
    const { call, problems } = await openTestPage({ isolated })
    const product = await call('product')
    expect(product).toMatchObject({ isolated, sum: 300 ** 3, threads: isolated ? product.cores : 1 })
    const outcomes = await call('kit', 'cpu', 1, '^(binary|reduce|matmul|fuzz|storage|memory)')
    expect(outcomes.length).toBeGreaterThan(100)
    expect(outcomes.filter(({ error }) => error !== null)).toEqual([])
    expect(problems).toEqual([])
  })
})
