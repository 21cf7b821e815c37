import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g

interface Expected { how: string; text: string }

/** The expected lines of a section; expected/README.md tells the form. */
function expectedOf(name: string): Expected[] {
  const lines = readFileSync(fileURLToPath(new URL(`expected/${name}.txt`, import.meta.url)), 'utf8').trimEnd().split('\n')
  return lines.map(line => ({ how: line.slice(0, 2), text: line.slice(2).trimEnd() }))
}

const skeleton = (line: string): string => line.replaceAll(NUMBER, '#').replaceAll(/\s+/g, '')
const numbersIn = (line: string): number[] => (line.match(NUMBER) ?? []).map(Number)

/** Demands that a program printed what the course prints. */
export function expectPrinted(printed: string, name: string): void {
  const actual = printed.split('\n').map(line => line.trimEnd()).filter(line => line !== '')
  const expected = expectedOf(name)
  let start = 0
  expected.forEach(({ how, text }, i) => {
    const line = actual[i] ?? '(nothing)'
    if (how === '= ') expect(line, `line ${i + 1}`).toBe(text)
    else if (how === '* ') expect(line, `line ${i + 1}`).toContain(text)
    else expect(skeleton(line), `line ${i + 1}`).toBe(skeleton(text))
    if (how !== '~ ') start = i + 1
    else if (expected[i + 1]?.how !== '~ ') expectNumbers(actual.slice(start, i + 1).flatMap(numbersIn), expected.slice(start, i + 1).flatMap(entry => numbersIn(entry.text)))
  })
  expect(actual.length).toBe(expected.length)
}

function expectNumbers(actual: number[], expected: number[]): void {
  const atol = 1e-7 * Math.max(...expected.map(Math.abs))
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => {
    const wanted = expected[i]!
    expect(Math.abs(value - wanted), `number ${i}: ${value}, the course has ${wanted}`).toBeLessThanOrEqual(atol + 1e-5 * Math.abs(wanted))
  })
}
