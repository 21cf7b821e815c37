import { cpuBackend } from '@ashlar/backend-cpu'
import { np, registerBackend } from '@ashlar/core'
import { describe, expect, test } from 'vitest'
import { descend } from '../src/descend.ts'
import { errorOf, leastSquares, valueAt } from '../src/least-squares.ts'
import { TRUTH, drawPoints, powersOf } from '../src/points.ts'

registerBackend(cpuBackend())

const signal = new AbortController().signal
const listOf = (array: { toTypedArray(): ArrayLike<number | bigint> }): number[] => Array.from(array.toTypedArray(), Number)

/** Least squares by the normal equations `XᵀX w = Xᵀy`, eliminated in double precision: another way than the program's. */
function normalEquations(x: readonly number[], y: readonly number[], degree: number): number[] {
  const size = degree + 1
  const rows = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_unused, j) => x.reduce((sum, value) => sum + value ** (i + j), 0)),
    x.reduce((sum, value, k) => sum + value ** i * y[k]!, 0),
  ])
  for (let i = 0; i < size; i++) {
    const pivot = rows.slice(i).reduce((best, row) => (Math.abs(row[i]!) > Math.abs(best[i]!) ? row : best))
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(i, 0, pivot)
    rows.forEach((row, r) => {
      if (r === i) return
      const factor = row[i]! / pivot[i]!
      row.forEach((_, c) => (row[c]! -= factor * pivot[c]!))
    })
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!)
}

describe('least squares', () => {
  // F. J. Anscombe, Graphs in Statistical Analysis (1973); the line as published, the parabola as R's lm gives it.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
  test.each([
    [1, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68], [3.0001, 0.5001]],
    [2, [9.14, 8.14, 8.74, 8.77, 9.26, 8.1, 6.13, 3.1, 9.13, 7.26, 4.74], [-5.9957, 2.7808, -0.1267]],
  ])("finds Anscombe's curve of degree %i", (degree, y, expected) => {
    leastSquares(x, y, degree).forEach((found, i) => expect(found).toBeCloseTo(expected[i]!, 4))
  })

  test.each([[1, 0], [3, 1], [6, 2], [9, 3]])('of degree %i is what the normal equations give', (degree, seed) => {
    const points = drawPoints(80, 0.3, seed)
    const [px, py] = [listOf(points.x), listOf(points.y)]
    const expected = normalEquations(px, py, degree)
    // The normal equations lose twice the digits, which at degree 9 leaves some six.
    leastSquares(px, py, degree).forEach((found, i) => expect(Math.abs(found - expected[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(expected[i]!))))
  })
})

describe('points', () => {
  test('lie on the curve without noise, over [-1, 1]', () => {
    const { x, y } = drawPoints(500, 0, 1)
    const [px, py] = [listOf(x), listOf(y)]
    for (const [i, value] of px.entries()) {
      expect(Math.abs(value)).toBeLessThanOrEqual(1)
      expect(py[i]).toBeCloseTo(0.5 - 2 * value + value * value + 3 * value ** 3, 5)
    }
    expect(Math.min(...px)).toBeLessThan(-0.9)
    expect(Math.max(...px)).toBeGreaterThan(0.9)
  })

  test('have the noise that was asked for', () => {
    const { x, y } = drawPoints(10_000, 0.5, 2)
    const spread = Math.sqrt(errorOf(TRUTH, listOf(x), listOf(y)))
    // Four times its standard error, 0.5 / sqrt(20000).
    expect(Math.abs(spread - 0.5)).toBeLessThan(0.0142)
  })

  test('come from the seed', () => {
    const of = (seed: number): number[] => Object.values(drawPoints(20, 0.2, seed)).flatMap(listOf)
    expect(of(5)).toEqual(of(5))
    expect(of(6)).not.toEqual(of(5))
  })
})

describe('gradient descent', () => {
  test('starts from zeros, and its first step is twice the mean of feature times error', async () => {
    const points = { x: np.array([-1, 0, 0.5, 1]), y: np.array([2, 1, -1, 4]) }
    const { coefficients, losses } = await descend(points, { degree: 2, steps: 1, lr: 0.1, signal }, () => {})
    expect(losses[0]).toBeCloseTo((4 + 1 + 1 + 16) / 4, 6)
    // -2/4 Xᵀy = -(6, 1.5, 5.75) / 2, by hand.
    ;[0.3, 0.075, 0.2875].forEach((expected, i) => expect(coefficients[i]).toBeCloseTo(expected, 6))
    const errors = [-1, 0, 0.5, 1].map((x, i) => valueAt([0.3, 0.075, 0.2875], x) - [2, 1, -1, 4][i]!)
    expect(losses[1]).toBeCloseTo(errors.reduce((sum, error) => sum + error * error, 0) / 4, 5)
  })

  test.each([[1, 0, 300], [3, 4, 2000], [2, 9, 1000]])('of degree %i arrives at least squares (seed %i)', async (degree, seed, steps) => {
    const points = drawPoints(60, 0.2, seed)
    const heard: number[] = []
    const { coefficients, losses } = await descend(points, { degree, steps, lr: 0.5, signal }, step => void heard.push(step))
    const expected = normalEquations(listOf(points.x), listOf(points.y), degree)
    coefficients.forEach((found, i) => expect(Math.abs(found - expected[i]!)).toBeLessThan(1e-4))
    expect(heard).toEqual(Array.from({ length: steps + 1 }, (_, i) => i))
    // Rounding to float32 may move the last digit back and forth.
    losses.forEach((loss, i) => i > 0 && expect(loss).toBeLessThanOrEqual(losses[i - 1]! * (1 + 1e-6)))
  })

  test('too large steps are told, and which rate was too large', async () => {
    const points = drawPoints(30, 0.2, 0)
    await expect(descend(points, { degree: 3, steps: 1000, lr: 2, signal }, () => {})).rejects.toThrow(/the loss of degree 3 is .* try an --lr below 2$/)
  })

  test('the powers of x are its columns', () => {
    expect(powersOf(np.array([2, -1]), 3).tolist()).toEqual([[1, 2, 4, 8], [1, -1, 1, -1]])
  })
})
